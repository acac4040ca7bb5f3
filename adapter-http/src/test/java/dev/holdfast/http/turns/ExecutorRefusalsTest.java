package dev.holdfast.http.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the calls of an executor are refused for. */
class ExecutorRefusalsTest {
  private final ExecutorBed bed = new ExecutorBed(Map.of());
  private final String worker = bed.worker();
  private final ExecutorClient executor = bed.client(worker, "a");
  private NodeUnderTest.Answer work = bed.asExecutor("/api/v1/whoami");
  private String turn = "";

  @BeforeEach
  void begin() {
    bed.input(worker, "go");
    executor.take();
    work = executor.nextWork();
    turn = ExecutorBed.turn(work);
  }

  @AfterEach
  void close() {
    bed.close();
  }

  /** Every call of the protocol that names a session or a turn, by its path, with a body that is right. */
  private Map<String, Json> calls(String session, String ofTurn, Json fence, String owner) {
    Map<String, Json> calls = new LinkedHashMap<>();
    String path = "/api/v1/sessions/" + session;
    calls.put(path + "/lease", Json.object("owner_id", owner, "incarnation_id", "1"));
    calls.put(path + "/lease/reclaim", Json.object("owner_id", owner, "incarnation_id", "1", "observed",
        Json.object("owner_id", executor.owner(), "incarnation_id", "1", "generation", 1)));
    calls.putAll(held(session, ofTurn, fence));
    return calls;
  }

  /** Those of a holder. */
  private Map<String, Json> held(String session, String ofTurn, Json fence) {
    Map<String, Json> calls = new LinkedHashMap<>();
    String path = "/api/v1/sessions/" + session;
    Object claim = ExecutorClient.of(ExecutorBed.claim(work), "claim_id");
    Object token = ExecutorClient.of(ExecutorBed.claim(work), "claim_token");
    calls.put(path + "/lease/renew", Json.object("fence", fence));
    calls.put(path + "/next-work", Json.object("fence", fence));
    calls.put(path + "/checkpoint-claims",
        Json.object("fence", fence, "turn_id", ofTurn, "attempt", 1, "kind", "after_work"));
    calls.put(path + "/commits", Json.object("fence", fence, "turn_id", ofTurn, "attempt", 1, "outcome", "completed",
        "completed", List.of(ExecutorBed.claim(work))));
    calls.put(path + "/cancel-ack", Json.object("fence", fence, "turn_id", ofTurn));
    calls.put("/api/v1/turns/" + ofTurn + "/output", Json.object("fence", fence, "attempt", 1, "first_seq", 2,
        "records", List.of(Json.object("kind", "delta", "text", "x"))));
    calls.put(path + "/abandon", Json.object("fence", fence, "claim_id", claim, "claim_token", token));
    calls.put(path + "/lease/release", Json.object("fence", fence));
    return calls;
  }

  private String shown() {
    return bed.node.get("/api/v1/turns/" + turn).body() + bed.node.get("/api/v1/turns/" + turn + "/output").body();
  }

