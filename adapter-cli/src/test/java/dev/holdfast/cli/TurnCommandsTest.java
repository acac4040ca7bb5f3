package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Looking at turns and sessions, and cancelling turns, against scripted answers. */
class TurnCommandsTest {
  private static final String ID = "turn-0000000000000007";
  private static final String TURN = """
      {"turn_id": "turn-0000000000000007", "session_id": "worker-00000001", "turn_index": 3,
       "created_at": "2026-11-21T15:20:00.000Z", "ended_at": "2026-11-21T15:20:12.400Z",
       "start_inputs": ["in-0000000000000005"], "start_batches": [],
       "attempts": [{"number": 1, "generation": 4, "owner_id": "key:java-1", "started_at": "2026-11-21T15:20:00.000Z",
                     "ended_at": "2026-11-21T15:20:12.400Z", "ended_by": "committed", "last_output_seq": 9}],
       "outcome": "failed", "outcome_reason": "provider_failed", "head_revision": 8,
       "usage": {"input_tokens": 12, "output_tokens": 34}}
      """;

  private static Finished run(StubNode node, String... words) {
    return Finished.inProcess(Finished.environment("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere"), words);
  }

  private static List<String> calls(StubNode node) {
    return node.requests().stream().map(r -> r.getRequestMethod() + " " + r.getRequestURI()).toList();
  }

  @Test
  @DisplayName("a turn is shown by its facts and its timeline, with the reason in words and the cause that its output names")
  void show() {
    try (var node = new StubNode(StubNode.json(200, TURN),
        StubNode.json(200, "{\"worker_ref\": {\"runtime_id\": \"rt-1\"}}"), StubNode.json(200, """
            {"events": [{"name": "turn.failed", "data": {"turn_id": "turn-0000000000000007", "attempt": 1,
             "deferred": ["in-0000000000000006"]}}]}
            """), StubNode.json(200, """
        {"items": [{"kind": "end", "seq": 9, "at": "2026-11-21T15:20:12.400Z", "note": "connection refused"}]}
        """))) {
      Finished shown = run(node, "turn", "show", ID);
      assertEquals("""
          turn      turn-0000000000000007
          worker    worker-00000001
          index     3
          state     failed: The provider failed (provider_failed), after 12.4 s
          attempts  1
          tokens    12 in, 34 out

          2026-11-21 UTC
          15:20:00.000     +0:00.0  ┌ opened by 1 input
                                    │   input in-0000000000000005
          15:20:00.000     +0:00.0  ├ attempt 1, lease generation 4
                                    │   held by key:java-1
          15:20:12.400     +0:12.4  └ failed: The provider failed (provider_failed),
                                        revision 8
                                        left input in-0000000000000006 to the next turn
                                        connection refused
          """, shown.out(), shown.err());
      assertEquals(List.of("GET /api/v1/turns/" + ID, "GET /api/v1/sessions/worker-00000001",
          "GET /api/v1/events?worker_id=worker-00000001&cursor=rt-1%3A7&limit=256",
          "GET /api/v1/turns/" + ID + "/output?after=1.8&limit=1"),
          calls(node));
    }
  }

  @Test
  @DisplayName("who may not read content gets the timeline without what only the output tells")
  void withoutContent() {
    try (var node = new StubNode(StubNode.json(200, TURN), StubNode.problem(403, "content_not_allowed"))) {
      Finished shown = run(node, "turn", "show", ID);
      assertEquals(ExitCode.OK, shown.exitCode(), shown.err());
      assertTrue(shown.out().contains("└ failed: The provider failed"), shown.out());
    }
  }

  @Test
  @DisplayName("programs get the turn as the node tells it, in one call")
  void forPrograms() {
    try (var node = new StubNode(StubNode.json(200, TURN))) {
      assertEquals(1, run(node, "turn", "show", ID, "-o", "json").out().lines().count());
      assertEquals(ID + "\n", run(node, "turn", "show", ID, "-o", "name").out());
      assertEquals(2, node.requests().size());
    }
  }

