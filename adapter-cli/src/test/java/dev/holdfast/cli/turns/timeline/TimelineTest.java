package dev.holdfast.cli.turns.timeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineTest {
  private static final Instant NOW = Instant.parse("2026-11-21T15:25:00.000Z");

  private static final String KILLED = """
      {"turn_id": "turn-0000000000000007", "created_at": "2026-11-21T15:20:01.120Z",
       "start_inputs": ["in-0000000000000005"], "start_batches": [],
       "attempts": [
         {"number": 1, "generation": 4, "owner_id": "builtin:node", "started_at": "2026-11-21T15:20:01.120Z",
          "ended_at": "2026-11-21T15:20:17.401Z", "ended_by": "lost", "commits": 1, "last_output_seq": 17},
         {"number": 2, "generation": 5, "owner_id": "builtin:node", "started_at": "2026-11-21T15:20:17.401Z",
          "ended_at": "2026-11-21T15:21:25.438Z", "ended_by": "committed", "commits": 0, "last_output_seq": 30}],
       "checkpoints": [{"attempt": 1, "commit_no": 1, "head_revision": 7, "at": "2026-11-21T15:20:03.240Z",
                        "inputs": ["in-0000000000000009"], "wakes": ["batch-000000000000000a"]}],
       "outcome": "failed", "outcome_reason": "provider_failed", "head_revision": 8,
       "ended_at": "2026-11-21T15:21:25.438Z"}
      """;

  private static String drawn(String turn, Findings found) {
    return String.join("\n", new Timeline(Json.parse(turn), found).lines()) + "\n";
  }

  private static Findings nothing() {
    return new Findings(null, List.of(), Map.of(), NOW);
  }

  @Test
  @DisplayName("a killed holder: its last sign, the time without one, the next attempt, the checkpoint with what it took in, the end"
      + " with its reason in words")
  void killed() {
    Json sign = Json.parse("{\"at\": \"2026-11-21T15:20:05.001Z\", \"seq\": 17}");
    Json end = Json.parse("{\"at\": \"2026-11-21T15:21:25.438Z\", \"seq\": 30, \"note\": \"connection refused\"}");
    assertEquals("""
        2026-11-21 UTC
        15:20:01.120     +0:00.0  ┌ opened by 1 input
                                  │   input in-0000000000000005
        15:20:01.120     +0:00.0  ├ attempt 1, lease generation 4
                                  │   held by builtin:node
        15:20:03.240     +0:02.1  ├ checkpoint 1, revision 7
                                  │   took in input in-0000000000000009
                                  │   took in wake batch-000000000000000a
        15:20:05.001     +0:03.8  ├ last sign of attempt 1: output record 17
                                  ┊ 12.4 s without a sign of it
        15:20:17.401     +0:16.2  ├ attempt 1 lost
                                  ┊   after 17 output records and 1 checkpoint
        15:20:17.401     +0:16.2  ├ attempt 2, lease generation 5
                                  │   held by builtin:node
        15:21:25.438     +1:24.3  └ failed: The provider failed (provider_failed),
                                      revision 8
                                      connection refused
        """, drawn(KILLED, new Findings(null, List.of(), Map.of(1, sign, 2, end), NOW)));
  }

  @Test
  @DisplayName("a hand-over and the time without a holder, a cancel stage by stage, across midnight")
  void cancelled() {
    assertEquals("""
        2026-11-21 UTC
        23:59:30.000     +0:00.0  ┌ opened by 2 wakes
                                  │   wake batch-0000000000000001
                                  │   wake batch-0000000000000002
        23:59:30.010     +0:00.0  ├ attempt 1, lease generation 1
                                  │   held by 0123456789abcdef:java-1
        23:59:40.010     +0:10.0  ├ attempt 1 handed over
                                  ┊   after 1 output record and 0 checkpoints
                                  ┊ 1 m 00 s without a holder
        2026-11-22 UTC            ┊
        00:00:40.010     +1:10.0  ├ attempt 2, lease generation 2
                                  │   held by 0123456789abcdef:java-1
        00:00:41.000     +1:11.0  ├ cancel requested by key fedcba9876543210
                                  │   “wrong branch, see the long note that somebody has
                                  │     written about it”
        00:00:41.500     +1:11.5  ├ cancel delivered: the holder was told
        00:00:41.600     +1:11.6  ├ cancel acknowledged: the holder has stopped
        00:00:42.000     +1:12.0  └ cancelled, revision 3
        """, drawn("""
        {"created_at": "2026-11-21T23:59:30Z",
         "start_inputs": [], "start_batches": ["batch-0000000000000001", "batch-0000000000000002"],
         "attempts": [
           {"number": 1, "generation": 1, "owner_id": "0123456789abcdef:java-1", "started_at": "2026-11-21T23:59:30.010Z",
            "ended_at": "2026-11-21T23:59:40.010Z", "ended_by": "handed_over", "commits": 0, "last_output_seq": 1},
           {"number": 2, "generation": 2, "owner_id": "0123456789abcdef:java-1", "started_at": "2026-11-22T00:00:40.010Z",
            "ended_at": "2026-11-22T00:00:42.000Z", "ended_by": "committed", "commits": 0, "last_output_seq": 2}],
         "cancel": {"requested_at": "2026-11-22T00:00:41Z", "by": "fedcba9876543210", "stage": "released",
                    "note": "wrong branch, see the long note that somebody has written about it",
                    "delivered_at": "2026-11-22T00:00:41.500Z", "acknowledged_at": "2026-11-22T00:00:41.600Z",
                    "released_at": "2026-11-22T00:00:42Z"},
         "outcome": "cancelled", "head_revision": 3, "ended_at": "2026-11-22T00:00:42Z"}
        """, nothing()));
  }

  private static final String OPEN = """
      {"created_at": "2026-11-21T15:20:00Z", "start_inputs": ["in-0000000000000005"],
       "deadline_at": "2026-11-21T15:50:00Z", "attempts": [
         {"number": 1, "generation": 4, "owner_id": "builtin:node", "started_at": "2026-11-21T15:20:00Z"}]}
      """;

  private static Findings leaseUntil(String expires) {
    return new Findings(
        Json.parse("{\"lease\": {\"owner_id\": \"builtin:node\", \"expires_at\": \"" + expires + "\"}}"),
        List.of(), Map.of(1, Json.parse("{\"at\": \"2026-11-21T15:24:00Z\", \"seq\": 3}")), NOW);
  }

  @Test
  @DisplayName("an open turn that is held: by whom, how long yet, and its deadline")
  void held() {
    String drawing = drawn(OPEN, new Findings(leaseUntil("2026-11-21T15:25:21Z").session(), List.of(), Map.of(), NOW));
    assertEquals("""
        now              +5:00.0  ▸ open; builtin:node holds it for another 21.0 s
                                      its deadline is in 25 m 00 s
        """, drawing.substring(drawing.indexOf("now ")));
  }

  @Test
  @DisplayName("a holder that nothing was heard of for a while is told as such: it may be dead until its lease is over")
  void silentHolder() {
    Json session = Json.parse("{\"lease\": {\"owner_id\": \"k:java\", \"renewed_at\": \"2026-11-21T15:24:51Z\","
        + " \"expires_at\": \"2026-11-21T15:25:21Z\"}}");
    String drawing = drawn(OPEN, new Findings(session, List.of(), Map.of(), NOW));
    assertEquals("""
        now              +5:00.0  ▸ open; k:java holds it for another 21.0 s
                                      its deadline is in 25 m 00 s
                                      renewed 9.0 s ago; had it died since, that would
                                        show when the lease ends
        """, drawing.substring(drawing.indexOf("now ")));
  }

  @Test
  @DisplayName("why an attempt was lost and what was left to the next turn, as events tell; the node's own settling is no attempt")
  void settled() {
    Json lost = Json.parse("""
        {"name": "turn.attempt_lost", "data": {"turn_id": "turn-7", "attempt": 1, "why": "lease_expired",
         "deferred": ["in-6"]}}
        """);
    Json failed =
        Json.parse(
            "{\"name\": \"turn.failed\", \"data\": {\"turn_id\": \"turn-7\", \"attempt\": 2, \"deferred\": [\"in-8\"]}}");
    Json other = Json.parse("{\"name\": \"turn.attempt_lost\", \"data\": {\"turn_id\": \"turn-8\", \"attempt\": 1}}");
    assertEquals("""
        2026-11-21 UTC
        15:20:00.000     +0:00.0  ┌ opened by 1 input
                                  │   input in-5
        15:20:00.000     +0:00.0  ├ attempt 1, lease generation 4
                                  │   held by k:java
        15:50:00.000    +30:00.0  ├ attempt 1 lost: its lease ran out
                                  ┊   after 3 output records and 0 checkpoints
                                  ┊   left input in-6 to the next turn
        15:50:00.000    +30:00.0  ├ to be settled, lease generation 5
                                  │   by builtin:node, without a model call
        15:50:00.010    +30:00.0  └ failed: The turn's deadline has passed
                                      (turn_deadline_exceeded), revision 3
                                      left input in-8 to the next turn
        """, drawn("""
        {"turn_id": "turn-7", "created_at": "2026-11-21T15:20:00Z", "start_inputs": ["in-5"],
         "attempts": [
           {"number": 1, "generation": 4, "owner_id": "k:java", "started_at": "2026-11-21T15:20:00Z",
            "ended_at": "2026-11-21T15:50:00Z", "ended_by": "lost", "commits": 0, "last_output_seq": 3},
           {"number": 2, "generation": 5, "owner_id": "builtin:node", "started_at": "2026-11-21T15:50:00Z",
            "ended_at": "2026-11-21T15:50:00.010Z", "ended_by": "committed", "commits": 0, "last_output_seq": 2,
            "settling": true}],
         "outcome": "failed", "outcome_reason": "turn_deadline_exceeded", "head_revision": 3,
         "ended_at": "2026-11-21T15:50:00.010Z"}
        """, new Findings(null, List.of(other, lost, failed), Map.of(), NOW)));
  }

  @Test
  @DisplayName("an open turn that nobody holds: the last sign, when the lease ran out, and since when nobody is there")
  void interrupted() {
    String drawing = drawn(OPEN, leaseUntil("2026-11-21T15:24:30Z"));
    assertEquals("""
        15:24:00.000     +4:00.0  ├ last sign of attempt 1: output record 3
                                  ┊ 30.0 s without a sign of it
        15:24:30.000     +4:30.0  ├ the lease of attempt 1 ran out
                                  ┊ 30.0 s without a holder
        now              +5:00.0  ▸ open; nobody holds it: the lease of builtin:node ran
                                      out 30.0 s ago
                                      its deadline is in 25 m 00 s
        """, drawing.substring(drawing.indexOf("15:24")));
  }

  @Test
  @DisplayName("nothing is wider than 80 columns but a word that is, and no text of others moves the lines")
  void width() {
    List<String> lines = new Timeline(Json.parse("""
        {"created_at": "2026-11-21T15:20:00Z", "start_inputs": ["in-0000000000000005"], "attempts": [
           {"number": 1, "generation": 4, "owner_id": "k:a\\nb", "started_at": "2026-11-21T15:20:00Z"}],
         "cancel": {"requested_at": "2026-11-21T15:20:01Z", "note": "WORDS"}}
        """.replace("WORDS", "two\\nlines ".repeat(40) + "x".repeat(90))), nothing()).lines();
    assertTrue(lines.stream().filter(line -> !line.contains("xxx")).allMatch(line -> line.length() <= 80),
        lines.toString());
    assertTrue(lines.contains(" ".repeat(26) + "│   held by k:a b"), lines.toString());
    assertTrue(lines.stream().anyMatch(line -> line.contains("x".repeat(90))), lines.toString());
  }

  @Test
  @DisplayName("a turn that tells no time has no timeline")
  void timeless() {
    assertEquals(List.of(), new Timeline(Json.parse("{\"attempts\": [{\"number\": 1}]}"), nothing()).lines());
  }

  @ParameterizedTest
  @CsvSource({"-5, 0 ms", "0, 0 ms", "999, 999 ms", "1000, 1.0 s", "59999, 59.9 s", "60000, 1 m 00 s",
    "3599999, 59 m 59 s", "3600000, 1 h 00 m", "86399999, 23 h 59 m", "100000000, 1 d 03 h"})
  @DisplayName("lengths of time as people say them")
  void spans(long millis, String text) {
    assertEquals(text, new Span(Duration.ofMillis(millis)).text());
  }
}
