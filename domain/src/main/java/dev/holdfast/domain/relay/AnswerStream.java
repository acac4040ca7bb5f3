package dev.holdfast.domain.relay;

import dev.holdfast.domain.Reason;
import java.time.Duration;
import java.util.function.Predicate;

/** An answer in pieces: the data of its events, in order. It is read on one thread at a time, and closed once or more often. */
public abstract class AnswerStream implements AutoCloseable {

  /** What comes next. */
  public sealed interface Piece {
    /** One event's data. */
    record Event(String data) implements Piece {}

    /** The provider has said all that it had to say; whether that was an answer's true end, its events tell. */
    record Ended() implements Piece {}

    /**
     * Nothing comes any more, and there should have.
     *
     * @param note fit for users, without an address, content or secret in it
     */
    record Broken(Reason reason, String note) implements Piece {}

    /** Nothing came in the time that was given; there may be more. */
    record Silent() implements Piece {}
  }

  public static final Piece ENDED = new Piece.Ended();
  public static final Piece SILENT = new Piece.Silent();

  /** Waits for the next piece. Behind Ended and Broken there is nothing but the same again. */
  public abstract Piece next(Duration atMost) throws InterruptedException;

  /**
   * As {@link #next(Duration)}. Where a stream can, events that come during the wait are given away on the thread that brings
   * them, one at a time, without waking the one that waits.
   *
   * @param taker answers whether it took the event's data; what it doesn't take is returned
   */
  public Piece next(Duration atMost, Predicate<String> taker) throws InterruptedException {
    return next(atMost);
  }

  /** Ends the call if it hasn't ended. */
  @Override
  public abstract void close();
}
