package dev.holdfast.application.events;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One reader's place where a turn's output is told. Close it when done. */
public final class OutputNews implements AutoCloseable {
  private final Signals<TurnId>.Subscription woken;
  private final OutputTail tail;
  private final Runnable leave;

  OutputNews(Signals<TurnId>.Subscription woken, OutputTail tail, Runnable leave) {
    this.woken = woken;
    this.tail = tail;
    this.leave = leave;
  }

  /**
   * The durable records behind the cursor that were told of late, without a look into the store. Empty records mean that
   * nothing was told yet that isn't known; news of it will wake.
   *
   * @param cursor a place that the reader has read up to
   * @return nothing where the store has to be asked
   */
  public Optional<List<OutputRecord>> after(OutputCursor cursor) {
    return tail.after(cursor);
  }

  /** As {@link Signals.Subscription#await}. */
  public boolean await(Duration atMost) throws InterruptedException {
    return woken.await(atMost);
  }

  @Override
  public void close() {
    woken.close();
    leave.run();
  }
}
