package dev.holdfast.http;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What one stream tells. It is opened, read and closed on one thread. */
public interface StreamSource extends AutoCloseable {

  /** The id of the place behind which the stream begins. */
  String start();

  /**
   * The frames behind those that were given before; empty when there are none at present.
   *
   * @throws StoreException when they can't be read
   * @throws RefusalException when there is no going on
   */
  List<String> next();

  /** Whether the frames given last were the end of the whole. */
  boolean isOver();

  /** Waits for news since the last look, or until the time is over. */
  void await(Duration atMost) throws InterruptedException;

  /**
   * As {@link #await(Duration)}. A source whose frames have no ids may give those that come meanwhile to the reader on the
   * thread that brings them, one at a time.
   *
   * @param reader answers whether it took the frame; what it doesn't take is news
   */
  default void await(Duration atMost, Predicate<String> reader) throws InterruptedException {
    await(atMost);
  }

  /**
   * The last frame of a stream that can't go on.
   *
   * @param id of the last frame that was sent, so that a reader who goes on from it loses nothing
   */
  default String error(String id, Reason reason) {
    return Streams.frame(id, "error", Json.object("reason", reason.code()));
  }

  /**
   * The last frame of a stream whose node is shutting down; readers come again.
   *
   * @param id of the last frame that was sent
   */
  default String bye(String id) {
    return "retry: 1000\n" + Streams.frame(id, "bye", Json.object("reason", Reason.NODE_DRAINING.code()));
  }

  @Override
  void close();
}
