package dev.holdfast.sqlite.integrity.stores;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.JournalIndex;
import dev.holdfast.domain.integrity.contents.LaunchRules;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.RunContents;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinations;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Stores that are made anew from the rows of the database, which has no journal of its own: all its frames are number 0. */
public final class StoresOfRows implements CanonicalDestinations {
  private static final Map<Descriptor, BiFunction<RunContents, State, Json>> MAKERS = Map.of(
      Descriptors.LAUNCH_STATE,
      (contents, state) -> contents.launchState(state, LaunchState.Aggregate.LAUNCHING).json(),
      Descriptors.SESSION_INDEX, (contents, state) -> contents.sessions(state).json(),
      Descriptors.LAUNCH_TRANSACTION,
      (contents, _) -> LaunchRules.begin(null, contents.identities().runId()).json(),
      Descriptors.TASK_LEDGER, (contents, state) -> contents.tasks(state).json(),
      Descriptors.REVISION, (contents, state) -> contents.revision(state).json(),
      Descriptors.ARTIFACT_INDEX, (contents, _) -> contents.artifacts().json(),
      Descriptors.JOURNAL_INDEX, (_, _) -> JournalIndex.EMPTY.json());

  private final Supplier<? extends Store> store;
  private final LongSupplier nextWatermark;

  /**
   * @param store is asked for only when something is to be made
   * @param nextWatermark of the batch that will write what is made
   */
  public StoresOfRows(Supplier<? extends Store> store, LongSupplier nextWatermark) {
    this.store = store;
    this.nextWatermark = nextWatermark;
  }

  @Override
  public Optional<Json> content(Descriptor wanted, Identities run) {
    BiFunction<RunContents, State, Json> maker = MAKERS.get(wanted);
    if (maker == null) {
      throw new IllegalArgumentException("not made from the rows: " + wanted.schemaName());
    }
    try {
      Store opened = store.get();
      var contents = new RunContents(run, opened.backend(), nextWatermark.getAsLong(), 0);
      return opened.read(state -> state.runtime().map(_ -> maker.apply(contents, state)));
    } catch (StoreException e) {
      // The database's own damage is told by whoever looks at it.
      return Optional.empty();
    }
  }

  @Override
  public long journalEnd() {
    return Long.MAX_VALUE;
  }
}
