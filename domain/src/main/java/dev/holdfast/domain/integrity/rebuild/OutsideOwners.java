package dev.holdfast.domain.integrity.rebuild;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.stores.Descriptor;
import java.util.Optional;

/** Those outside the data directory who know what a store held: publishers, running processes. */
public interface OutsideOwners {

  /**
   * Asks a store's owner. Nothing is changed by it.
   *
   * @param store of strategy poll_provider
   * @return data that keep the store's schema, empty tables among them: who isn't there any more is left out, and registers
   *     again; empty when the owner can't be asked now
   * @throws IllegalArgumentException for a store that has no outside owner
   */
  Optional<Json> poll(Descriptor store);
}
