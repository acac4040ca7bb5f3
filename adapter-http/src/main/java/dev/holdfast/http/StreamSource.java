package dev.holdfast.http;

import java.time.Duration;
import java.util.List;

/** What one stream tells. It is opened, read and closed on one thread. */
public interface StreamSource extends AutoCloseable {

  /**
   * The frames behind those that were given before; empty when there are none at present.
   *
   * @throws dev.holdfast.domain.integrity.StoreException when they can't be read
   * @throws RefusalException when there is no going on
   */
  List<String> next();

  /** Whether the frames given last were the end of the whole. */
  boolean isOver();

  /** Waits for news since the last look, or until the time is over. */
  void await(Duration atMost) throws InterruptedException;

  @Override
  void close();
}