  @Test
  @DisplayName("T-A39, A-24 Sessions of another subject, and of the node's own executor, are unknown to an executor's key on every route")
  void foreign() {
    String eve = bed.node.key(Role.EXECUTOR, "eve", true);
    String before = shown();
    calls(worker, turn, executor.fence(), eve.substring(4, 20) + ":e").forEach((path, body) -> {
      NodeUnderTest.Answer answer = bed.node.sendAs(eve, "POST", path, body.text());
      assertEquals(path.contains("/turns/") ? "404 turn_not_found" : "404 worker_not_found",
          answer.status() + " " + answer.text("reason"), path);
    });
    String context = "/api/v1/sessions/" + worker + "/context?turn_id=" + turn;
    assertEquals(404, bed.node.sendAs(eve, "GET", context, null).status());
    assertEquals(before, shown());
    assertEquals(List.of(), bed.node.sendAs(eve, "GET", "/api/v1/executor/work", null).items());

    String builtin = bed.asAnn("POST", "/api/v1/workers", "{}").text("worker_id");
    calls(builtin, turn, executor.fence(), executor.owner()).forEach((path, body) -> {
      if (!path.contains("/turns/")) {
        assertEquals("worker_not_found", bed.node.sendAs(bed.executor, "POST", path, body.text()).text("reason"), path);
      }
    });
    for (String read : List.of("/api/v1/workers/" + builtin, "/api/v1/workers/" + builtin + "/transcript",
        "/api/v1/workers/" + builtin + "/inputs", "/api/v1/workers/" + builtin + "/turns",
        "/api/v1/workers/" + builtin + "/queue", "/api/v1/sessions/" + builtin,
        "/api/v1/events?worker_id=" + builtin)) {
      assertEquals(404, bed.asExecutor(read).status(), read);
      assertEquals(200, bed.asAnn("GET", read, null).status(), read);
    }
    assertEquals(List.of(worker),
        bed.asExecutor("/api/v1/workers").items().stream().map(one -> one.get("worker_id")).toList());
    assertTrue(!bed.asExecutor("/api/v1/events").body().contains(builtin));
  }

  @Test
  @DisplayName("T-A39 Under a fence that was overtaken every call is refused as lease_expired, or has no effect, and nothing changes")
  void stale() {
    bed.pass(Duration.ofSeconds(31));
    ExecutorClient next = bed.client(worker, "b");
    assertEquals(200, next.take().status());
    assertEquals(2L, ExecutorClient.object(next.nextWork().member("attempt")).members().get("number"));
    String before = shown();
    held(worker, turn, executor.fence()).forEach((path, body) -> {
      NodeUnderTest.Answer answer = bed.node.sendAs(bed.executor, "POST", path, body.text());
      if (path.endsWith("/release") || path.endsWith("/abandon")) {
        assertEquals(204, answer.status(), path);
      } else {
        assertEquals("409 lease_expired", answer.status() + " " + answer.text("reason"), path);
      }
    });
    assertEquals(before, shown());
    assertEquals(200, next.renew().status());
  }

  @Test
  @DisplayName("T-6 A fence of another session is a session_binding_mismatch on every call of a holder")
  void otherSession() {
    String other = bed.worker();
    Json fence = Json.object("session_id", other, "owner_id", executor.owner(), "incarnation_id", "1", "lease_token",
        "t", "generation", 1);
    held(worker, turn, fence).forEach((path, body) -> {
      NodeUnderTest.Answer answer = bed.node.sendAs(bed.executor, "POST", path, body.text());
      assertEquals("409 session_binding_mismatch", answer.status() + " " + answer.text("reason"), path);
    });
  }

  @Test
  @DisplayName("T-A40 Records that are known are ignored, a gap is refused with the number that is expected, and so are other attempts, ended turns and too much")
  void append() {
    assertEquals(3L, executor.append(turn, 1, 2, "a", "b").member("last_seq"));
    assertEquals(4L, executor.append(turn, 1, 2, "other", "other", "c").member("last_seq"));
    NodeUnderTest.Answer gap = executor.append(turn, 1, 6, "x");
    assertEquals("409 output_gap 5", gap.status() + " " + gap.text("reason") + " " + gap.member("expected_seq"));
    assertEquals("attempt_superseded", executor.append(turn, 2, 5, "x").text("reason"));
    assertEquals("abc", String.join("", bed.asExecutor("/api/v1/turns/" + turn + "/output").items().stream()
        .filter(record -> "delta".equals(record.get("kind"))).map(record -> (String) record.get("text")).toList()));
    String[] many = new String[257];
    Arrays.fill(many, "x");
    assertEquals("records", executor.append(turn, 1, 5, many).text("field"));
    assertEquals("400 records[1].text", longDelta(16 * 1024 + 1));
    assertEquals("413 body_too_large", tooLarge());
    NodeUnderTest.Answer end = executor.commit("turn_id", turn, "attempt", 1, "outcome", "completed", "completed",
        List.of(ExecutorBed.claim(work)));
    assertEquals(200, end.status(), end.body());
    assertEquals("turn_ended", executor.append(turn, 1, 5, "x").text("reason"));
  }

