package dev.holdfast.domain.relay.publishing;

import java.time.Duration;

/** A publisher's own recipe to load a provider's model. No node ever hears of it (spec relay §1). */
@FunctionalInterface
public interface Waking {

  /** @return whether the recipe came to its end in that time; interrupting the thread ends it */
  boolean wake(Duration within) throws InterruptedException;
}
