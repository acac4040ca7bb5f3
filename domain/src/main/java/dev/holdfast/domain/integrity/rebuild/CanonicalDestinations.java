package dev.holdfast.domain.integrity.rebuild;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Identities;
import java.util.List;
import java.util.Optional;

/** What a store is derived from: the journal and the files that it tells of. */
public interface CanonicalDestinations {

  /**
   * Makes a store's content anew, the same as often as it is asked while nothing is committed. Nothing is changed by it.
   *
   * @param store of strategy verify_canonical_destinations or rebuild_from_launch_state, or one that is written anew from the
   *     journal with an operator's word: launch_state, launch_transaction
   * @param run that the content is to tell of
   * @return data that keep the store's schema; empty when what they are made of can't be read
   * @throws IllegalArgumentException for a store that isn't derived
   */
  Optional<Json> content(Descriptor store, Identities run);

  /**
   * The number of the last frame of the journal, 0 for none; Long.MAX_VALUE for a backend that has none.
   *
   * @throws StoreException when it can't be read
   */
  long journalEnd();

  /**
   * Gives up what a damaged journal holds behind its last good frame, and what it should hold beyond its end. Evidence is kept
   * before, and the ids that were given remain given. May be begun again whenever it died.
   *
   * @param known what the stores' files know of the journal
   * @return the names of the evidence; empty when there is nothing to give up
   * @throws StoreException journal_damaged when nothing of it is good
   */
  default Optional<List<String>> giveUp(JournalMarks known) {
    return Optional.empty();
  }
}