  private String longDelta(int characters) {
    NodeUnderTest.Answer answer = executor.append(turn, 1, 5, "x", "x".repeat(characters));
    return answer.status() + " " + answer.member("field");
  }

  private String tooLarge() {
    NodeUnderTest.Answer answer = executor.append(turn, 1, 5, "x".repeat(256 * 1024));
    return answer.status() + " " + answer.text("reason");
  }

  private String wrong(String path, Json body) {
    NodeUnderTest.Answer answer = bed.node.sendAs(bed.executor, "POST", path, body.text());
    return answer.status() + " " + answer.text("reason") + " " + answer.member("field");
  }

  private Json with(Json body, String member, @Nullable Object value) {
    Map<String, @Nullable Object> members = body.members();
    members.put(member, value);
    return Json.of(members);
  }

  @Test
  @DisplayName("Malformed calls of the protocol are a 400 that names the field")
  void malformed() {
    Map<String, Json> calls = calls(worker, turn, executor.fence(), executor.owner());
    calls.forEach((path, body) -> {
      assertEquals("400 unknown_field surprise", wrong(path, with(body, "surprise", 1)), path);
      if (body.members().containsKey("fence")) {
        Json fence = executor.fence();
        assertEquals("400 invalid_request fence", wrong(path, with(body, "fence", null)), path);
        assertEquals("400 invalid_request fence", wrong(path, with(body, "fence", "f")), path);
        assertEquals("400 invalid_request fence.session_id",
            wrong(path, with(body, "fence", with(fence, "session_id", "s"))), path);
        assertEquals("400 invalid_request fence.generation",
            wrong(path, with(body, "fence", with(fence, "generation", 0))), path);
        assertEquals("400 unknown_field fence.more", wrong(path, with(body, "fence", with(fence, "more", 0))), path);
      }
    });
    String lease = "/api/v1/sessions/" + worker + "/lease";
    Json take = Objects.requireNonNull(calls.get(lease));
    assertEquals("400 invalid_request owner_id", wrong(lease, with(take, "owner_id", "0123456789abcdef:x")));
    assertEquals("400 invalid_request incarnation_id", wrong(lease, with(take, "incarnation_id", "")));
    assertEquals("400 ttl_too_small null", wrong(lease, with(take, "ttl_ms", 0)));
    assertEquals("400 invalid_request ttl_ms", wrong(lease, with(take, "ttl_ms", 60_001)));
    assertEquals("400 invalid_request liveness.kind",
        wrong(lease, with(take, "liveness", Json.object("kind", "undead"))));
    String claims = "/api/v1/sessions/" + worker + "/checkpoint-claims";
    assertEquals("400 invalid_request kind",
        wrong(claims, with(Objects.requireNonNull(calls.get(claims)), "kind", "AFTER_WORK")));
  }

