package dev.holdfast.http.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.access.SchemaFit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Queued work and cancels of inputs over HTTP. */
class QueueRoutesTest {
  private final ExecutorBed bed = new ExecutorBed(Map.of());
  private final String worker = bed.worker();
  private final String path = "/api/v1/workers/" + worker;

  @AfterEach
  void close() {
    bed.close();
  }

  private static Json wake(@Nullable Object... more) {
    Map<String, @Nullable Object> members = Json.object(more).members();
    members.putIfAbsent("origin", "mail");
    members.putIfAbsent("origin_sequence", 1L);
    members.putIfAbsent("text", "look");
    return Json.of(members);
  }

  private NodeUnderTest.Answer send(String what, Json body, String... headers) {
    return bed.node.sendAs(bed.ann, "POST", path + "/" + what, body.text(), headers);
  }

  @Test
  @DisplayName("Wakes and commands are enqueued as they are sent, listed by state, and taken back")
  void queue() {
    NodeUnderTest.Answer wake = send("wakes", wake("event_type", "mail.received", "cause", "m-1", "slot_policy", "join",
        "merge_key", Json.object("kind", "group", "name", "inbox"), "available_at", "2999-01-01T00:00:00Z"));
    assertEquals(200, wake.status(), wake.body());
    assertEquals(List.of(), SchemaFit.misfits("wake", "Batch", wake.json()));
    assertEquals("turn_work earliest_safe_boundary join {kind=group, name=inbox} wake:mail:1", wake.text("class") + " "
        + wake.text("delivery_policy") + " " + wake.text("slot_policy") + " " + wake.member("merge_key") + " "
        + wake.text("source_key"));
    NodeUnderTest.Answer command = send("commands", Json.object("kind", "reset_session", "note", "anew"));
    assertEquals("session_command after_current_turn_commit exclusive {kind=never}", command.text("class") + " "
        + command.text("delivery_policy") + " " + command.text("slot_policy") + " " + command.member("merge_key"));
    NodeUnderTest.Answer list = bed.asExecutor(path + "/queue");
    assertEquals(List.of(), SchemaFit.misfits("queue", "BatchList", list.json()));
    assertEquals(2, list.items().size());
    NodeUnderTest.Answer page = bed.asExecutor(path + "/queue?limit=1");
    assertEquals(command.text("batch_id"),
        bed.asExecutor(path + "/queue?after=" + page.text("next")).items().getFirst().get("batch_id"));
    String one = path + "/queue/" + wake.text("batch_id");
    assertEquals("cancelled", bed.asAnn("DELETE", one, null).text("state"));
    assertEquals("cancelled", bed.asAnn("DELETE", one, null).text("state"));
    assertEquals(1, bed.asExecutor(path + "/queue?state=waiting").items().size());
    assertEquals(1, bed.asExecutor(path + "/queue?state=cancelled").items().size());
    assertEquals("invalid_query", bed.asExecutor(path + "/queue?state=lost").text("reason"));
    assertEquals("batch_not_found", bed.asAnn("DELETE", path + "/queue/x", null).text("reason"));
    String observer = bed.node.key(Role.OBSERVER, "ann", false);
    String seen = bed.node.sendAs(observer, "GET", path + "/queue", null).body();
    assertFalse(seen.contains("look") || seen.contains("anew") || seen.contains("m-1"), seen);
  }

  @Test
  @DisplayName("T-22 A repeated wake or command answers the original, and another payload under its key is refused with it")
  void replayed() {
    NodeUnderTest.Answer first = send("wakes", wake());
    NodeUnderTest.Answer again = send("wakes", wake());
    assertEquals("true " + first.text("batch_id"),
        again.header("Idempotency-Replayed") + " " + again.text("batch_id"));
    NodeUnderTest.Answer other = send("wakes", wake("text", "other"));
    assertEquals("409 source_key_conflict " + first.text("batch_id"),
        other.status() + " " + other.text("reason") + " " + other.text("existing_batch_id"));
    Json command = Json.object("kind", "reset_session");
    assertEquals(send("commands", command, "Idempotency-Key", "k").text("batch_id"),
        send("commands", command, "Idempotency-Key", "k").text("batch_id"));
    bed.node.post("/api/v1/runtime/stop", "{}");
    assertEquals(200, send("wakes", wake()).status());
    assertEquals("runtime_stopped", send("wakes", wake("origin_sequence", 2L)).text("reason"));
  }

