package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.domain.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent for inputs and queued work, and what is made of the answers. */
class QueueCommandsTest {
  private static final String BATCH = """
      {"batch_id": "batch-0000000000000009", "state": "waiting", "class": "turn_work", "enqueue_seq": 4,
       "available_at": "2026-11-21T15:20:00Z", "items": [{"kind": "wake", "origin": "mail", "origin_sequence": 17,
       "text": "Two new"}]}
      """;
  private final List<String> bodies = new ArrayList<>();

  /** Keeps the body that it answers. */
  private StubNode.Answer kept(int status, String answer) {
    return exchange -> {
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      StubNode.json(status, answer).give(exchange);
    };
  }

  private static Finished run(StubNode node, String... words) {
    return Finished.inProcess(Finished.environment("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere"), words);
  }

  private static String call(StubNode node, int number) {
    HttpExchange request = node.requests().get(number);
    return request.getRequestMethod() + " " + request.getRequestURI();
  }

  private @Nullable Object sent(String member) {
    return Json.parse(bodies.getLast()).members().get(member);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "--active-turn | ",
    "--active-turn turn-0000000000000007 | turn-0000000000000007",
    "--active-turn=turn-0000000000000007 | turn-0000000000000007",
    "--active-turn --boundary before_completion | "})
  @DisplayName("an input for the turn that runs; the text behind the option is not taken for a turn's id")
  void steering(String options, @Nullable String turn) {
    try (var node =
        new StubNode(kept(202, "{\"input_id\":\"in-0000000000000005\",\"input_state\":\"pending_active\"}"))) {
      List<String> words = new ArrayList<>(List.of("input", "send", "w"));
      words.addAll(List.of(options.strip().split(" ")));
      words.addAll(List.of("Leave", "the tests out"));
      Finished sent = run(node, words.toArray(String[]::new));
      assertEquals(ExitCode.OK, sent.exitCode(), sent.err());
      assertEquals("Leave the tests out", sent("content"));
      Json ingress = Json.of(sent("ingress"));
      assertEquals("active_turn", ingress.members().get("kind"));
      assertEquals(turn == null ? null : turn.strip(), ingress.members().get("turn_id"));
    }
  }

  @Test
  @DisplayName("an input goes into the next turn by itself, and a boundary that isn't one is refused before anything is sent")
  void nextTurn() {
    try (var node = new StubNode(kept(202, "{\"input_id\":\"in-0000000000000005\"}"))) {
      assertEquals(ExitCode.OK, run(node, "input", "send", "w", "hello").exitCode());
      assertEquals(null, sent("ingress"));
      assertEquals(ExitCode.USAGE, run(node, "input", "send", "w", "--boundary", "soon", "hello").exitCode());
      Finished alone = run(node, "input", "send", "w", "--boundary", "after_work", "hello");
      assertEquals(ExitCode.USAGE, alone.exitCode());
      assertTrue(alone.err().contains("--boundary is of --active-turn"), alone.err());
      assertEquals(1, node.requests().size());
    }
  }

  @Test
  @DisplayName("an input for the turn that runs is followed there, and into the next turn when that one ended without it")
  void followedOn() {
    String end =
        "event: output.end\ndata: {\"attempt\":1,\"outcome\":\"completed\",\"reason\":null,\"head_revision\":1}\n\n";
    String turn = "{\"turn_id\":\"TURN\",\"session_id\":\"w\",\"start_inputs\":[]}";
    String ack = """
        {"input_id": "in-0000000000000005", "input_state": "pending_active", "event_id": 9, "transcript_sequence": 4,
         "worker_ref": {"runtime_id": "r", "worker_id": "w"}}
        """;
    try (var node = new StubNode(StubNode.json(200, "{\"content\":true}"), StubNode.json(202, ack),
        StubNode.json(200, "{\"state\":\"pending_active\",\"turn_id\":\"turn-1\"}"),
        StubNode.json(200, turn.replace("TURN", "turn-1")), StubNode.stream(end),
        StubNode.json(200, "{\"state\":\"deferred_next_turn\"}"),
        StubNode.stream("event: turn.started\ndata: {\"data\":{\"turn_id\":\"turn-2\",\"input_ids\":"
            + "[\"in-0000000000000005\"]}}\n\n"),
        StubNode.stream(end))) {
      Finished followed = run(node, "input", "send", "w", "--active-turn", "hello", "--follow", "-o", "ndjson");
      assertEquals(ExitCode.OK, followed.exitCode(), followed.err());
      assertEquals("that turn ended without the input, so the next one takes it\n", followed.err());
      assertEquals("GET /api/v1/turns/turn-2/output", call(node, 7));
    }
  }

  @Test
  @DisplayName("an input that a turn has taken isn't cancelled by itself: whose it is, and the command that cancels the turn")
  void claimed() {
    try (var node = new StubNode(StubNode.json(409, """
        {"status": 409, "reason": "already_claimed", "title": "t", "state": "deferred_next_turn", "claim_id": "c",
         "generation": 3, "owner_id": "key:java-1", "turn_id": "turn-0000000000000007"}
        """))) {
      Finished refused = run(node, "input", "cancel", "w", "in-0000000000000005");
      assertEquals(ExitCode.CONFLICT, refused.exitCode());
      assertEquals("""
          holdfast: The input is claimed (already_claimed)
            in-0000000000000005 is part of turn-0000000000000007, which is open; key:java-1 works on it
            try: holdfast input cancel w in-0000000000000005 --cascade, which cancels the turn
          """, refused.err());
    }
  }

  @Test
  @DisplayName("one input is cancelled with its turn")
  void cascade() {
    try (var node = new StubNode(kept(200, """
        {"outcome": "turn_cancel_requested", "input": {"input_id": "in-0000000000000005", "state": "accepted"},
         "turn_id": "turn-0000000000000007"}
        """))) {
      Finished cancelled = run(node, "input", "cancel", "w", "in-0000000000000005", "--cascade");
      assertEquals(ExitCode.OK, cancelled.exitCode(), cancelled.err());
      assertEquals("POST /api/v1/workers/w/inputs/in-0000000000000005/cancel", call(node, 0));
      assertEquals(true, sent("cascade"));
      assertTrue(cancelled.out().contains("outcome  turn_cancel_requested\n"), cancelled.out());
    }
  }

  @ParameterizedTest
  @CsvSource({"cancelled, already_cancelled, 0", "cancelled, not_found, 3", "not_found, already_completed, 5",
    "cancelled, already_claimed, 5"})
  @DisplayName("several inputs by id and source key in one call; the exit code tells whether all of them are out of the way")
  void several(String first, String second, int exitCode) {
    try (var node = new StubNode(kept(200, "{\"results\": [{\"target\": \"in-1\", \"outcome\": \"" + first
        + "\"}, {\"target\": \"k\", \"outcome\": \"" + second + "\"}]}"))) {
      Finished cancelled = run(node, "input", "cancel", "w", "in-1", "--source-key", "k");
      assertEquals(exitCode, cancelled.exitCode(), cancelled.err());
      assertEquals("POST /api/v1/workers/w/inputs/cancel", call(node, 0));
      assertEquals("[{\"input_id\":\"in-1\"},{\"source_key\":\"k\"}]", Json.of(sent("targets")).text());
      assertEquals(second.equals("already_claimed"), cancelled.err().contains("--cascade"));
    }
  }

  @Test
  @DisplayName("all inputs from one on, and the turns of those that were taken")
  void suffix() {
    try (var node = new StubNode(kept(200, """
        {"results": [{"target": "in-1", "outcome": "already_claimed", "input_id": "in-1", "turn_id": "turn-7"},
                     {"target": "in-2", "outcome": "cancelled", "input_id": "in-2"}]}
        """), kept(200, "{\"outcome\": \"turn_cancel_requested\", \"turn_id\": \"turn-7\"}"))) {
      Finished cancelled = run(node, "input", "cancel", "w", "--from", "in-1", "--cascade");
      assertEquals(ExitCode.OK, cancelled.exitCode(), cancelled.err());
      assertEquals("{\"from_input_id\":\"in-1\"}", bodies.getFirst());
      assertEquals("POST /api/v1/workers/w/inputs/in-1/cancel", call(node, 1));
      assertTrue(cancelled.out().contains("in-1    turn_cancel_requested  turn-7\n"), cancelled.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"input cancel w", "input cancel w in-1 --from in-2", "input list w --state waiting",
    "queue list w --state gone", "queue command w reset", "queue wake w --merge mine x", "queue wake w --slot both x",
    "queue wake w --not-before soon x", "queue wake w --delivery now x", "queue cancel w"})
  @DisplayName("what can't be meant is refused with exit code 2 before anything is sent")
  void usage(String command) {
    try (var node = new StubNode(StubNode.problem(500, "internal"))) {
      Finished refused = run(node, command.split(" "));
      assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
      assertEquals(List.of(), node.requests());
    }
  }

  @Test
  @DisplayName("a wake with all that can be said of it")
  void wake() {
    try (var node = new StubNode(kept(202, BATCH))) {
      Finished woken = run(node, "queue", "wake", "w", "--origin", "mail", "--sequence", "17", "--event-type",
          "mail.received", "--cause", "poll", "--delivery", "after_current_turn_commit", "--slot", "join", "--merge",
          "group:mail", "--not-before", "2026-11-21T15:20:00Z", "Two", "new");
      assertEquals(ExitCode.OK, woken.exitCode(), woken.err());
      assertEquals(Json.parse("""
          {"origin": "mail", "origin_sequence": 17, "text": "Two new", "event_type": "mail.received", "cause": "poll",
           "delivery_policy": "after_current_turn_commit", "slot_policy": "join",
           "merge_key": {"kind": "group", "name": "mail"}, "available_at": "2026-11-21T15:20:00Z"}
          """), Json.parse(bodies.getFirst()));
      assertEquals("wake:mail:17", node.requests().getFirst().getRequestHeaders().getFirst("Idempotency-Key"));
      assertTrue(woken.out().contains("what       mail:17 Two new\n"), woken.out());
    }
  }

  @Test
  @DisplayName("queued work is listed with what it is, and claimed or later where it can't be taken yet")
  void list() {
    String later = BATCH.replace("2026-11-21T15:20:00Z", "2999-01-01T00:00:00Z");
    String claimed = BATCH.replace("\"class\"", "\"claim\": {\"claim_id\": \"qwc:4:1\"}, \"class\"");
    try (var node = new StubNode(StubNode.json(200, "{\"items\": [" + BATCH + "," + later + "," + claimed + "]}"))) {
      String listed = run(node, "queue", "list", "w").out();
      assertTrue(listed.contains("batch-0000000000000009  waiting "), listed);
      assertTrue(listed.matches("(?s).*batch-0000000000000009  due in [0-9]+ d [0-9]{2} h +mail:17 Two new\n.*"),
          listed);
      assertTrue(listed.contains("batch-0000000000000009  claimed "), listed);
    }
  }

  @Test
  @DisplayName("queued work that a turn has taken is cancelled with the turn")
  void batchClaimed() {
    try (var node = new StubNode(StubNode.json(409, """
        {"status": 409, "reason": "batch_claimed", "title": "t", "turn_id": "turn-0000000000000007"}
        """))) {
      Finished refused = run(node, "queue", "cancel", "w", "batch-0000000000000009");
      assertEquals(ExitCode.CONFLICT, refused.exitCode());
      assertTrue(refused.err().endsWith("\n  try: holdfast turn cancel turn-0000000000000007\n"), refused.err());
    }
  }

  @Test
  @DisplayName("queued work that was completed isn't cancelled: exit code 5, what became of it, and which turn took it")
  void batchCompleted() {
    String taken = BATCH.replace("waiting", "completed").replace("\"class\"", "\"turn_id\": \"turn-7\", \"class\"");
    String command = BATCH.replace("waiting", "completed").replace("0009", "0008");
    String cancelled = BATCH.replace("waiting", "cancelled").replace("0009", "0007");
    try (var node =
        new StubNode(StubNode.json(200, taken), StubNode.json(200, command), StubNode.json(200, cancelled))) {
      Finished refused = run(node, "queue", "cancel", "w", "batch-9", "batch-8", "batch-7", "-o", "ndjson");
      assertEquals(ExitCode.CONFLICT, refused.exitCode());
      assertEquals("""
          holdfast: batch-0000000000000009 was not cancelled: it is completed, turn-7 took it before
            try: holdfast turn show turn-7
          holdfast: batch-0000000000000008 was not cancelled: it is completed, the command was carried out before
          """, refused.err());
      assertEquals(List.of("already_completed", "already_completed", "cancelled"),
          refused.out().lines().map(line -> Verb.text(Json.parse(line), "outcome")).toList());
    }
  }

  @Test
  @DisplayName("an input that an open turn began with is listed as in that turn; programs get the state as it is")
  void inputsOfTurn() {
    String items = """
        {"items": [{"input_id": "in-5", "state": "deferred_next_turn", "turn_id": "turn-7", "content": "a"},
         {"input_id": "in-6", "state": "deferred_next_turn", "content": "b"}]}
        """;
    try (var node = new StubNode(StubNode.json(200, items))) {
      String table = run(node, "input", "list", "w").out();
      assertTrue(table.matches("(?s).*in-5 +in_open_turn +turn-7 +a\n.*in-6 +deferred_next_turn +b\n"), table);
      assertEquals("deferred_next_turn",
          Verb.text(Json.parse(run(node, "input", "list", "w", "-o", "ndjson").out().lines().findFirst().orElseThrow()),
              "state"));
    }
  }
}
