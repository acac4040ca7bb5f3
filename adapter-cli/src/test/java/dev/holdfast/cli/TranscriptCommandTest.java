package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A transcript as a person reads it. */
class TranscriptCommandTest {
  private static final String ENTRIES = """
      {"items": [
        {"sequence": 1, "role": "user", "content": "hello", "event_id": 5},
        {"sequence": 2, "role": "assistant", "content": "hi", "event_id": 8, "turn_id": "turn-0000000000000006"},
        {"sequence": 3, "role": "assistant", "content": "two\\nmails", "event_id": 19,
         "turn_id": "turn-0000000000000011"}]}
      """;
  private static final String BATCHES = """
      {"items": [
        {"batch_id": "batch-0000000000000007", "items": [{"kind": "reset_session", "note": "a new task"}]},
        {"batch_id": "batch-000000000000000f", "turn_id": "turn-0000000000000011",
         "items": [{"kind": "wake", "origin": "mail", "origin_sequence": 17, "text": "Two new"}]},
        {"batch_id": "batch-000000000000001a", "items": [{"kind": "refresh_tool_catalog"}]}]}
      """;
  private static final String APPLIED =
      "{\"events\": [{\"id\": 10, \"name\": \"queue.command_applied\", \"data\": {\"batch_id\": \"batch-0000000000000007\"}}]}";

  private static StubNode node() {
    return new StubNode(StubNode.json(200, ENTRIES), StubNode.json(200, BATCHES),
        StubNode.json(200, "{\"worker_ref\": {\"runtime_id\": \"rt-1\"}}"), StubNode.json(200, APPLIED));
  }

  private static Finished run(StubNode node, String... words) {
    return Finished.inProcess(Finished.environment("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere"), words);
  }

  @Test
  @DisplayName("wakes and commands stand between the entries where they took effect")
  void interludes() {
    try (var node = node()) {
      assertEquals("""
          #1 user
            hello
          #2 assistant
            hi
          -- reset_session: turns see nothing of what is above; a new task
          -- wake from mail: Two new
          #3 assistant
            two
            mails
          -- refresh_tool_catalog
          """, run(node, "worker", "transcript", "w").out());
      assertEquals(List.of("/api/v1/workers/w/transcript?start=0&limit=256",
          "/api/v1/workers/w/queue?state=completed&limit=256", "/api/v1/workers/w",
          "/api/v1/events?worker_id=w&cursor=rt-1%3A7&limit=256",
          "/api/v1/events?worker_id=w&cursor=rt-1%3A26&limit=256"),
          node.requests().stream().map(request -> request.getRequestURI().toString()).toList());
    }
  }

  @Test
  @DisplayName("a transcript from a position on has none of what came before; programs and those who may not look get the entries")
  void entriesAlone() {
    try (var node = node()) {
      assertEquals("#1 user",
          run(node, "worker", "transcript", "w", "--start", "1").out().lines().findFirst().orElseThrow());
    }
    try (var node = new StubNode(StubNode.json(200, ENTRIES), StubNode.problem(403, "role_not_allowed"))) {
      assertEquals(7, run(node, "worker", "transcript", "w").out().lines().count());
    }
    try (var node = node()) {
      assertEquals(3, run(node, "worker", "transcript", "w", "-o", "ndjson").out().lines().count());
      assertEquals(1, node.requests().size());
    }
  }
}