  @Test
  @DisplayName("A malformed commit is a 400 that names the field, and commits nothing")
  void malformedCommit() {
    String path = "/api/v1/sessions/" + worker + "/commits";
    Json good = Objects.requireNonNull(held(worker, turn, executor.fence()).get(path));
    String before = shown();
    Map<String, Json> wrong = new LinkedHashMap<>();
    wrong.put("turn_id", with(good, "turn_id", null));
    wrong.put("attempt", with(good, "attempt", null));
    wrong.put("commit_no", with(good, "commit_no", 1));
    wrong.put("outcome", with(good, "outcome", "done"));
    wrong.put("outcome_reason", with(good, "outcome_reason", "provider_failed"));
    wrong.put("expected_head_revision", with(good, "expected_head_revision", -1));
    wrong.put("entries[0].role", with(good, "entries", List.of(Json.object("role", "robot", "content", "x"))));
    wrong.put("entries[0].content", with(good, "entries", List.of(Json.object("role", "tool"))));
    wrong.put("entries[0].status",
        with(good, "entries", List.of(Json.object("role", "tool", "content", "x", "status", "odd"))));
    wrong.put("checkpoint.turn_index", with(good, "checkpoint", Json.object("turn_index", -1)));
    wrong.put("checkpoint.executor_state",
        with(good, "checkpoint", Json.object("turn_index", 1, "executor_state", "x".repeat(256 * 1024 + 1))));
    wrong.put("usage.output_tokens", with(good, "usage", Json.object("input_tokens", 1, "output_tokens", -1)));
    wrong.put("completed[0].ids",
        with(good, "completed", List.of(Json.object("claim_id", "c", "claim_token", "t", "ids", List.of("x")))));
    wrong.put("completed[0].claim_token", with(good, "completed", List.of(Json.object("claim_id", "c"))));
    wrong.put("interrupted_turn_id", with(good, "interrupted_turn_id", "turn"));
    wrong.put("last_output_seq", with(good, "last_output_seq", "4"));
    wrong.put("release", with(good, "release", "yes"));
    wrong.put("note", with(good, "note", " "));
    wrong.forEach((field, body) -> assertEquals("400 invalid_request " + field, wrong(path, body), field));
    assertEquals(before, shown());
    assertEquals(200, bed.node.sendAs(bed.executor, "POST", path, good.text()).status());
  }

  @Test
  @DisplayName("A commit of the session that completes nothing, releases nothing and carries no checkpoint is a 400, and the head stays")
  void idleCommit() {
    String session = "/api/v1/sessions/" + worker;
    Object head = bed.asExecutor(session).member("head_revision");
    for (NodeUnderTest.Answer answer : List.of(executor.commit(), executor.commit("completed", List.of()),
        executor.commit("release", false, "usage", Json.object("input_tokens", 1, "output_tokens", 1)),
        executor.commit("note", "nothing was done"))) {
      assertEquals("400 invalid_request completed",
          answer.status() + " " + answer.text("reason") + " " + answer.member("field"));
    }
    assertEquals(head, bed.asExecutor(session).member("head_revision"));

    assertEquals(200, executor.commit("checkpoint", Json.object("executor_state", "mine")).status());
    assertEquals(200, executor.commit("interrupted_turn_id", turn).status());
    assertEquals(200, executor.commit("turn_id", turn, "attempt", 1, "outcome", "completed", "completed",
        List.of(ExecutorBed.claim(work))).status());
    assertEquals(200, executor.commit("release", true).status());
    assertEquals(4L, bed.asExecutor(session).member("head_revision"));
  }

  @Test
  @DisplayName("A-33 A node that drains takes what finishes work in hand, and begins nothing")
  void draining() {
    bed.node.enter(NodeState.Phase.DRAINING);
    for (NodeUnderTest.Answer answer : List.of(executor.take(), executor.nextWork(),
        executor.claims(turn, 1, "after_work"), bed.asAnn("POST", "/api/v1/workers/" + worker + "/wakes", "{}"))) {
      assertEquals("503 node_draining", answer.status() + " " + answer.text("reason"));
    }
    assertEquals(List.of(), executor.hints(30_000).items());
    assertEquals(200, executor.renew().status());
    assertEquals(200, executor.append(turn, 1, 2, "x").status());
    assertEquals(200, executor.context(turn).status());
    assertEquals(200, bed.asAnn("POST", "/api/v1/turns/" + turn + "/cancel", null).status());
    assertEquals(200, executor.acknowledge(turn).status());
    assertEquals(200, executor.commit("turn_id", turn, "attempt", 1, "outcome", "cancelled", "completed",
        List.of(ExecutorBed.claim(work))).status());
    assertEquals(204, executor.release().status());
  }
}
