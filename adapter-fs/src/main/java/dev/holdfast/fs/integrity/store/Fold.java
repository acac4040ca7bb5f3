package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.fold.LostUnit;
import dev.holdfast.domain.integrity.fold.MemoryState;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.index.ImageFile;
import dev.holdfast.fs.integrity.index.ImageFile.Covered;
import dev.holdfast.fs.integrity.index.RowIndex;
import dev.holdfast.fs.integrity.journal.Journal;
import dev.holdfast.fs.integrity.journal.Lost;
import dev.holdfast.fs.integrity.journal.Mark;
import java.io.IOException;
import java.util.ArrayList;
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
  private final List<Lost> lost = new ArrayList<>();
  /** Up to where the image went that it goes on from. */
  private final Mark begun;
  /** Up to where the newest image goes. */
  private Mark covered;

  private Fold(
      Place place, Journal journal, RowIndex index, FileArchive archive, MemoryState state, Mark covered) {
    this.quarantine = place.quarantine();
    this.journal = journal;
    this.index = index;
    this.archive = archive;
    this.state = state;
    this.begun = covered;
    this.covered = covered;
  }

  /** As {@link #open(Place, long)}, of a journal that nothing else tells of. */
  static Fold open(Place place) throws IOException {
    return open(place, 0);
  }

  /**
   * Goes on from the newest image that is whole, and from the start of the journal where none is. Frames that an image covers
   * aren't read; whether one is damaged shows when it is.
   *
   * @param least the number of a frame that the journal is known to have, 0 for none
   * @throws StoreException journal_damaged, journal_truncated or store_corrupt; nothing was changed then, but for a torn end
   */
  static Fold open(Place place, long least) throws IOException {
    long low = Math.max(least, ImageFile.newestFrame(place.index()));
    Fold fold;
    try {
      fold = open(place, low, true);
    } catch (StoreException e) {
      if (e.reason() != Reason.STORE_CORRUPT) {
        throw e;
      }
      // The image leads to a unit that is damaged; whose it is tells the journal.
      return open(place, low, false);
    }
    if (fold.state.untoldDamage().whole().isEmpty() || fold.begun.equals(Mark.START)) {
      return fold;
    }
    // Whether a worker is whole again is only known when all of its units were read.
    fold.close();
    return open(place, low, false);
  }

  /**
   * Reads the whole journal.
   *
   * @param low the number of a frame that it is known to have, 0 for none
   */
  static Fold whole(Place place, long low) throws IOException {
    return open(place, low, false);
  }

  private static Fold open(Place place, long low, boolean fromImage) throws IOException {
    var journal = new Journal(place.journal(), place.settings());
    Fold fold = null;
    boolean opened = false;
    try {
      journal.open();
      fold = fromImage ? onto(place, journal) : onto(place, journal, RowIndex.empty(place.index()));
      journal.replay(fold.covered, low, fold);
      fold.state.replayed();
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
      if (found != null && found.directoryId().equals(place.settings().directoryId())
          && isStillLost(found, journal)
          && journal.isOfThisHistory(new Mark(found.position(), found.frame(), found.epoch()))) {
        RowIndex runs = RowIndex.open(place.index(), found.runs());
        if (runs != null) {
          return onto(place, found, runs, journal);
        }
      }
    }
    return onto(place, journal, RowIndex.empty(place.index()));
  }

  /** What was put right since the image was written is in the journal only. */
  private static boolean isStillLost(Covered image, Journal journal) throws IOException {
    for (Lost lost : image.lost()) {
      if (!lost.isGivenUp() && journal.lostAt(lost.position()) == null) {
        return false;
      }
    }
    return true;
  }

  private static Fold onto(Place place, Journal journal, RowIndex none) {
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
      fold.lost.addAll(found.lost());
      fold.state.restoreLosses(found.lost().stream().map(Fold::unit).toList(),
          found.told().stream().map(WorkerId::new).toList());
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

  /** Whether a read met what a fold over the whole journal would leave out or make anew. */
  boolean hasMetDamage() {
    Lost met = archive.met();
    return archive.hasMetBrokenIndex() || (met != null && met.scope() != 0);
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
      throw unfitting(position, e);
    }
    index.spill(position);
  }

  @Override
  public void lost(Lost units) {
    if (!units.isGivenUp() && units.scope() == 0) {
      throw damagedUnit(units.position());
    }
    try {
      state.miss(unit(units));
    } catch (IllegalArgumentException e) {
      throw unfitting(units.position(), e);
    }
    lost.add(units);
  }

  private static LostUnit unit(Lost units) {
    return units.isGivenUp()
        ? LostUnit.givenUp(units.scope(), units.firstEvent(), units.events(), units.audits())
        : LostUnit.of(new WorkerId(units.scope()), units.firstEvent(), units.events(), units.audits());
  }

  /** All that the journal should hold and doesn't, in its order. */
  List<Lost> lost() {
    return List.copyOf(lost);
  }

  private static StoreException unfitting(long position, IllegalArgumentException why) {
    return StoreException.unusable(Reason.STORE_CORRUPT,
        "the unit of work at " + position + " of the journal doesn't follow those before it", why);
  }

  static StoreException damagedUnit(long position) {
    return StoreException.unusable(Reason.JOURNAL_DAMAGED,
        "the unit of work at " + position + " of the journal is damaged; restore it from a backup");
  }

  @Override
  public void torn(String file, byte[] bytes) throws IOException {
    // Nobody ever had an answer to it, but it is cut now, so it is kept as evidence.
    if (bytes.length > 0) {
      String kept = quarantine.keep(file, Reason.JOURNAL_TRUNCATED, bytes);
      LOG.warn("the end of {} was torn and is cut; its bytes are kept as {}", file, kept);
      state.cut(kept);
    }
  }

  @Override
  public void close() throws IOException {
    index.close();
    journal.close();
  }
}
