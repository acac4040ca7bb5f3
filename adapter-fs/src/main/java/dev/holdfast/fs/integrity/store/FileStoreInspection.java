package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.recovery.Finding;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.DiskAsItIs;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.files.StoreFolder;
import dev.holdfast.fs.integrity.journal.Journal;
import dev.holdfast.fs.integrity.journal.Lost;
import dev.holdfast.fs.integrity.journal.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Reads each unit of work in the journal, as a start without an image would, and nothing else: what is beside the journal can be
 * made anew from it.
 */
final class FileStoreInspection implements StoreInspection {
  private final Path folder;
  private final Supplier<String> directoryId;

  /**
   * @param folder of the journal
   * @param directoryId of the data directory; it is asked only when there is a journal, and may throw a StoreException
   */
  FileStoreInspection(Path folder, Supplier<String> directoryId) {
    this.folder = folder;
    this.directoryId = directoryId;
  }

  @Override
  public String location() {
    return folder.toString();
  }

  @Override
  public Survey survey() {
    try {
      Disk backend = new DiskAsItIs(Objects.requireNonNull(folder.getParent()));
      return StoreFolder.in(backend, new Quarantine(backend)).survey();
    } catch (IOException e) {
      throw DiskFailure.of("the stores could not be read", e);
    }
  }

  /** Both looks are one: a start without an image would read everything as well. */
  @Override
  public Condition look(boolean deep, Duration atMost) {
    if (!Files.exists(folder)) {
      return new Condition.Absent();
    }
    var found = new Found(System.nanoTime() + atMost.toNanos());
    try {
      Disk disk = new DiskAsItIs(folder);
      int files = disk.list().size();
      if (files == 0) {
        return new Condition.Absent();
      }
      // Any start may have written it, and nobody will write now.
      var settings = new Journal.Settings(directoryId.get(), Integer.MAX_VALUE, () -> 0, 0, 0);
      try (var journal = new Journal(disk, settings)) {
        journal.open();
        journal.replay(Mark.START, 0, found);
        return found.condition(files, journal.mark().frame());
      }
    } catch (TimeIsOver e) {
      return new Condition.Unfinished("of the journal's " + found.text());
    } catch (StoreException e) {
      return Condition.Damaged.blocked(e.reason(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Condition.Damaged.blocked(Reason.STORE_IO, "it can't be read: " + e.getMessage());
    }
  }

  private static final class TimeIsOver extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Found implements Journal.Told {
    private final long deadline;
    private long units;
    private long events;
    private int torn;
    private final NavigableSet<WorkerId> damaged = new TreeSet<>();

    Found(long deadline) {
      this.deadline = deadline;
    }

    @Override
    public void unit(long position, byte[] payload) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeIsOver();
      }
      units++;
      events += Units.read(payload).stream().filter(EventChange.Appended.class::isInstance).count();
    }

    @Override
    public void lost(Lost lost) {
      if (lost.isGivenUp()) {
        return;
      }
      if (lost.scope() == 0) {
        throw Fold.damagedUnit(lost.position());
      }
      damaged.add(new WorkerId(lost.scope()));
    }

    Condition condition(int files, long journalEnd) {
      return damaged.isEmpty()
          ? new Condition.Sound(text(files), journalEnd)
          : new Condition.Damaged(damaged.stream().map(Found::damage).toList());
    }

    private static Damage damage(WorkerId worker) {
      return new Damage(
          new Finding(Reason.WORKER_QUARANTINED, worker.value(), "a unit of work of its own is damaged: a "
              + "start quarantines it and serves all others; restore the journal from a backup to have it back"),
          Impact.DEGRADED);
    }

    @Override
    public void torn(String file, byte[] bytes) {
      torn = bytes.length;
    }

    String text() {
      return String.format(Locale.ROOT, "%,d units of work, with %,d events", units, events);
    }

    String text(int files) {
      String rest = torn == 0 ? "" : ", and " + torn + " bytes of one that nobody had an answer to";
      return "by reading the journal: " + (files == 1 ? "one file" : files + " files") + ", " + text() + rest;
    }
  }
}
