package dev.holdfast.application.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The node's own calls of public providers. */
@Timeout(60)
class OwnCallsTest {
  private final AtomicInteger asked = new AtomicInteger();

  private FakeRelay relay(ProviderCalls calls) {
    var relay = new FakeRelay(new MemoryStore(), (provider, request) -> {
      asked.incrementAndGet();
      return calls.call(provider, request);
    });
    var offer = FakeRelay.offer("one", "m", 1, null);
    relay.units.write(_ -> Decision.done(true, List.of(new ProviderChange.PublicPut(
        PublicProvider.of(Provider.idOf("1"), "ann", offer, "http://localhost:1/v1", null, Instant.EPOCH))))).orThrow();
    return relay;
  }

  /** Says something whenever it is asked. */
  private static final class Chatty extends AnswerStream {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public Piece next(Duration atMost) {
      return new Piece.Event("{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}");
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  @DisplayName("R-26 a call of a public provider that hasn't begun to answer when its 10 minutes are over fails, and its place is free")
  void silent() {
    FakeRelay relay = relay((_, _) -> {
      new CountDownLatch(1).await();
      throw new AssertionError("nobody lets it go on");
    });
    FakeRelay.Call call = relay.call("m");
    await().until(() -> asked.get() == 1);
    relay.pass(InferenceTask.DEADLINE.minusMillis(1));
    assertFalse(call.outcome.isDone());
    relay.pass(Duration.ofMillis(1));
    var failed = assertInstanceOf(ProviderAnswer.Failed.class, call.outcome().orThrow().answer());
    assertEquals(Reason.TASK_DEADLINE_EXCEEDED, failed.reason());
    assertEquals(0, relay.present.admissions().inFlight("one"));
    assertEquals(1, asked.get());
  }

  private String outcomeOf(String body) {
    FakeRelay relay = relay((_, _) -> new ProviderAnswer.Whole(200, "text/html", body));
    relay.call("m").outcome().orThrow();
    await().until(() -> relay.units.read(state -> state.usage(0, 10)).size() == 1);
    return relay.units.read(state -> state.usage(0, 10)).getFirst().outcome();
  }

  @Test
  @DisplayName("R-48 a status of success with something else than an answer isn't told as completed")
  void noAnswer() {
    assertEquals("completed", outcomeOf("{\"choices\":[]}"));
    assertEquals("provider_failed", outcomeOf("<html>welcome</html>"));
    assertEquals("provider_failed", outcomeOf("[]"));
  }

  @Test
  @DisplayName("R-26 a stream of a public provider is cut when its 10 minutes are over, however much it says")
  void chatty() throws InterruptedException {
    var chatty = new Chatty();
    FakeRelay relay = relay((_, _) -> new ProviderAnswer.Streamed(chatty));
    var streamed = assertInstanceOf(ProviderAnswer.Streamed.class, relay.call("m").outcome().orThrow().answer());
    try (AnswerStream stream = streamed.stream()) {
      assertInstanceOf(AnswerStream.Piece.Event.class, stream.next(Duration.ofSeconds(1)));
      relay.pass(InferenceTask.DEADLINE);
      var broken = assertInstanceOf(AnswerStream.Piece.Broken.class, stream.next(Duration.ofSeconds(1)));
      assertEquals(Reason.TASK_DEADLINE_EXCEEDED, broken.reason());
    }
    chatty.closed.await();
    await().until(() -> relay.units.read(state -> state.usage(0, 10)).size() == 1);
    assertEquals("task_deadline_exceeded", relay.units.read(state -> state.usage(0, 10)).getFirst().outcome());
  }
}
