package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is sent to prune, and what is made of the answer. */
class PruneCommandTest {
  private static final String FOUND = """
      {"dry_run": true, "from_id": 1, "to_id": 40, "counts": {"events": 40, "transcript_entries": 0, "output_records": 2,
       "inputs": 0, "batches": 0, "tasks": 0, "audit_records": 0, "diagnostics": 0}}
      """;
  private final List<Json> bodies = new ArrayList<>();

  private StubNode.Answer kept() {
    return exchange -> {
      bodies.add(Json.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      StubNode.json(200, FOUND).give(exchange);
    };
  }

  private static Finished run(StubNode node, String... words) {
    return Finished.inProcess(Finished.environment("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere"), words);
  }

  @Test
  @DisplayName("without --apply it is only told, ages count from now, and instants are sent as they are")
  void dryRun() throws Exception {
    try (StubNode node = new StubNode(kept())) {
      Instant before = Instant.now().minus(Duration.ofDays(30));
      Finished told = run(node, "store", "prune", "--events-before", "30d", "--audit-before", "2026-01-01T00:00:00Z");
      assertEquals(ExitCode.OK, told.exitCode(), told.err());
      assertTrue(told.out().contains("40"), told.out());
      assertTrue(told.err().contains("nothing was changed"), told.err());
      Json body = bodies.getFirst();
      assertEquals(1, bodies.size());
      assertEquals("true", Verb.text(body, "dry_run"));
      assertEquals("2026-01-01T00:00:00.000Z", Verb.text(body, "audit_before"));
      Instant sent = Instant.parse(Objects.requireNonNull(Verb.text(body, "events_before")));
      assertTrue(!sent.isBefore(before.minusSeconds(1)) && sent.isBefore(before.plusSeconds(60)), sent::toString);
    }
  }

  @Test
  @DisplayName("with --apply it is looked first and then done, with the same instants")
  void applied() throws Exception {
    try (StubNode node = new StubNode(kept(), kept())) {
      Finished done = run(node, "store", "prune", "--outputs-before", "1h", "--apply", "--yes", "-o", "json");
      assertEquals(ExitCode.OK, done.exitCode(), done.err());
      assertEquals("40", Verb.text(done.json(), "counts.events"));
      assertEquals(List.of("true", "false"), bodies.stream().map(body -> Verb.text(body, "dry_run")).toList());
      assertEquals(Verb.text(bodies.getFirst(), "outputs_before"), Verb.text(bodies.getLast(), "outputs_before"));
    }
  }

  @Test
  @DisplayName("what names nothing, or no time, is refused before anything is sent")
  void refused() throws Exception {
    try (StubNode node = new StubNode()) {
      assertEquals(ExitCode.USAGE, run(node, "store", "prune", "--apply").exitCode());
      assertEquals(ExitCode.USAGE, run(node, "store", "prune", "--events-before", "soon").exitCode());
      assertTrue(node.requests().isEmpty());
    }
  }

  private static Finished offline(Path data, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data", data.toString()));
    Finished finished = Finished.inProcess(Map.of(), all.toArray(String[]::new));
    assertEquals(ExitCode.OK, finished.exitCode(), finished.err());
    return finished;
  }

  @Test
  @DisplayName("I-13 a stopped node's store is compacted, holds what it held, takes less room, and its node goes on")
  void compacted(@TempDir Path folder) throws Exception {
    for (String store : List.of("sqlite", "filesystem")) {
      Path data = folder.resolve(store);
      String worker;
      try (var daemon = DaemonProcess.start(data, "--store", store)) {
        worker = daemon.cli("worker", "create", "--external", "-o", "name").out().strip();
        for (int i = 0; i < 12; i++) {
          daemon.cli("input", "send", worker, "x".repeat(900_000));
        }
        daemon.cli("worker", "stop", worker);
        Finished pruned =
            daemon.cli("store", "prune", "--transcripts-before", "2999-01-01T00:00:00Z", "--apply", "--yes",
                "-o", "json");
        assertEquals("12", Verb.text(pruned.json(), "counts.transcript_entries"), pruned.err());
        daemon.signal("TERM");
      }
      String before = offline(data, "store", "export").out();
      Json told = offline(data, "store", "compact", "-o", "json").json();
      long bytes = Long.parseLong(Objects.requireNonNull(Verb.text(told, "before")));
      assertTrue(bytes - Long.parseLong(Objects.requireNonNull(Verb.text(told, "after"))) > 5_000_000, told::text);
      assertEquals(before, offline(data, "store", "export").out());
      try (var daemon = DaemonProcess.start(data)) {
        assertEquals(ExitCode.OK, daemon.cli("worker", "create", "--external").exitCode());
        assertTrue(daemon.cli("worker", "show", worker).out().contains("stopped"));
      }
    }
  }

  @Test
  @DisplayName("W-A29 Pruned range: poll and SSE tell the gap {from, to, pruned}; cursors behind it work on")
  void gaps(@TempDir Path folder) throws Exception {
    for (String store : List.of("sqlite", "filesystem")) {
      try (var daemon = DaemonProcess.start(folder.resolve(store), "--store", store)) {
        String worker = daemon.cli("worker", "create", "--external", "-o", "name").out().strip();
        Instant later = Instant.now();
        while (!Instant.now().isAfter(later.plusMillis(2))) {
          Thread.onSpinWait();
        }
        String now = later.plusMillis(2).toString();
        Finished pruned = daemon.cli("store", "prune", "--events-before", now, "--apply", "--yes", "-o", "json");
        assertEquals(ExitCode.OK, pruned.exitCode(), pruned.err());
        String last = Verb.text(pruned.json(), "to_id");

        Finished page = daemon.cli("event", "list", "-o", "ndjson");
        List<Json> rows = page.out().lines().map(Json::parse).toList();
        assertEquals("gap", Verb.text(rows.getFirst(), "name"));
        assertEquals(last, Verb.text(rows.getFirst(), "to_id"));
        assertEquals("store.pruned", Verb.text(rows.get(1), "name"));
        assertEquals(ExitCode.OK, daemon.cli("worker", "stop", worker).exitCode());
        assertTrue(daemon.cli("event", "list", "--worker", worker).out().contains("worker.stopped"));
      }
    }
  }
}
