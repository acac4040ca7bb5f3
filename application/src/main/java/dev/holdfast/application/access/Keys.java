package dev.holdfast.application.access;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.KeyRules;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Store;
import java.time.InstantSource;

/** The keys of this node. */
public final class Keys {
  private final Store store;
  private final InstantSource clock;

  public Keys(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** @param text what a caller presented as its key */
  public Outcome<Key> check(String text) {
    // A text of the wrong form never reaches the store.
    return PresentedKey.parse(text).isEmpty()
        ? Outcome.refused(Reason.INVALID_KEY)
        : store.read(state -> KeyRules.check(state, text, clock.instant()));
  }

  /** Makes the admin key at a first start: first its file, then its row (spec A-60). */
  public void createFirst(DataDirectory directory, Ids ids) {
    if (store.read(state -> state.keyCount()) > 0) {
      return;
    }
    PresentedKey fresh = PresentedKey.random(ids);
    directory.writeAdminKey(fresh);
    store.write(state -> KeyRules.createFirst(state, fresh, clock.instant())).orThrow();
  }
}