  @Test
  @DisplayName("a list of turns fits 80 columns and tells how each ended and how long it took")
  void list() {
    try (var node = new StubNode(StubNode.json(200, "{\"items\": [" + TURN + "]}"))) {
      Finished listed = run(node, "turn", "list", "worker-00000001");
      assertTrue(listed.out().contains("failed (provider_failed)") && listed.out().contains("12.4 s"), listed.out());
      assertTrue(listed.out().lines().allMatch(line -> line.length() <= 88), listed.out());
    }
  }

  private static StubNode.Answer cancelled(String stage, String control) {
    return StubNode.json(200, "{\"turn_id\": \"" + ID + "\", \"control\": \"" + control + "\", \"cancel\": {"
        + "\"requested_at\": \"2026-11-21T15:20:00.000Z\", \"stage\": \"" + stage + "\"}}");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "requested | inline | this node's own executor was told, and stops its model call",
    "requested | durable | the executor key:java-1 learns of it with its next call",
    "requested | settled | nobody works on the turn, so the node ends it",
    "released | settled | the turn has ended as cancelled"})
  @DisplayName("the cancel of a turn tells its stage and who brings it about")
  void cancel(String stage, String control, String how) {
    try (var node = new StubNode(cancelled(stage.strip(), control.strip()), StubNode.json(200, TURN))) {
      Finished cancelled = run(node, "turn", "cancel", ID, "--note", "wrong");
      assertEquals(ExitCode.OK, cancelled.exitCode(), cancelled.err());
      assertTrue(cancelled.out().contains("stage         " + stage.strip() + "\n"), cancelled.out());
      assertTrue(cancelled.out().contains("how           " + how.strip() + "\n"), cancelled.out());
    }
  }

  @Test
  @DisplayName("a wait for a stage asks again until it is reached")
  void waits() {
    try (var node = new StubNode(cancelled("requested", "durable"), cancelled("delivered", "durable"),
        cancelled("released", "durable"))) {
      Finished cancelled = run(node, "turn", "cancel", ID, "--wait", "released", "-o", "json");
      assertEquals(ExitCode.OK, cancelled.exitCode(), cancelled.err());
      assertEquals("POST /api/v1/turns/" + ID + "/cancel?wait=released&timeout_ms=5000", calls(node).getFirst());
      assertEquals(3, node.requests().size());
    }
  }

  @Test
  @DisplayName("a stage that isn't reached in time is exit code 9, with the stage, who is asked and what to look at")
  void waitsInVain() {
    try (var node = new StubNode(cancelled("delivered", "durable"))) {
      Finished waited = run(node, "turn", "cancel", ID, "--wait", "released", "--timeout", "1");
      assertEquals(ExitCode.TIMED_OUT, waited.exitCode());
      assertTrue(waited.err().contains("the cancel is delivered and not yet released; the executor"), waited.err());
      assertTrue(waited.err().contains("try: holdfast turn show " + ID), waited.err());
    }
  }

  @Test
  @DisplayName("a turn that ended before is told with its outcome, as exit code 5; a stage that isn't one is exit code 2")
  void refused() {
    try (var node = new StubNode(StubNode.json(409,
        "{\"status\": 409, \"reason\": \"completion_won\", \"title\": \"t\", \"outcome\": \"completed\"}"))) {
      Finished late = run(node, "turn", "cancel", ID);
      assertEquals(ExitCode.CONFLICT, late.exitCode());
      assertEquals("holdfast: The turn ended before it was asked to cancel (completion_won)\n  " + ID
          + " had ended before, as completed\n  try: holdfast turn show " + ID + "\n", late.err());
      assertEquals(ExitCode.USAGE, run(node, "turn", "cancel", ID, "--wait", "done").exitCode());
      assertEquals(1, node.requests().size());
    }
  }

  @Test
  @DisplayName("an answer goes on from the last checkpoint, and what was taken in is told")
  void follow() {
    String frames = """
        event: output.attempt_started
        data: {"attempt":1,"seq":1,"generation":1,"keep_until":null,"previous":null}

        event: output.delta
        data: {"attempt":1,"seq":2,"channel":"text","text":"one"}

        event: output.input_admitted
        data: {"attempt":1,"seq":3,"input_id":"in-0000000000000009"}

        event: output.checkpoint
        data: {"attempt":1,"seq":4,"commit_no":1}

        event: output.delta
        data: {"attempt":1,"seq":5,"channel":"text","text":"two"}

        event: output.attempt_started
        data: {"attempt":2,"seq":1,"generation":2,"keep_until":{"attempt":1,"seq":4},"previous":{"attempt":1,"ended_by":"lost"}}

        event: output.delta
        data: {"attempt":2,"seq":2,"channel":"text","text":"three"}

        event: output.end
        data: {"attempt":2,"seq":3,"outcome":"completed","reason":null,"head_revision":2}

        """;
    try (var node =
        new StubNode(StubNode.json(200, "{\"turn_id\":\"" + ID + "\",\"session_id\":\"w\",\"start_inputs\":[]}"),
            StubNode.stream(frames))) {
      Finished followed =
          Finished.inProcess(Finished.environment("HOLDFAST_URL", node.url(), "HOLDFAST_DATA", "/nowhere"),
              true, "turn", "follow", ID, "--no-color");
      assertEquals(ExitCode.OK, followed.exitCode(), followed.err());
      assertEquals("one\ntwo\nthree\n", followed.out());
      String talk = followed.err().replaceAll("\r|\u001b\\[K|[⠀-⣿] waiting for the model…", "");
      assertEquals("in-0000000000000009 was taken into the turn\n— attempt 2 began; attempt 1 was lost; the answer goes"
          + " on from the last checkpoint —\n", talk);
    }
  }

  @Test
  @DisplayName("off a terminal a turn's answer is all its steps, also where wakes opened it and their order is among other entries")
  void steps() {
    String end =
        "event: output.end\ndata: {\"attempt\":1,\"outcome\":\"cancelled\",\"reason\":null,\"head_revision\":1}\n\n";
    try (var node =
        new StubNode(StubNode.json(200, "{\"turn_id\":\"" + ID + "\",\"session_id\":\"w\",\"start_inputs\":[]}"),
            StubNode.stream(end), StubNode.json(200, """
            {"items": [{"role": "user", "content": "q", "turn_id": null},
                       {"role": "assistant", "content": "early", "turn_id": "turn-0000000000000001"},
                       {"role": "assistant", "content": "step one", "turn_id": "turn-0000000000000007"}], "next_start": 3}
            """), StubNode.json(200, """
            {"items": [{"role": "user", "content": "more", "turn_id": null},
                       {"role": "assistant", "content": "step two", "turn_id": "turn-0000000000000007"},
                       {"role": "assistant", "content": "late", "turn_id": "turn-0000000000000008"}], "next_start": 6}
            """))) {
      Finished followed = run(node, "turn", "follow", ID);
      assertEquals("step one\n\nstep two\n", followed.out());
      assertEquals(ExitCode.FAILED, followed.exitCode());
      assertEquals("holdfast: the turn ended as cancelled\n", followed.err());
    }
  }

  @Test
  @DisplayName("a session tells what it does, who holds it for how long yet, and what waits")
  void session() {
    try (var node = new StubNode(StubNode.json(200, """
        {"session_id": "worker-00000001", "activity": "running", "head_revision": 8, "turn_index": 3,
         "open_turn_id": "turn-0000000000000007", "usage": {"input_tokens": 12, "output_tokens": 34},
         "lease": {"generation": 4, "owner_id": "key:java-1", "incarnation_id": "1",
                   "claimed_at": "2026-11-21T15:20:00Z", "expires_at": "2999-01-01T00:00:00Z"},
         "counts": {"pending_inputs": 2, "queued_work": 0}}
        """))) {
      String shown = run(node, "session", "show", "worker-00000001").out();
      assertTrue(shown.contains("activity        running\n"), shown);
      assertTrue(shown.contains("lease           key:java-1 holds it for another "), shown);
      assertTrue(shown.contains("pending inputs  2\nqueued work     0\n"), shown);
      assertFalse(run(node, "session", "show", "worker-00000001", "-o", "json").json().members().containsKey("held"));
    }
  }
}