  @Test
  @DisplayName("A malformed wake or command is a 400 that names the field")
  void malformed() {
    for (Json body : List.of(wake("origin", ""), wake("origin_sequence", -1L), wake("event_type", " "),
        wake("dedupe_key", " "), wake("cause", "x".repeat(201)), wake("delivery_policy", "LATER"),
        wake("slot_policy", "both"), wake("available_at", "tomorrow"), wake("available_at", "+99999-01-01T00:00:00Z"),
        wake("text", " "))) {
      NodeUnderTest.Answer answer = send("wakes", body);
      assertEquals("400 invalid_request", answer.status() + " " + answer.text("reason"), body.text());
      assertEquals(true, body.members().containsKey(answer.text("field")), answer.body());
    }
    assertEquals("merge_key.kind", send("wakes", wake("merge_key", Json.object("kind", "x"))).text("field"));
    assertEquals("merge_key.name",
        send("wakes", wake("merge_key", Json.object("kind", "group", "name", ""))).text("field"));
    assertEquals("kind", send("commands", Json.object("kind", "wake")).text("field"));
    assertEquals("input_too_large", send("wakes", wake("text", "x".repeat(2 << 20))).text("reason"));
  }

  @Test
  @DisplayName("T-31 What an executor has claimed can't be taken back")
  void claimed() {
    String batch = bed.command(worker, "reset_session");
    ExecutorClient executor = bed.client(worker, "a");
    executor.take();
    executor.nextWork();
    NodeUnderTest.Answer answer = bed.asAnn("DELETE", path + "/queue/" + batch, null);
    assertEquals("409 batch_claimed", answer.status() + " " + answer.text("reason"));
    Object claim = bed.asExecutor(path + "/queue").items().getFirst().get("claim");
    assertEquals(1L, ExecutorClient.of(ExecutorClient.object(claim), "generation"));
    assertFalse(bed.asExecutor(path + "/queue").body().contains("claim_token"));
  }

  @Test
  @DisplayName("T-47, T-A41 An input that waits is cancelled, one that a turn holds only with the turn, one that has ended not at all")
  void inputs() {
    String waiting = bed.input(worker, "a");
    NodeUnderTest.Answer cancelled = bed.asAnn("POST", path + "/inputs/" + waiting + "/cancel", null);
    assertEquals(List.of(), SchemaFit.misfits("cancel", "InputCancelled", cancelled.json()));
    assertEquals("cancelled", cancelled.text("outcome"));
    assertEquals("already_cancelled", bed.asAnn("POST", path + "/inputs/" + waiting + "/cancel", "{}").text("outcome"));
    String held = bed.input(worker, "b");
    ExecutorClient executor = bed.client(worker, "a");
    executor.take();
    NodeUnderTest.Answer work = executor.nextWork();
    NodeUnderTest.Answer claimed = bed.asAnn("POST", path + "/inputs/" + held + "/cancel", "{}");
    assertEquals("409 already_claimed " + executor.owner() + " " + ExecutorBed.turn(work), claimed.status() + " "
        + claimed.text("reason") + " " + claimed.text("owner_id") + " " + claimed.text("turn_id"));
    NodeUnderTest.Answer asked = bed.asAnn("POST", path + "/inputs/" + held + "/cancel", "{\"cascade\":true}");
    assertEquals("turn_cancel_requested " + ExecutorBed.turn(work),
        asked.text("outcome") + " " + asked.text("turn_id"));
    assertEquals("settle", executor.nextWork().text("kind"));
    executor.release();
    // Nobody holds the turn any more, so a repetition ends it at once.
    bed.asAnn("POST", path + "/inputs/" + held + "/cancel", "{\"cascade\":true}");
    NodeUnderTest.Answer ended =
        bed.asAnn("POST", "/api/v1/turns/" + ExecutorBed.turn(work) + "/cancel?wait=released", null);
    assertEquals("settled", ended.text("control"));
    assertEquals("already_completed", bed.asAnn("POST", path + "/inputs/" + held + "/cancel", "{}").text("reason"));
    assertEquals("input_not_found", bed.asAnn("POST", path + "/inputs/in-x/cancel", "{}").text("reason"));
  }

