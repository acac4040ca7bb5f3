package dev.holdfast.cli.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.cli.Finished;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real node whose disk fails, under the load of several clients. A read-only file system is met in the same way: no system
 * makes one read-only while its files are open for writing, but one that found an error in it.
 *
 * <p>System properties: {@code holdfast.faults} how many faults, each followed by a start; {@code holdfast.seed}.
 */
class DiskFaultsIT {
  private static final int FAULTS = Integer.getInteger("holdfast.faults", 1);
  private static final int MOST = 40;
  /** So many a start makes in any case. */
  private static final int FIRST_SYNCS = 8;

  /** The system calls by which a backend makes a unit durable, the sync alone first. */
  private static final Map<String, List<Fault>> OF_BACKEND = Map.of(
      "sqlite", List.of(new Fault(DiskFault.SYNCS, "EIO"), new Fault("pwrite64", "EIO"), new Fault("pwrite64", "EROFS"),
          new Fault("pwrite64," + DiskFault.SYNCS, "EIO")),
      // A file that was opened for it syncs each of its writes.
      "filesystem", List.of(new Fault("write", "EIO"), new Fault(DiskFault.SYNCS, "EIO"), new Fault("write", "EROFS"),
          new Fault("write," + DiskFault.SYNCS, "EIO")));

  private static final Map<String, String> MUTATIONS = new TreeMap<>(Map.of(
      "/api/v1/workers", "{}",
      "/api/v1/keys", "{\"label\":\"one\",\"role\":\"observer\"}",
      "/api/v1/providers", "{\"name\":\"one\",\"url\":\"http://127.0.0.1:1/v1\"}",
      "/api/v1/runtime/stop", "{}",
      "/api/v1/store/prune", "{\"events_before\":\"2026-01-01T00:00:00Z\",\"dry_run\":false}",
      "/api/v1/store/recover", "{\"apply\":true}",
      "/api/v1/store/backup", "{}"));

  private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  @TempDir
  private Path temp;

  private record Fault(String calls, String error) {}

  @BeforeEach
  void canTrace() throws Exception {
    DiskFault.requireTracing();
  }

  @ParameterizedTest(
      name = "I-A28 (failing disk) on {0}: sync error → poisoned, no acknowledgement, exit 8; EIO and a file "
          + "system that turns read-only likewise; all that was acknowledged is there at the next start")
  @ValueSource(strings = {"sqlite", "filesystem"})
  void poisoned(String backend) throws Exception {
    List<Fault> faults = Objects.requireNonNull(OF_BACKEND.get(backend));
    try (DaemonProcess daemon = DaemonProcess.ofDistribution(temp.resolve("data"), "--store", backend);
        var senders = new Senders(daemon)) {
      for (int at = 0; at < FAULTS; at++) {
        Fault fault = faults.get(at % faults.size());
        String where = backend + ", " + fault + ", seed " + seed + ", fault " + at;
        meet(daemon, senders, fault, where);
        startsAgain(daemon, senders, where);
        if (at > 0) {
          failAtEnd(daemon, senders, where);
        }
      }
      System.out.println(FAULTS + " failures of the disk under a loaded node on " + backend + ", "
          + senders.acknowledged() + " acknowledged inputs, none lost");
    }
  }

  private static void startsAgain(DaemonProcess daemon, Senders senders, String where) throws Exception {
    assertEquals(8, daemon.signal("TERM"), where);
    daemon.restart();
    assertReadiness(senders, 200, "store_manifest_valid", where);
    senders.assertStored(where);
  }

  /** A sync that fails when nothing is to be acknowledged any more. */
  private void failAtEnd(DaemonProcess daemon, Senders senders, String where) throws Exception {
    try (DiskFault _ = DiskFault.in(daemon.pid(), DiskFault.SYNCS, "EIO", null, temp)) {
      startsAgain(daemon, senders, where + ", at its end");
    }
  }

  private void meet(DaemonProcess daemon, Senders senders, Fault fault, String where) throws Exception {
    List<Future<Senders.Answer>> ends = senders.begin();
    senders.awaitMore(1 + random.nextInt(MOST));
    try (DiskFault failing = DiskFault.in(daemon.pid(), fault.calls(), fault.error(), log(daemon.data()), temp)) {
      for (Future<Senders.Answer> end : ends) {
        assertEquals(new Senders.Answer(503, "store_poisoned"), end.get(), where);
      }
      assertTrue(failing.count() > 0, where);
    }
    // The disk is well again, and the same call would succeed: nobody may believe it.
    for (Map.Entry<String, String> mutation : MUTATIONS.entrySet()) {
      HttpResponse<String> refused = senders.post(mutation.getKey(), mutation.getValue());
      assertEquals(503, refused.statusCode(), () -> where + mutation + refused.body());
      assertTrue(refused.body().contains("\"reason\":\"store_poisoned\""), () -> where + mutation + refused.body());
    }
    assertReadiness(senders, 503, "store_poisoned", where);
    Finished told = daemon.cli("worker", "create");
    assertEquals(8, told.exitCode(), where);
    assertTrue(told.err().contains("a restart of the node"), () -> where + told.err());
    assertEquals(200, senders.get("/health/liveness").statusCode(), where);
  }

  private static void assertReadiness(Senders senders, int status, String reason, String where) throws Exception {
    HttpResponse<String> answer = senders.get("/health/readiness");
    assertEquals(status, answer.statusCode(), () -> where + answer.body());
    assertTrue(answer.body().contains("\"reason\":\"" + reason + "\""), () -> where + answer.body());
  }

  @EnabledIfSystemProperty(named = "holdfast.faults", matches = "[0-9]+",
      disabledReason = "it runs in the nightly profile")
  @ParameterizedTest(
      name = "I-A28 (start) on {0}: a start whose sync fails ends with exit code 8, and the next one is whole")
  @ValueSource(strings = {"sqlite", "filesystem"})
  void start(String backend) throws Exception {
    for (int at = 1; at < FAULTS; at++) {
      Path data = temp.resolve("data" + at);
      int sync = 1 + random.nextInt(FIRST_SYNCS);
      String where = backend + ", seed " + seed + ", sync " + sync;
      Process failing = DaemonProcess.begunWith(
          List.of("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + DiskFault.SYNCS, "-e",
              "inject=" + DiskFault.SYNCS + ":error=EIO:when=" + sync + "+"),
          data, "--store", backend);
      String said = new String(failing.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(8, failing.waitFor(), () -> where + said);

      try (DaemonProcess daemon = DaemonProcess.ofDistribution(data, "--store", backend);
          var senders = new Senders(daemon)) {
        assertReadiness(senders, 200, "store_manifest_valid", where);
      }
    }
  }

  /** The file to which the next unit goes. */
  private static Path log(Path data) throws IOException {
    Path journal = data.resolve("fs/journal");
    if (!Files.isDirectory(journal)) {
      return data.resolve("db/holdfast.db-wal");
    }
    try (Stream<Path> segments = Files.list(journal)) {
      return segments.max(Path::compareTo).orElseThrow();
    }
  }
}
