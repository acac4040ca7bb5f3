package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.PublishingNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells the node at intervals that the providers are there, on a thread of its own, whatever else goes on (spec R-82). */
final class Heartbeat implements AutoCloseable {
  private final PublishingNode node;
  private final Registration.Presented as;
  private final Tally tally;
  private final Runnable unknown;
  private @Nullable Thread thread;

  /** @param unknown is run when the node doesn't know the publisher any more */
  Heartbeat(PublishingNode node, Registration.Presented as, Tally tally, Runnable unknown) {
    this.node = node;
    this.as = as;
    this.tally = tally;
    this.unknown = unknown;
  }

  /** For the thread that reads the link; the second time changes nothing. */
  void start(Duration every) {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("publisher-heartbeat").start(() -> beat(every));
    }
  }

  private void beat(Duration every) {
    try {
      while (true) {
        Thread.sleep(every);
        Outcome<Boolean> heard = node.heartbeat(as, tally.statuses());
        if (heard instanceof Outcome.Refused<Boolean> refused && refused.reason() == Reason.INVALID_PUBLISHER) {
          unknown.run();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (thread != null) {
      thread.interrupt();
    }
  }
}