  @Test
  @DisplayName("T-48 Inputs are cancelled by a list of targets, or from one on, with a result for each")
  void many() {
    String first = bed.input(worker, "a");
    NodeUnderTest.Answer keyed = bed.node.sendAs(bed.ann, "POST", path + "/inputs", "{\"content\":\"b\"}",
        "Idempotency-Key", "k");
    String third = bed.input(worker, "c");
    Json body = Json.object("targets", List.of(Json.object("input_id", first), Json.object("source_key", "k"),
        Json.object("input_id", first), Json.object("source_key", "unknown")));
    NodeUnderTest.Answer results = bed.asAnn("POST", path + "/inputs/cancel", body.text());
    assertEquals(List.of(), SchemaFit.misfits("cancel", "InputsCancelled", results.json()));
    assertEquals(
        "[{input_id=" + first + ", outcome=cancelled, target=" + first + "}, {input_id=" + keyed.text("input_id")
            + ", outcome=cancelled, target=k}, {input_id=" + first + ", outcome=already_cancelled, target=" + first
            + "}, {outcome=not_found, target=unknown}]",
        String.valueOf(results.member("results")));
    NodeUnderTest.Answer suffix =
        bed.asAnn("POST", path + "/inputs/cancel", Json.object("from_input_id", keyed.text("input_id")).text());
    assertEquals(
        "[{input_id=" + keyed.text("input_id") + ", outcome=already_cancelled, target=" + keyed.text("input_id")
            + "}, {input_id=" + third + ", outcome=cancelled, target=" + third + "}]",
        String.valueOf(suffix.member("results")));
    assertEquals("anchor_not_found", bed.asAnn("POST", path + "/inputs/cancel",
        "{\"from_input_id\":\"in-00000000000000ff\"}").text("reason"));
    for (String wrong : List.of("{}", "{\"targets\":[{}]}", "{\"targets\":[{\"input_id\":\"x\"}]}",
        "{\"targets\":[{\"input_id\":\"" + first + "\",\"source_key\":\"k\"}]}", "{\"from_input_id\":\"x\"}")) {
      assertEquals("invalid_request", bed.asAnn("POST", path + "/inputs/cancel", wrong).text("reason"), wrong);
    }
  }

  @Test
  @DisplayName("T-41 An input may name the running turn and the checkpoint from which on it is taken, and its state says where it waits")
  void steering() {
    String body = "{\"content\":\"x\",\"ingress\":{\"kind\":\"active_turn\"";
    assertEquals("deferred_next_turn", bed.asAnn("POST", path + "/inputs", body + "}}").text("input_state"));
    ExecutorClient executor = bed.client(worker, "a");
    executor.take();
    String turn = ExecutorBed.turn(executor.nextWork());
    NodeUnderTest.Answer named = bed.asAnn("POST", path + "/inputs",
        body + ",\"turn_id\":\"" + turn + "\",\"min_boundary\":\"before_completion\"}}");
    assertEquals("pending_active", named.text("input_state"));
    assertEquals(1, bed.asExecutor(path + "/inputs?state=pending_active").items().size());
    assertEquals("{kind=active_turn, min_boundary=before_completion, turn_id=" + turn + "}", String.valueOf(
        bed.asExecutor(path + "/inputs/" + named.text("input_id")).member("submitted_ingress")));
    assertEquals("{}", executor.claims(turn, 1, "after_work").json().text());
    assertEquals(1, bed.asExecutor(path + "/inputs?state=pending_active").items().size());
    executor.claims(turn, 1, "before_completion");
    assertEquals(1, bed.asExecutor(path + "/inputs?state=accepted").items().size());
    assertEquals("turn_not_found", bed.asAnn("POST", path + "/inputs",
        body + ",\"turn_id\":\"turn-00000000000000ff\"}}").text("reason"));
    for (String field : List.of("\"turn_id\":\"x\"", "\"min_boundary\":\"never\"")) {
      NodeUnderTest.Answer wrong = bed.asAnn("POST", path + "/inputs", body + "," + field + "}}");
      assertEquals("400 invalid_request", wrong.status() + " " + wrong.text("reason"), field);
    }
  }
}
