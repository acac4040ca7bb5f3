package dev.holdfast.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.AnswerStream.Piece;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every way of calling a public provider keeps. */
@Timeout(60)
public abstract class ProviderCallsContract {
  private static final Duration LOOK = Duration.ofSeconds(10);

  /** How the provider behaves in one call. */
  protected enum Behaviour {
    ANSWERS,
    FAILS,
    /** Streams a piece perhaps, and then says nothing for the next half minute. */
    IS_SILENT
  }

  protected abstract ProviderCalls calls();

  protected abstract PublicProvider provider(Behaviour behaviour);

  /** A request that the provider meets with that behaviour. */
  protected abstract InferenceRequest request(Behaviour behaviour, boolean streaming);

  /** Waits until nothing of the last call is left, where a call holds anything. */
  protected void awaitNothingLeft() {
    // Nothing is held.
  }

  private ProviderAnswer call(Behaviour behaviour, boolean streaming) throws InterruptedException {
    return calls().call(provider(behaviour), request(behaviour, streaming));
  }

  @Test
  @DisplayName("a request for a stream gets its events in order, the true end among them, and then that it ended, again and again")
  void streams() throws InterruptedException {
    List<String> events = new ArrayList<>();
    try (AnswerStream stream =
        assertInstanceOf(ProviderAnswer.Streamed.class, call(Behaviour.ANSWERS, true)).stream()) {
      Piece piece = stream.next(LOOK);
      while (!(piece instanceof Piece.Ended)) {
        if (piece instanceof Piece.Event(String data)) {
          events.add(data);
        }
        assertFalse(piece instanceof Piece.Broken, piece::toString);
        piece = stream.next(LOOK);
      }
      assertInstanceOf(Piece.Ended.class, stream.next(LOOK));
      stream.close();
    }
    assertTrue(events.size() > 2, events::toString);
    assertTrue(events.stream().anyMatch(TrueEnd::isTold));
    awaitNothingLeft();
  }

  @Test
  @DisplayName("a request for no stream gets the answer whole")
  void whole() throws InterruptedException {
    ProviderAnswer.Whole answer = assertInstanceOf(ProviderAnswer.Whole.class, call(Behaviour.ANSWERS, false));
    assertEquals(200, answer.status());
    assertTrue(Json.parse(answer.body()).members().containsKey("choices"), answer::body);
    awaitNothingLeft();
  }

  @Test
  @DisplayName("a provider that fails is an answer, not an exception, and tells no address")
  void fails() throws InterruptedException {
    switch (call(Behaviour.FAILS, true)) {
      case ProviderAnswer.Whole whole -> assertFalse(whole.isOk());
      case ProviderAnswer.Failed failed -> assertFalse(failed.note().isBlank() || failed.note().contains("://"));
      case ProviderAnswer.Streamed streamed -> throw new AssertionError(streamed);
    }
    awaitNothingLeft();
  }

  @Test
  @DisplayName("a stream that says nothing is silent, not ended; closing it ends the call")
  void silent() throws InterruptedException {
    try (AnswerStream stream =
        assertInstanceOf(ProviderAnswer.Streamed.class, call(Behaviour.IS_SILENT, true)).stream()) {
      Piece piece = stream.next(Duration.ofMillis(200));
      while (piece instanceof Piece.Event) {
        piece = stream.next(Duration.ofMillis(1));
      }
      assertInstanceOf(Piece.Silent.class, piece);
    }
    awaitNothingLeft();
  }

  @Test
  @DisplayName("interrupting the caller ends a call that waits, within a second")
  void interrupted() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var ended = new AtomicReference<@Nullable Object>();
    Thread caller = Thread.ofVirtual().start(() -> {
      begun.countDown();
      try {
        ProviderAnswer answer = call(Behaviour.IS_SILENT, true);
        if (answer instanceof ProviderAnswer.Streamed(AnswerStream stream)) {
          try (stream) {
            Piece piece = stream.next(Duration.ofSeconds(30));
            while (piece instanceof Piece.Event) {
              piece = stream.next(Duration.ofSeconds(30));
            }
            ended.set(piece);
          }
        } else {
          ended.set(answer);
        }
      } catch (InterruptedException | RuntimeException e) {
        ended.set(e);
      }
    });
    begun.await();
    caller.interrupt();
    assertTrue(caller.join(Duration.ofSeconds(1)), "the call goes on");
    assertInstanceOf(InterruptedException.class, ended.get());
    awaitNothingLeft();
  }
}
