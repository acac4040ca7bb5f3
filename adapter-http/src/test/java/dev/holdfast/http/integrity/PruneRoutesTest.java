package dev.holdfast.http.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.http.Follower;
import dev.holdfast.http.NodeUnderTest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pruning over HTTP, and what readers are told of it. */
class PruneRoutesTest {
  private static final String LATE = "2999-01-01T00:00:00.000Z";
  private static final String PRUNE = "/api/v1/store/prune";

  private static Json counts(NodeUnderTest.Answer answer) {
    return Json.of(Objects.requireNonNull(answer.member("counts")));
  }

  private static String answered(NodeUnderTest node, String worker) {
    node.post("/api/v1/workers/" + worker + "/inputs",
        "{\"content\":\"hi\",\"options\":{\"scripted\":{\"text\":\"so\",\"delay_ms\":0}}}", "Idempotency-Key", "once");
    try (Follower events = node.follow("/api/v1/events/stream?worker_id=" + worker)) {
      return events.until(frame -> frame.event().equals("turn.completed")).getLast().text("data", "turn_id");
    }
  }

  @Test
  @DisplayName("A dry run is the default and leaves no record; what is done is told with its counts and its range")
  void dryRun() {
    try (var node = NodeUnderTest.started()) {
      answered(node, node.post("/api/v1/workers", "{}").text("worker_id"));
      Object head = node.get("/api/v1/audit/head").member("seq");
      NodeUnderTest.Answer told = node.post(PRUNE, Json.object("events_before", LATE, "outputs_before", LATE).text());
      assertEquals(200, told.status(), told.body());
      assertEquals(true, told.member("dry_run"));
      assertEquals(1L, told.member("from_id"));
      assertEquals(head, node.get("/api/v1/audit/head").member("seq"));
      assertTrue((Long) Objects.requireNonNull(counts(told).members().get("output_records")) >= 3, told.body());

      NodeUnderTest.Answer done = node.post(PRUNE,
          Json.object("events_before", LATE, "outputs_before", LATE, "dry_run", false).text());
      assertEquals(false, done.member("dry_run"));
      assertEquals(told.member("counts"), done.member("counts"));
      assertEquals(told.member("to_id"), done.member("to_id"));
      Map<String, ?> entry = node.get("/api/v1/audit?action=store.prune").items().getFirst();
      assertEquals("events:" + done.member("to_id") + ",audit:0", entry.get("target"));

      assertEquals(400, node.post(PRUNE, "{}").status());
      assertEquals("invalid_request", node.post(PRUNE, "{\"dry_run\":false}").text("reason"));
      assertEquals(400, node.post(PRUNE, "{\"events_before\":\"yesterday\"}").status());
    }
  }

  @Test
  @DisplayName("W-44, T-75 pages and streams of the feed and of a turn's output tell what is gone")
  void gaps() {
    try (var node = NodeUnderTest.started()) {
      String worker = node.post("/api/v1/workers", "{}").text("worker_id");
      String output = "/api/v1/turns/" + answered(node, worker) + "/output";
      String end = node.get(output).text("next");
      Object last = node.post(PRUNE, Json.object("events_before", LATE, "outputs_before", LATE, "tombstones_before",
          LATE, "dry_run", false).text()).member("to_id");

      NodeUnderTest.Answer page = node.get("/api/v1/events");
      assertEquals(Json.object("from_id", 1, "to_id", last, "why", "pruned"),
          Json.of(Objects.requireNonNull(page.member("gap"))));
      try (Follower stream = node.follow("/api/v1/events/stream")) {
        List<Follower.Frame> frames = stream.until(frame -> frame.event().equals("store.pruned"));
        assertEquals("gap", frames.getFirst().event());
        assertTrue(frames.getFirst().id().endsWith(":" + ((Long) Objects.requireNonNull(last) + 1)));
        assertEquals(last, frames.getFirst().member("to_id"));
      }

      NodeUnderTest.Answer gone = node.get(output + "?after=1.1");
      assertEquals(Json.object("from", "1.1", "to", end, "why", "pruned"),
          Json.of(Objects.requireNonNull(gone.member("gap"))));
      assertEquals(List.of(), gone.items());
      assertEquals(true, gone.member("ended"));
      assertEquals(204, node.get(output + "?after=" + end).status());
      try (Follower stream = node.follow(output)) {
        List<Follower.Frame> frames = stream.until(_ -> false);
        assertEquals(List.of("gap"), frames.stream().map(Follower.Frame::event).toList());
        assertEquals(end, frames.getFirst().id());
      }

      NodeUnderTest.Answer transcript = node.get("/api/v1/workers/" + worker + "/transcript");
      assertNull(transcript.member("first_start"), "a running worker's transcript stays");
      assertEquals(2, transcript.items().size());
      String input = (String) transcript.items().getFirst().get("input_id");
      assertEquals(404, node.get("/api/v1/workers/" + worker + "/inputs/" + input).status());
      NodeUnderTest.Answer again = node.post("/api/v1/workers/" + worker + "/inputs", "{\"content\":\"another\"}",
          "Idempotency-Key", "once");
      assertEquals(200, again.status(), again.body());
      assertNotEquals(input, again.text("input_id"));
    }
  }

  @Test
  @DisplayName("W-70 A pruned transcript says where it begins")
  void transcript() {
    try (var node = NodeUnderTest.started()) {
      String worker = node.post("/api/v1/workers", "{}").text("worker_id");
      answered(node, worker);
      node.post("/api/v1/workers/" + worker + "/stop", "{}");
      NodeUnderTest.Answer done =
          node.post(PRUNE, Json.object("transcripts_of_finished_before", LATE, "dry_run", false).text());
      assertEquals(2L, counts(done).members().get("transcript_entries"));
      NodeUnderTest.Answer page = node.get("/api/v1/workers/" + worker + "/transcript");
      assertEquals(2L, page.member("first_start"));
      assertEquals(2L, page.member("total_items"));
      assertEquals(List.of(), page.items());
    }
  }
}
