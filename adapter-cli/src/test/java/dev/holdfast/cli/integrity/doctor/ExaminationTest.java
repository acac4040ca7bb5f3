package dev.holdfast.cli.integrity.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.integrity.DirectoryInspection;
import dev.holdfast.domain.integrity.DiskProbe;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExaminationTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** A disk that is as full, slow and old as a test wants it. */
  private record Folder(long usable, long pauseNanos, Instant started) implements DirectoryInspection {
    @Override
    public boolean isFresh() {
      return false;
    }

    @Override
    public String id() {
      return "dd-0123456789abcdef";
    }

    @Override
    public Standing standing() {
      return new Standing.Usable();
    }

    @Override
    public Holder holder() {
      return new Holder.Nobody();
    }

    @Override
    public Room room() {
      return new Room(usable, 1L << 40);
    }

    @Override
    public Optional<Instant> lastStart() {
      return Optional.of(started);
    }

    @Override
    public DiskProbe diskProbe() {
      return new DiskProbe() {
        @Override
        public void append(int bytes) {
          long end = System.nanoTime() + pauseNanos;
          while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
          }
        }

        @Override
        public void close() {
          // Nothing was opened.
        }
      };
    }
  }

  private static FolderChecks checks(Folder folder, Instant now) {
    return new FolderChecks(folder, Optional.empty(), Path.of("data"), Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  @DisplayName("A-106 a check that hangs fails within the time of all, and the others are told")
  void hangs() throws Exception {
    var never = new CountDownLatch(1);
    Map<String, Finding> findings = new Examination(Duration.ofMillis(200))
        .add("hangs", () -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Finding.ok("never");
        })
        .add("breaks", () -> {
          throw new IllegalStateException("a bug");
        })
        .add("works", () -> Finding.ok("fine")).run();
    assertEquals(List.of("hangs", "breaks", "works"), List.copyOf(findings.keySet()));
    assertEquals(List.of(Finding.Level.FAIL, Finding.Level.FAIL, Finding.Level.OK),
        findings.values().stream().map(Finding::level).toList());
    assertTrue(findings.values().iterator().next().found().startsWith("no answer within 200 ms"));
  }

  @Test
  @DisplayName("A-106 little space warns, none fails")
  void space() {
    assertEquals(Finding.Level.OK, checks(new Folder(2L << 30, 0, NOW), NOW).space().level());
    assertEquals(Finding.Level.WARN, checks(new Folder(500L << 20, 0, NOW), NOW).space().level());
    assertEquals(Finding.Level.FAIL, checks(new Folder(50L << 20, 0, NOW), NOW).space().level());
  }

  @Test
  @DisplayName("A-106 a disk whose syncs are slow warns")
  void slowSync() {
    Finding slow = checks(new Folder(2L << 30, 60_000_000, NOW), NOW).sync();
    assertEquals(Finding.Level.WARN, slow.level());
    assertEquals("holdfast bench", slow.fix());
  }

  @Test
  @DisplayName("A-106 a clock before the last start warns, one that can't be right fails")
  void clock() {
    assertEquals(Finding.Level.OK, checks(new Folder(0, 0, NOW.plusSeconds(30)), NOW).clock().level());
    assertEquals(Finding.Level.WARN, checks(new Folder(0, 0, NOW.plusSeconds(90)), NOW).clock().level());
    assertEquals(Finding.Level.FAIL, checks(new Folder(0, 0, NOW), Instant.EPOCH).clock().level());
    assertEquals(Finding.Level.FAIL,
        checks(new Folder(0, 0, NOW), Instant.parse("2200-01-01T00:00:00Z")).clock().level());
  }
}
