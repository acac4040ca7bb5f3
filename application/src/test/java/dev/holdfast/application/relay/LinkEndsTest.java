package dev.holdfast.application.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.LinkFrame.Why;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the end of a link takes with it, and what it doesn't (spec ). */
@Timeout(60)
class LinkEndsTest {
  private final FakeRelay relay = new FakeRelay();
  private final FakeRelay.Played laptop =
      relay.publisher(FakeRelay.offer("a", "m", 4, Duration.ofSeconds(60)), Status.ACTIVE);

  private static Object answered(FakeRelay.Call call) {
    return assertInstanceOf(ProviderAnswer.Whole.class, call.outcome().orThrow().answer()).body();
  }

  private static Reason failed(FakeRelay.Call call) {
    return assertInstanceOf(ProviderAnswer.Failed.class, call.outcome().orThrow().answer()).reason();
  }

  private Link link() {
    return relay.present.links().link(laptop.publisher.id()).orElseThrow();
  }

  @Test
  @DisplayName("R-33 the end of a link ends nothing that came over the one behind it, even one that opens in that moment")
  void newLink() {
    FakeRelay.Call old = relay.call("m");
    laptop.frame(LinkFrame.Infer.class, 1);
    Link first = link();
    List<FakeRelay.Call> calls = new ArrayList<>();
    relay.between.set(() -> {
      laptop.open();
      calls.add(relay.call("m"));
      laptop.frame(LinkFrame.Infer.class, 2);
    });
    relay.publishers.unbind(first);
    assertEquals(Reason.PUBLISHER_DISCONNECTED, failed(old));
    laptop.answer(laptop.frame(LinkFrame.Infer.class, 2), "{}").orThrow();
    assertEquals("{}", answered(calls.getFirst()));
  }

  @Test
  @DisplayName("R-33 nor does it end the wake that the new link was told of, nor what that is to confirm")
  void newWake() {
    FakeRelay.Played sleeper =
        relay.publisher(FakeRelay.offer("b", "sleeps", 4, Duration.ofSeconds(60)), Status.HIBERNATING);
    Link first = relay.present.links().link(sleeper.publisher.id()).orElseThrow();
    List<FakeRelay.Call> calls = new ArrayList<>();
    relay.between.set(() -> {
      sleeper.open();
      calls.add(relay.call("sleeps"));
      sleeper.frame(LinkFrame.Wake.class, 1);
    });
    relay.publishers.unbind(first);
    LinkFrame.Wake wake = sleeper.frame(LinkFrame.Wake.class, 1);
    relay.publishers.woken(wake.task(), sleeper.by(wake.epoch())).orThrow();
    LinkFrame.Infer infer = sleeper.frame(LinkFrame.Infer.class, 1);

    Link second = relay.present.links().link(sleeper.publisher.id()).orElseThrow();
    relay.between.set(() -> {
      sleeper.open();
      calls.getFirst().leave();
      sleeper.frame(LinkFrame.Cancel.class, 1);
    });
    relay.publishers.unbind(second);
    relay.present.tasks().cancelled(infer.task(), sleeper.by(infer.epoch())).orThrow();
  }

  @Test
  @DisplayName("R-A21 two links: newest wins, old closed, its late close unbinds nothing, its running task completes over the new one, and is lost with that")
  void replaced() {
    FakeRelay.Call first = relay.call("m");
    FakeRelay.Call second = relay.call("m");
    laptop.frame(LinkFrame.Infer.class, 2);
    Link old = link();
    laptop.open();
    assertFalse(old.isOpen());
    assertEquals(List.of(new LinkFrame.Bye(Why.REPLACED)), old.next());
    relay.publishers.unbind(old);
    laptop.answer(laptop.frame(LinkFrame.Infer.class, 1), "{}").orThrow();
    await().until(() -> first.outcome.isDone() || second.outcome.isDone());
    FakeRelay.Call other = first.outcome.isDone() ? second : first;
    assertFalse(other.outcome.isDone());
    laptop.close();
    assertEquals(Reason.PUBLISHER_DISCONNECTED, failed(other));
  }

  @Test
  @DisplayName("a publisher that leaves too much unread is told bye slow_reader, however few frames it is")
  void tooMuch() {
    Link link = link();
    var large = Json.of("x".repeat(10 << 20));
    var frame = new LinkFrame.Infer("task-1", 1, "a", "a", "/chat/completions", large, false, null);
    int sent = 0;
    while (link.push(frame)) {
      sent++;
    }
    assertEquals(6, sent);
    List<LinkFrame> unread = link.next();
    assertEquals(new LinkFrame.Bye(Why.SLOW_READER), unread.getLast());

    laptop.open();
    link().next();
    var huge = new LinkFrame.Infer("task-1", 1, "a", "a", "/chat/completions", Json.of("x".repeat(70 << 20)), false,
        null);
    assertTrue(link().push(huge), "one frame is taken, whatever its size");
    link().next();
    assertTrue(link().push(huge), "what was read counts no more");
  }
}
