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
import java.util.Optional;

/** The keys of this node. */
public final class Keys {
  private final Store store;
  private final InstantSource clock;

  public Keys(Store store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * What can be said of a presented key without waiting for the store; empty when the store has to be asked. A text of
   * the wrong form never reaches it.
   *
   * @param text what a caller presented as its key
   */
  public Optional<Outcome<Key>> known(String text) {
    return PresentedKey.parse(text).isEmpty()
        ? Optional.of(Outcome.refused(Reason.INVALID_KEY))
        : Optional.empty();
  }

  /** The same for those who may wait. */
  public Outcome<Key> check(String text) {
    return known(text).orElseGet(() -> store.read(state -> KeyRules.check(state, text, clock.instant())));
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
