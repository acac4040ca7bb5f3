package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.fold.MemoryState;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.index.ImageFile;
import dev.holdfast.fs.integrity.index.ImageFile.Covered;
import dev.holdfast.fs.integrity.index.RowIndex;
import dev.holdfast.fs.integrity.journal.Journal;
import dev.holdfast.fs.integrity.journal.Mark;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A journal, the fold over it, and where its history is. */
final class Fold implements Journal.Told, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Fold.class);

  private final Quarantine quarantine;
  private final Journal journal;
  private final RowIndex index;
  private final FileArchive archive;
  private final MemoryState state;
  /** Up to where the newest image goes. */
  private Mark covered;

  private Fold(
      Place place, Journal journal, RowIndex index, FileArchive archive, MemoryState state, Mark covered) {
    this.quarantine = place.quarantine();
    this.journal = journal;
    this.index = index;
    this.archive = archive;
    this.state = state;
    this.covered = covered;
  }

  /**
   * Goes on from the newest image that is whole, and from the start of the journal where none is.
   *
   * @throws StoreException journal_damaged, journal_truncated or store_corrupt; nothing was changed then, but for a torn end
   */
  static Fold open(Place place) throws IOException {
    var journal = new Journal(place.journal(), place.settings());
    Fold fold = null;
    boolean opened = false;
    try {
      journal.open();
      fold = onto(place, journal);
      journal.replay(fold.covered, fold);
      opened = true;
      return fold;
    } finally {
      if (!opened) {
        journal.close();
        if (fold != null) {
          fold.index.close();
        }
      }
    }
  }

  private static Fold onto(Place place, Journal journal) throws IOException {
    for (String name : ImageFile.names(place.index())) {
      Covered found = ImageFile.read(place.index(), name);
      if (found != null && found.directoryId().equals(place.settings().directoryId())) {
        RowIndex runs = RowIndex.open(place.index(), found.runs());
        if (runs != null) {
          return onto(place, found, runs, journal);
        }
      }
    }
    RowIndex none = RowIndex.empty(place.index());
    var archive = new FileArchive(journal, none);
    return new Fold(place, journal, none, archive, new MemoryState(archive), Mark.START);
  }

  private static Fold onto(Place place, Covered found, RowIndex runs, Journal journal) throws IOException {
    var archive = new FileArchive(journal, runs);
    var mark = new Mark(found.position(), found.frame(), found.epoch());
    boolean made = false;
    try {
      journal.require(mark);
      var fold = new Fold(place, journal, runs, archive, MemoryState.of(found.image(), archive), mark);
      made = true;
      return fold;
    } finally {
      if (!made) {
        runs.close();
      }
    }
  }

  Journal journal() {
    return journal;
  }

  MemoryState state() {
    return state;
  }

  RowIndex index() {
    return index;
  }

  /** Applies a unit that will be at that position of the journal. */
  void apply(long position, List<Change> changes) {
    archive.begin(position, changes);
    state.apply(changes);
  }

  /** All that was applied is in the journal. */
  void written() {
    archive.written();
  }

  /** How many bytes of the journal the newest image doesn't cover. */
  long uncovered() {
    return journal.mark().position() - covered.position();
  }

  void covered(Mark upTo) {
    covered = upTo;
  }

  @Override
  public void unit(long position, byte[] payload) throws IOException {
    List<Change> changes = Units.read(payload);
    archive.replay(position, changes);
    try {
      state.apply(changes);
    } catch (IllegalArgumentException e) {
      throw StoreException.unusable(Reason.STORE_CORRUPT,
          "the unit of work at " + position + " of the journal doesn't follow those before it", e);
    }
    index.spill(position);
  }

  @Override
  public void damaged(long position, long scope, long firstEvent, int events) {
    throw damagedUnit(position);
  }

  static StoreException damagedUnit(long position) {
    return StoreException.unusable(Reason.JOURNAL_DAMAGED,
        "the unit of work at " + position + " of the journal is damaged; restore it from a backup");
  }

  @Override
  public void torn(String file, byte[] bytes) throws IOException {
    // Nobody ever had an answer to it, but it is cut now, so it is kept as evidence.
    if (bytes.length > 0) {
      LOG.warn("the end of {} was torn and is cut; its bytes are kept as {}", file,
          quarantine.keep(file, Reason.JOURNAL_TRUNCATED, bytes));
    }
  }

  @Override
  public void close() throws IOException {
    index.close();
    journal.close();
  }
}
