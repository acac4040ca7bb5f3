package dev.holdfast.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every gateway to a model promises to the executor that calls it. */
@Timeout(60)
public abstract class ModelGatewayContract {

  /** How the model behind the gateway behaves in one call. */
  protected enum Behaviour {
    /** Sends every piece and ends its answer. */
    ANSWERS,
    /** Sends every piece, and then its stream ends without the end of an answer. */
    CUTS,
    /** Sends every piece and ends at its output limit. */
    REACHES_ITS_LIMIT,
    /** Sends every piece and has the rest of its answer filtered. */
    IS_FILTERED,
    /** Reasons {@code let me see} in pieces, and then answers. */
    REASONS,
    /** Answers with an error before any piece. */
    FAILS,
    /** Sends a piece now and then, for longer than any test waits. */
    DRAGS_ON,
    /** Sends nothing for the next half minute. */
    IS_SILENT
  }

  protected abstract ModelGateway gateway();

  /**
   * A call to a model that behaves so.
   *
   * @param pieces of the answer, in order
   */
  protected abstract ModelCall call(Behaviour behaviour, List<String> pieces);

  /** Waits until nothing of the last call is left, where a call holds anything: a connection, say. */
  protected void awaitNothingLeft() {
    // Nothing is held.
  }

  private static final List<String> PIECES = List.of("Hel", "lo, ", "w\u00f6rld \ud83d\ude00\n", " \"quoted\" ");

  private ModelEnd run(Behaviour behaviour, StringBuilder text) throws InterruptedException {
    return gateway().call(call(behaviour, PIECES), (_, piece) -> text.append(piece));
  }

  @Test
  @DisplayName("a whole answer comes in order, on the calling thread, and ends as finished")
  void answers() throws InterruptedException {
    Thread caller = Thread.currentThread();
    List<String> pieces = new ArrayList<>();
    ModelEnd end = gateway().call(call(Behaviour.ANSWERS, PIECES), (reasoning, piece) -> {
      assertSame(caller, Thread.currentThread());
      assertEquals(false, reasoning);
      pieces.add(piece);
    });

    assertInstanceOf(ModelEnd.Finished.class, end);
    assertEquals(String.join("", PIECES), String.join("", pieces));
    assertTrue(pieces.size() > 1, "an answer is streamed, not kept back");
  }

  @Test
  @DisplayName("equal calls may be made again, each with its own answer")
  void again() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      var text = new StringBuilder();
      assertInstanceOf(ModelEnd.Finished.class, run(Behaviour.ANSWERS, text));
      assertEquals(String.join("", PIECES), text.toString());
    }
  }

  @Test
  @DisplayName("a stream that ends before its answer is cut, and what came before it is kept")
  void cut() throws InterruptedException {
    var text = new StringBuilder();
    assertEquals(new ModelEnd.Cut(), run(Behaviour.CUTS, text));
    assertEquals(String.join("", PIECES), text.toString());
  }

  @Test
  @DisplayName("an answer that reached the model's limit says so")
  void limit() throws InterruptedException {
    var text = new StringBuilder();
    assertInstanceOf(ModelEnd.LengthReached.class, run(Behaviour.REACHES_ITS_LIMIT, text));
    assertEquals(String.join("", PIECES), text.toString());
  }

  @Test
  @DisplayName("an answer whose rest was filtered says so")
  void filtered() throws InterruptedException {
    assertInstanceOf(ModelEnd.Filtered.class, run(Behaviour.IS_FILTERED, new StringBuilder()));
  }

  @Test
  @DisplayName("reasoning is told apart from the answer")
  void reasons() throws InterruptedException {
    var reasoned = new StringBuilder();
    var answered = new StringBuilder();
    ModelEnd end = gateway().call(call(Behaviour.REASONS, PIECES),
        (reasoning, piece) -> (reasoning ? reasoned : answered).append(piece));

    assertInstanceOf(ModelEnd.Finished.class, end);
    assertEquals("let me see", reasoned.toString());
    assertEquals(String.join("", PIECES), answered.toString());
  }

  @Test
  @DisplayName("a provider that fails is an answer, not an exception, with a note for users")
  void fails() throws InterruptedException {
    var text = new StringBuilder();
    ModelEnd.Failed failed = assertInstanceOf(ModelEnd.Failed.class, run(Behaviour.FAILS, text));
    assertEquals("", text.toString());
    assertTrue(!failed.note().isBlank());
    assertTrue(!failed.note().contains("://"), "no address is told");
  }

  @Test
  @DisplayName("what the sink throws reaches the caller unchanged, and the sink is given nothing more")
  void sinkThrows() {
    var thrown = new IllegalStateException("the reader is gone");
    List<String> taken = new ArrayList<>();

    assertSame(thrown, assertThrows(IllegalStateException.class,
        () -> gateway().call(call(Behaviour.DRAGS_ON, PIECES), (_, piece) -> {
          taken.add(piece);
          throw thrown;
        })));
    assertEquals(1, taken.size());
    awaitNothingLeft();
  }

  @Test
  @DisplayName("interrupting the caller ends a call that waits for a silent model, within a second")
  void interruptedInSilence() throws InterruptedException {
    var begun = new CountDownLatch(1);
    interrupted(Behaviour.IS_SILENT, begun, begun::countDown, () -> {
    });
  }

  @Test
  @DisplayName("interrupting the caller ends a call in the middle of its answer, within a second")
  void interruptedInTheMiddle() throws InterruptedException {
    var begun = new CountDownLatch(1);
    interrupted(Behaviour.DRAGS_ON, begun, () -> {
    }, begun::countDown);
  }

  private void interrupted(Behaviour behaviour, CountDownLatch begun, Runnable beforeCall, Runnable atPiece)
      throws InterruptedException {
    var ended = new AtomicReference<@Nullable Object>();
    Thread caller = Thread.ofVirtual().start(() -> {
      beforeCall.run();
      try {
        ended.set(gateway().call(call(behaviour, PIECES), (_, _) -> atPiece.run()));
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
