package dev.holdfast.cli.integrity.doctor;

import dev.holdfast.domain.integrity.DirectoryInspection;
import dev.holdfast.domain.integrity.DirectoryInspection.Holder;
import dev.holdfast.domain.integrity.DirectoryInspection.Standing;
import dev.holdfast.domain.integrity.DiskProbe;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.recovery.StoreInspection.Condition;
import dev.holdfast.domain.integrity.recovery.StoreInspection.Damage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the data directory, its disk and its store say. */
final class FolderChecks {
  private static final int SYNCS = 5;
  private static final int RECORD = 512;
  private static final double SLOW_SYNC_MS = 50;
  private static final long TIGHT = 1L << 30;
  private static final long FULL = 100L << 20;
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(60);
  private static final Instant RELEASED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant ABSURD = Instant.parse("2100-01-01T00:00:00Z");

  private final DirectoryInspection folder;
  private final Optional<StoreInspection> store;
  private final Path data;
  private final InstantSource clock;

  FolderChecks(DirectoryInspection folder, Optional<StoreInspection> store, Path data, InstantSource clock) {
    this.folder = folder;
    this.store = store;
    this.data = data;
    this.clock = clock;
  }

  Finding permissions() {
    return switch (folder.standing()) {
      case Standing.Absent() -> Finding.ok(data + " isn't there yet; the first start makes it");
      case Standing.Usable() -> Finding.ok(data + " belongs to this user alone");
      case Standing.Refused(var reason, String note) -> Finding.fail(note + " (" + reason.code() + ")",
          note.contains("chmod 700") ? "chmod 700 " + data : null);
    };
  }

  boolean isUsable() {
    return folder.standing() instanceof Standing.Usable;
  }

  Finding lock() {
    return switch (folder.holder()) {
      case Holder.Nobody() -> Finding.ok("nobody holds it");
      case Holder.Running(String description) -> Finding.ok("held by " + description);
      case Holder.Gone(String description) ->
        Finding.ok("left behind by " + description + ", which was killed; the next start goes on with its turns");
    };
  }

  /** Whether a node has been here, which would have left its key. */
  boolean hasStarted() {
    return folder.lastStart().isPresent();
  }

  boolean isHeld() {
    return folder.holder() instanceof Holder.Running;
  }

  Finding space() {
    DirectoryInspection.Room room = folder.room();
    String text = "%.1f GiB of %.1f GiB free".formatted(gib(room.usableBytes()), gib(room.totalBytes()));
    if (room.usableBytes() < FULL) {
      return Finding.fail(text, "df -h " + data);
    }
    return room.usableBytes() < TIGHT ? Finding.warn(text, "df -h " + data) : Finding.ok(text);
  }

  private static double gib(long bytes) {
    return bytes / (double) (1L << 30);
  }

  /** What one record costs that has to be on disk; every unit of work waits for one at least. */
  Finding sync() {
    if (!isUsable()) {
      return Finding.ok("measured once the data directory is there");
    }
    double[] millis = new double[SYNCS];
    try (DiskProbe probe = folder.diskProbe()) {
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        probe.append(RECORD);
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(millis);
    double median = millis[SYNCS / 2];
    String text = String.format(Locale.ROOT, "%.2f ms a sync (median of %d)", median, SYNCS);
    return median > SLOW_SYNC_MS
        ? Finding.warn(text + ", so a lone caller waits that long for each write", "holdfast bench")
        : Finding.ok(text);
  }

  /** Of a store that no node holds. */
  Finding store(Duration atMost) {
    if (store.isEmpty()) {
      return Finding.ok("the backend keeps nothing");
    }
    return switch (store.get().look(false, atMost)) {
      case Condition.Absent() -> Finding.ok("there is none yet");
      case Condition.Sound(String how, _) -> Finding.ok("sound " + how);
      case Condition.Unfinished(String how) ->
        Finding.ok("no damage in what was read within " + atMost.toMillis() + " ms " + how);
      case Condition.Unclear(String why) -> Finding.warn("not judged: " + why, "holdfast serve");
      case Condition.Damaged(List<Damage> damages) ->
        Finding.fail(store.get().location() + ": " + damages.getFirst().finding().note(), "holdfast store doctor");
    };
  }

  Finding clock() {
    Instant now = clock.instant();
    if (now.isBefore(RELEASED) || now.isAfter(ABSURD)) {
      return Finding.fail("it is set to " + now + ", which can't be", "set the clock: timedatectl");
    }
    Optional<Instant> start = folder.lastStart();
    return start.isPresent() && now.plus(CLOCK_TOLERANCE).isBefore(start.get())
        ? Finding.warn("it is behind the last start of this node, " + start.get(), "set the clock: timedatectl")
        : Finding.ok("plausible");
  }

  Finding artifacts() {
    Path artifacts = data.resolve("artifacts");
    return Files.exists(artifacts)
        ? Finding.ok(artifacts.toString())
        : Finding.ok("not there, and nothing needs it in this version");
  }
}
