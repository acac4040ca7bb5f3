package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.JournalIndex;
import dev.holdfast.domain.integrity.contents.LaunchRules;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.RunContents;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinations;
import dev.holdfast.domain.integrity.rebuild.JournalMarks;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import dev.holdfast.fs.integrity.journal.JournalCut;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Stores that are made anew from the journal: its fold, and the hashes of its sealed segments. */
public final class FoldedStores implements CanonicalDestinations {
  private static final Map<Descriptor, Function<View, Json>> MAKERS = Map.of(
      Descriptors.LAUNCH_STATE,
      view -> view.contents().launchState(view.state(), LaunchState.Aggregate.LAUNCHING).json(),
      Descriptors.SESSION_INDEX, view -> view.contents().sessions(view.state()).json(),
      Descriptors.LAUNCH_TRANSACTION, view -> LaunchRules.begin(null, view.contents().identities().runId()).json(),
      Descriptors.TASK_LEDGER, view -> view.contents().tasks(view.state()).json(),
      Descriptors.REVISION, view -> view.contents().revision(view.state()).json(),
      Descriptors.ARTIFACT_INDEX, view -> view.contents().artifacts().json());

  private final Supplier<FileStore> journal;
  private final LongSupplier nextWatermark;
  private final Supplier<JournalIndex> known;
  private final Supplier<Place> place;

  /** What a store is made of. */
  private record View(State state, RunContents contents) {}

  /**
   * @param journal opens it, or answers the open one; it is asked only when a store is to be made
   * @param nextWatermark of the batch that will write what is made
   * @param known segments whose hashes needn't be taken again
   * @param place where the journal is that can't be opened
   */
  public FoldedStores(Supplier<FileStore> journal, LongSupplier nextWatermark, Supplier<JournalIndex> known,
      Supplier<Place> place) {
    this.known = known;
    this.journal = journal;
    this.place = place;
    this.nextWatermark = nextWatermark;
  }

  @Override
  public Optional<Json> content(Descriptor store, Identities run) {
    boolean index = store.equals(Descriptors.JOURNAL_INDEX);
    Function<View, Json> maker = MAKERS.get(store);
    if (maker == null && !index) {
      throw new IllegalArgumentException("not made from the journal: " + store.schemaName());
    }
    try {
      FileStore opened = opened();
      if (maker == null) {
        return Optional.of(opened.journal().sealed().index(known.get()).json());
      }
      return opened.read(state -> state.runtime().map(_ -> maker.apply(new View(state, new RunContents(run,
          opened.backend(), nextWatermark.getAsLong(), opened.journal().lastFrame())))));
    } catch (StoreException | IOException e) {
      // The journal's own damage is told by whoever opens it.
      return Optional.empty();
    }
  }

  @Override
  public long journalEnd() {
    return opened().journal().lastFrame();
  }

  /** Whoever makes the store may wrap what it throws; what is damaged is told by what was thrown first. */
  private FileStore opened() {
    try {
      return journal.get();
    } catch (RuntimeException e) {
      StoreException first = null;
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        first = cause instanceof StoreException why ? why : first;
      }
      if (first != null) {
        throw StoreException.unusable(first.reason(), String.valueOf(first.getMessage()), e);
      }
      throw e;
    }
  }

  @Override
  public Optional<List<String>> giveUp(JournalMarks known) {
    try {
      opened();
      return Optional.empty();
    } catch (StoreException e) {
      if (e.reason() != Reason.JOURNAL_DAMAGED && e.reason() != Reason.JOURNAL_TRUNCATED) {
        throw e;
      }
    }
    try {
      return AcceptedLoss.cut(place.get(), new JournalCut.Known(known.lastFrame(), known.lastEvent()));
    } catch (IOException e) {
      throw DiskFailure.of("the journal could not be cut", e);
    }
  }
}
