package dev.holdfast.application.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WakesTest {
  private static final Duration WITHIN = Duration.ofSeconds(60);

  private final FakeRelay relay = new FakeRelay();

  private FakeRelay.Played asleep(String name, int maxInFlight) {
    return relay.publisher(FakeRelay.offer(name, "m", maxInFlight, WITHIN), Status.HIBERNATING);
  }

  private List<FakeRelay.Call> calls(int count) {
    List<FakeRelay.Call> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(relay.call("m"));
      int queued = i + 1;
      await().until(() -> relay.present.admissions().queued("m") == queued);
    }
    return calls;
  }

  private static Reason reason(FakeRelay.Call call) {
    return assertInstanceOf(Outcome.Refused.class, call.outcome()).reason();
  }

  @Test
  @DisplayName("R-A31 concurrent calls on a hibernating model cause one wake, and go on in the order in which they came")
  void oneWake() {
    FakeRelay.Played laptop = asleep("a", 1);
    List<FakeRelay.Call> calls = calls(3);
    LinkFrame.Wake wake = laptop.frame(LinkFrame.Wake.class, 1);
    assertEquals("a", wake.provider());
    assertEquals(WITHIN, wake.within());
    assertEquals(1, laptop.frames(LinkFrame.Wake.class).size());
    relay.publishers.woken(wake.task(), laptop.by(wake.epoch())).orThrow();
    assertEquals(Status.ACTIVE, relay.provider("a").status());
    for (int i = 0; i < 3; i++) {
      LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, i + 1);
      laptop.answer(infer, "{\"n\":" + i + "}");
      var whole = assertInstanceOf(ProviderAnswer.Whole.class, calls.get(i).outcome().orThrow().answer());
      assertEquals("{\"n\":" + i + "}", whole.body());
    }
    assertEquals(1, laptop.frames(LinkFrame.Wake.class).size());
    assertEquals(0, relay.present.wakes().count());
  }

  @Test
  @DisplayName("R-A31 a wake that takes too long fails all who wait for it, and the status stays")
  void tooLate() {
    FakeRelay.Played laptop = asleep("a", 1);
    List<FakeRelay.Call> calls = calls(3);
    LinkFrame.Wake wake = laptop.frame(LinkFrame.Wake.class, 1);
    relay.pass(WITHIN.minusSeconds(1));
    assertEquals(1, relay.present.wakes().count());
    relay.pass(Duration.ofSeconds(1));
    calls.forEach(call -> assertEquals(Reason.WAKE_FAILED, reason(call)));
    assertEquals(Status.HIBERNATING, relay.provider("a").status());
    assertEquals(Reason.TASK_NOT_FOUND, assertInstanceOf(Outcome.Refused.class,
        relay.publishers.woken(wake.task(), laptop.by(wake.epoch()))).reason());
  }

  @Test
  @DisplayName("R-A31 a caller who leaves harms neither the wake nor those who wait with it")
  void leaving() {
    FakeRelay.Played laptop = asleep("a", 4);
    List<FakeRelay.Call> calls = calls(3);
    LinkFrame.Wake wake = laptop.frame(LinkFrame.Wake.class, 1);
    calls.get(0).leave();
    relay.publishers.woken(wake.task(), laptop.by(wake.epoch())).orThrow();
    for (int i = 1; i < 3; i++) {
      laptop.answer(laptop.frame(LinkFrame.Infer.class, i), "{}");
    }
    assertInstanceOf(Outcome.Done.class, calls.get(1).outcome());
    assertInstanceOf(Outcome.Done.class, calls.get(2).outcome());
    assertTrue(laptop.frames(LinkFrame.Cancel.class).isEmpty());
  }

  @Test
  @DisplayName("a wake goes on when all who waited for it have left")
  void abandoned() {
    FakeRelay.Played laptop = asleep("a", 4);
    FakeRelay.Call call = calls(1).getFirst();
    LinkFrame.Wake wake = laptop.frame(LinkFrame.Wake.class, 1);
    call.leave();
    relay.publishers.woken(wake.task(), laptop.by(wake.epoch())).orThrow();
    assertEquals(Status.ACTIVE, relay.provider("a").status());
  }

  @Test
  @DisplayName("when one can't be woken, the next that sleeps is")
  void next() {
    FakeRelay.Played first = asleep("a", 4);
    FakeRelay.Played second = asleep("b", 4);
    FakeRelay.Call call = calls(1).getFirst();
    LinkFrame.Wake wake = first.frame(LinkFrame.Wake.class, 1);
    assertTrue(second.frames(LinkFrame.Wake.class).isEmpty());
    relay.publishers.notWoken(wake.task(), first.by(wake.epoch())).orThrow();
    LinkFrame.Wake other = second.frame(LinkFrame.Wake.class, 1);
    relay.publishers.woken(other.task(), second.by(other.epoch())).orThrow();
    second.answer(second.frame(LinkFrame.Infer.class, 1), "{}");
    assertEquals("b", call.outcome().orThrow().provider().name());
    assertEquals(1, first.frames(LinkFrame.Wake.class).size());
  }

  @Test
  @DisplayName("a publisher whose link closes in the middle of a wake fails it at once")
  void linkLost() {
    FakeRelay.Played laptop = asleep("a", 4);
    FakeRelay.Call call = calls(1).getFirst();
    laptop.frame(LinkFrame.Wake.class, 1);
    laptop.close();
    assertEquals(Reason.WAKE_FAILED, reason(call));
    assertEquals(Status.INACTIVE, relay.provider("a").status());
  }

  @Test
  @DisplayName("nobody else's publisher ends a wake")
  void foreign() {
    FakeRelay.Played laptop = asleep("a", 4);
    FakeRelay.Played other = relay.publisher(FakeRelay.offer("o", null, 1, null), Status.ACTIVE);
    calls(1);
    LinkFrame.Wake wake = laptop.frame(LinkFrame.Wake.class, 1);
    assertInstanceOf(Outcome.Refused.class, relay.publishers.woken(wake.task(), other.by(wake.epoch())));
    assertInstanceOf(Outcome.Refused.class, relay.publishers.woken(wake.task(), laptop.by(wake.epoch() + 1)));
    assertEquals(Status.HIBERNATING, relay.provider("a").status());
  }

  @Test
  @DisplayName("R-63 one that was woken for a call isn't reported as asleep before that call is over")
  void stays() {
    FakeRelay.Played laptop = asleep("a", 4);
    FakeRelay.Call call = calls(1).getFirst();
    LinkFrame.Wake wake = laptop.frame(LinkFrame.Wake.class, 1);
    relay.publishers.woken(wake.task(), laptop.by(wake.epoch())).orThrow();
    LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, 1);
    relay.publishers.heartbeat(laptop.publisher, Map.of("a", Status.HIBERNATING)).orThrow();
    assertEquals(Status.ACTIVE, relay.provider("a").status());
    laptop.answer(infer, "{}");
    call.outcome();
    await().until(() -> {
      relay.publishers.heartbeat(laptop.publisher, Map.of("a", Status.HIBERNATING)).orThrow();
      return relay.provider("a").status() == Status.HIBERNATING;
    });
  }
}
