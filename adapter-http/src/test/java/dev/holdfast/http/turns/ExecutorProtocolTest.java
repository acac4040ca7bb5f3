package dev.holdfast.http.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.SwitchableStore;
import dev.holdfast.http.access.SchemaFit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An executor in another process, over HTTP. One that is forgetful loses the first answer to every call. */
class ExecutorProtocolTest {
  private final ExecutorBed bed = new ExecutorBed(Map.of());
  private final String worker = bed.worker();

  @AfterEach
  void close() {
    bed.close();
  }

  private ExecutorClient executor(boolean forgetful) {
    return forgetful ? bed.forgetful(worker, "a") : bed.client(worker, "a");
  }

  private static String texts(NodeUnderTest.Answer context) {
    return context.items().stream().map(item -> item.get("role") + ":" + item.get("content"))
        .collect(Collectors.joining(" "));
  }

  private String output(String turn) {
    return bed.asExecutor("/api/v1/turns/" + turn + "/output").items().stream()
        .map(record -> record.get("kind") + (record.containsKey("text") ? ":" + record.get("text") : ""))
        .collect(Collectors.joining(" "));
  }

  private static Json entry(String content) {
    return Json.object("role", "assistant", "content", content);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("T-A39 An executor runs a worker's turns over HTTP from the hint to the commit, also where the first answer to every call is lost")
  void endToEnd(boolean forgetful) {
    String first = bed.input(worker, "one");
    ExecutorClient executor = executor(forgetful);
    assertEquals("[{session_id=" + worker + ", why=input}]", executor.hints(10_000).items().toString());
    assertEquals(200, executor.take().status());
    assertEquals(1L, ExecutorClient.of(executor.fence(), "generation"));
    NodeUnderTest.Answer work = executor.nextWork();
    String turn = ExecutorBed.turn(work);
    assertEquals(List.of(first), ExecutorClient.of(ExecutorBed.claim(work), "ids"));
    assertEquals("user:one", texts(executor.context(turn)));
    assertEquals(3L, executor.append(turn, 1, 2, "he", "llo").member("last_seq"));
    assertEquals(4L, executor.append(turn, 1, 4, "!").member("last_seq"));
    assertEquals(turn, executor.renew().text("open_turn_id"));
    NodeUnderTest.Answer end = executor.commit("turn_id", turn, "attempt", 1, "outcome", "completed", "entries",
        List.of(entry("hello!")), "completed", List.of(ExecutorBed.claim(work)),
        "usage", Json.object("input_tokens", 3, "output_tokens", 2), "last_output_seq", 4, "release", true);
    assertEquals(200, end.status(), end.body());
    assertEquals(forgetful, end.member("replayed"));
    assertEquals(1L, end.member("head_revision"));
    assertEquals(List.of(2L), end.member("transcript_sequences"));
    NodeUnderTest.Answer shown = bed.asExecutor("/api/v1/turns/" + turn);
    assertEquals("completed", shown.text("outcome"));
    assertEquals(1, ((List<?>) Objects.requireNonNull(shown.member("attempts"))).size());
    assertEquals("attempt_started delta:he delta:llo delta:! end", output(turn));
    NodeUnderTest.Answer session = bed.asExecutor("/api/v1/sessions/" + worker);
    assertEquals("idle 1", session.text("activity") + " " + session.member("turn_index"));

    bed.input(worker, "two");
    executor.take();
    assertEquals(2L, ExecutorClient.of(executor.fence(), "generation"));
    String next = ExecutorBed.turn(executor.nextWork());
    assertEquals("user:one assistant:hello! user:two", texts(executor.context(next)));
    assertEquals(204, executor.release().status());
    assertTrue(bed.asExecutor("/api/v1/turns/" + next).body().contains("handed_over"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("T-A39 Checkpoints over HTTP: steering and a wake are taken in, committed and shown, with every first answer lost as well")
  void checkpoints(boolean forgetful) {
    bed.input(worker, "go");
    ExecutorClient executor = executor(forgetful);
    executor.take();
    NodeUnderTest.Answer work = executor.nextWork();
    String turn = ExecutorBed.turn(work);
    String steered = bed.steer(worker, "and this");
    String woken = bed.wake(worker, 1);
    executor.append(turn, 1, 2, "step");
    NodeUnderTest.Answer claims = executor.claims(turn, 1, "after_work");
    assertEquals(List.of(steered), ExecutorClient.of(ExecutorBed.claim(claims, "inputs"), "ids"));
    assertEquals(List.of(woken), ExecutorClient.of(ExecutorBed.claim(claims, "wakes"), "ids"));
    NodeUnderTest.Answer commit = executor.commit("turn_id", turn, "attempt", 1, "commit_no", 1, "entries",
        List.of(entry("step")), "last_output_seq", 2, "usage", Json.object("input_tokens", 1, "output_tokens", 1),
        "completed", List.of(ExecutorBed.claim(claims, "inputs"), ExecutorBed.claim(claims, "wakes")));
    assertEquals(200, commit.status(), commit.body());
    assertEquals("user:go assistant:step user:and this system:Wake from mail (origin.wake): look",
        texts(executor.context(turn)));
    assertEquals("{}", executor.claims(turn, 1, "before_completion").json().text());
    NodeUnderTest.Answer end = executor.commit("turn_id", turn, "attempt", 1, "outcome", "completed", "completed",
        List.of(ExecutorBed.claim(work)), "usage", Json.object("input_tokens", 2, "output_tokens", 2));
    assertEquals(2L, end.member("head_revision"), end.body());
    assertEquals("attempt_started delta:step input_admitted checkpoint end", output(turn));
    NodeUnderTest.Answer shown = bed.asExecutor("/api/v1/turns/" + turn);
    assertEquals(List.of(), SchemaFit.misfits("turn", "TurnDetail", shown.json()));
    String checkpoints = String.valueOf(shown.member("checkpoints"));
    assertTrue(checkpoints.contains(steered) && checkpoints.contains(woken), checkpoints);
    assertEquals(Map.of("input_tokens", 3L, "output_tokens", 3L), shown.member("usage"));
    assertEquals(204, executor.release().status());
  }

  @Test
  @DisplayName("T-A39 A command is applied by a commit of the session, whose repetition finds its claim done; wakes start a turn of their own")
  void commandsAndWakes() {
    String command = bed.command(worker, "refresh_tool_catalog");
    bed.wake(worker, 1);
    ExecutorClient executor = executor(false);
    assertEquals("command", executor.hints(0).items().getFirst().get("why"));
    executor.take();
    NodeUnderTest.Answer work = executor.nextWork();
    assertEquals("command", work.text("kind"));
    assertEquals(List.of(command), ExecutorClient.of(ExecutorBed.claim(work), "ids"));
    assertEquals(work.body(), executor.nextWork().body());
    NodeUnderTest.Answer applied = executor.commit("completed", List.of(ExecutorBed.claim(work)));
    assertEquals(1L, ExecutorClient.of(ExecutorClient.object(applied.member("checkpoint")), "tool_catalog_revision"));
    NodeUnderTest.Answer again = executor.commit("completed", List.of(ExecutorBed.claim(work)));
    assertEquals("claim_superseded queued_work", again.text("reason") + " " + again.text("family"));
    NodeUnderTest.Answer woken = executor.nextWork();
    String turn = ExecutorBed.turn(woken);
    assertEquals("system:Wake from mail (origin.wake): look", texts(executor.context(turn)));
    assertEquals("wakes", ExecutorClient.of(ExecutorClient.object(woken.member("turn")), "trigger"));
    assertEquals(200, executor.commit("turn_id", turn, "attempt", 1, "outcome", "completed", "completed",
        List.of(ExecutorBed.claim(woken)), "release", true).status());
  }

  @Test
  @DisplayName("T-A39 What was claimed at a checkpoint and given back waits again; a claim that isn't held changes nothing")
  void abandon() {
    bed.input(worker, "go");
    ExecutorClient executor = executor(true);
    executor.take();
    String turn = ExecutorBed.turn(executor.nextWork());
    String steered = bed.steer(worker, "wait");
    Json claim = ExecutorBed.claim(executor.claims(turn, 1, "after_work"), "inputs");
    String state = "/api/v1/workers/" + worker + "/inputs/" + steered;
    assertEquals("accepted", bed.asExecutor(state).text("state"));
    assertEquals(204, executor.abandon(Json.object("claim_id", "inc:1:1", "claim_token", "t")).status());
    assertEquals("accepted", bed.asExecutor(state).text("state"));
    assertEquals(204, executor.abandon(claim).status());
    assertEquals("pending_active", bed.asExecutor(state).text("state"));
  }

  @Test
  @DisplayName("T-92 Who comes back to its own attempt is told how far it had come: commits, the newest output, the checkpoint's record")
  void ownAttempt() {
    bed.input(worker, "go");
    ExecutorClient executor = executor(false);
    executor.take();
    NodeUnderTest.Answer work = executor.nextWork();
    String turn = ExecutorBed.turn(work);
    assertEquals(null, ExecutorClient.of(ExecutorClient.object(work.member("turn")), "kept"));
    executor.append(turn, 1, 2, "step");
    NodeUnderTest.Answer step = executor.commit("turn_id", turn, "attempt", 1, "commit_no", 1);
    assertEquals(200, step.status(), step.body());
    executor.append(turn, 1, 4, "not kept");
    NodeUnderTest.Answer again = executor.nextWork();
    assertEquals(List.of(), SchemaFit.misfits("next-work", "NextWork", again.json()));
    Json attempt = ExecutorClient.object(again.member("attempt"));
    assertEquals(List.of(1L, 1L, 4L), List.of(ExecutorClient.of(attempt, "number"),
        ExecutorClient.of(attempt, "commits"), ExecutorClient.of(attempt, "last_output_seq")));
    assertEquals(Json.object("attempt", 1, "seq", step.member("last_output_seq")),
        ExecutorClient.object(ExecutorClient.of(ExecutorClient.object(again.member("turn")), "kept")));
  }

  @Test
  @DisplayName("T-A39 The holder of a turn that is to be cancelled learns of it in every answer, says that it has stopped, and ends it as cancelled")
  void cancel() {
    bed.input(worker, "go");
    ExecutorClient executor = executor(true);
    executor.take();
    NodeUnderTest.Answer work = executor.nextWork();
    String turn = ExecutorBed.turn(work);
    String path = "/api/v1/turns/" + turn + "/cancel";
    NodeUnderTest.Answer asked = bed.asAnn("POST", path, "{\"note\":\"enough\"}");
    assertEquals("durable", asked.text("control"), asked.body());
    assertEquals(List.of(), SchemaFit.misfits(path, "CancelRequested", asked.json()));
    assertEquals("requested", stage(asked));
    Object since = ExecutorClient.of(ExecutorClient.object(asked.member("cancel")), "requested_at");
    for (NodeUnderTest.Answer answer : List.of(executor.append(turn, 1, 2, "x"), executor.renew(),
        executor.claims(turn, 1, "after_work"), executor.nextWork(), executor.take())) {
      assertEquals(since, ExecutorClient.of(ExecutorClient.object(answer.member("cancel")), "requested_at"),
          answer.body());
    }
    assertEquals("delivered", stage(bed.asAnn("POST", path + "?wait=delivered", null)));
    assertEquals("acknowledged", executor.acknowledge(turn).text("stage"));
    assertEquals("acknowledged", stage(bed.asAnn("POST", path + "?wait=released&timeout_ms=1", null)));
    assertEquals("cancel_won", end(executor, work, turn, "completed").text("reason"));
    NodeUnderTest.Answer end = end(executor, work, turn, "cancelled");
    assertEquals(200, end.status(), end.body());
    assertEquals(since, ExecutorClient.of(ExecutorClient.object(end.member("cancel")), "requested_at"));
    NodeUnderTest.Answer again = bed.asAnn("POST", path + "?wait=released&timeout_ms=60000", null);
    assertEquals("released settled", stage(again) + " " + again.text("control"));
  }

  private static NodeUnderTest.Answer end(
      ExecutorClient executor, NodeUnderTest.Answer work, String turn, String outcome) {
    return executor.commit("turn_id", turn, "attempt", 1, "outcome", outcome, "completed",
        List.of(ExecutorBed.claim(work)), "release", true);
  }

  private static Object stage(NodeUnderTest.Answer answer) {
    return Objects.requireNonNull(
        ExecutorClient.of(ExecutorClient.object(answer.member("cancel")), "stage"), answer.body());
  }

  @Test
  @DisplayName("T-A39 A turn that nobody holds is cancelled at once by the node; one that has ended otherwise says so")
  void settled() {
    bed.input(worker, "go");
    ExecutorClient executor = executor(false);
    executor.take();
    String turn = ExecutorBed.turn(executor.nextWork());
    executor.release();
    NodeUnderTest.Answer asked = bed.asAnn("POST", "/api/v1/turns/" + turn + "/cancel?wait=released", null);
    assertEquals("settled released", asked.text("control") + " " + stage(asked));
    assertEquals(List.of("false", "true"),
        ((List<?>) Objects.requireNonNull(bed.asAnn("GET", "/api/v1/turns/" + turn, null).member("attempts")))
            .stream().map(attempt -> String.valueOf(ExecutorClient.of(ExecutorClient.object(attempt), "settling")))
            .toList());
    assertEquals("cancelled", bed.asExecutor("/api/v1/turns/" + turn).text("outcome"));

    bed.input(worker, "more");
    executor.take();
    NodeUnderTest.Answer work = executor.nextWork();
    end(executor, work, ExecutorBed.turn(work), "completed");
    NodeUnderTest.Answer late = bed.asAnn("POST", "/api/v1/turns/" + ExecutorBed.turn(work) + "/cancel", null);
    assertEquals("completion_won completed", late.text("reason") + " " + late.text("outcome"));
    assertEquals("invalid_query",
        bed.asAnn("POST", "/api/v1/turns/" + turn + "/cancel?wait=never", null).text("reason"));
    assertEquals("invalid_query",
        bed.asAnn("POST", "/api/v1/turns/" + turn + "/cancel?timeout_ms=60001", null).text("reason"));
  }

  @Test
  @DisplayName("T-A39 After the deadline the next holder is told to settle the turn, and commits what it is told")
  void settle() {
    bed.input(worker, "go");
    ExecutorClient executor = executor(false);
    executor.take();
    String turn = ExecutorBed.turn(executor.nextWork());
    bed.pass(Duration.ofMinutes(31));
    // The node looks after such turns itself; this executor is faster, or finds it done.
    NodeUnderTest.Answer lease = executor.take();
    NodeUnderTest.Answer work = lease.status() == 200 ? executor.nextWork() : lease;
    if (work.member("turn_id") != null) {
      assertEquals("settle turn_deadline_exceeded", work.text("kind") + " " + work.text("outcome_reason"));
      NodeUnderTest.Answer end = executor.commit("turn_id", turn, "attempt", work.member("attempt"), "outcome",
          work.text("outcome"), "outcome_reason", work.text("outcome_reason"), "completed",
          List.of(ExecutorBed.claim(work)), "release", true);
      assertEquals(200, end.status(), end.body());
    }
    assertEquals("failed turn_deadline_exceeded", bed.asExecutor("/api/v1/turns/" + turn).text("outcome") + " "
        + bed.asExecutor("/api/v1/turns/" + turn).text("outcome_reason"));
  }

  @Test
  @DisplayName("T-2 A dead holder's place is taken by who saw it; a repetition of that finds itself there, and has its lease by asking")
  void reclaim() {
    var dead = new ExecutorClient(bed.node, bed.executor, worker, "dead", false);
    dead.takeAsProcess(77, "start-77");
    Json observed = Json.object("owner_id", dead.owner(), "incarnation_id", "1", "generation", 1);
    ExecutorClient next = bed.client(worker, "next");
    assertEquals("lease_busy " + dead.owner(), next.take().text("reason") + " " + next.take().text("holder"));
    NodeUnderTest.Answer taken = next.reclaim(1, "start-1", observed);
    assertEquals(200, taken.status(), taken.body());
    NodeUnderTest.Answer repeated = next.reclaim(1, "start-1", observed);
    assertEquals("lease_busy " + next.owner(), repeated.text("reason") + " " + repeated.text("holder"));
    assertEquals(taken.member("fence"), next.take().member("fence"));

    String other = bed.worker();
    ExecutorClient alive = bed.client(other, "alive");
    alive.takeAsProcess(1, "start-1");
    Json seen = Json.object("owner_id", alive.owner(), "incarnation_id", "1", "generation", 1);
    assertEquals("lease_busy", bed.client(other, "next").reclaim(1, "start-1", seen).text("reason"));
  }

  @Test
  @DisplayName("T-71 A commit whose store call was done and not answered is answered by its repetition, once and for all")
  void unanswered() {
    bed.input(worker, "go");
    ExecutorClient executor = executor(false);
    executor.take();
    NodeUnderTest.Answer work = executor.nextWork();
    bed.node.bean(SwitchableStore.class).loseNextAnswer();
    NodeUnderTest.Answer lost = end(executor, work, ExecutorBed.turn(work), "completed");
    assertEquals("outcome_unknown", lost.text("reason"));
    bed.input(worker, "later");
    NodeUnderTest.Answer replayed = end(executor, work, ExecutorBed.turn(work), "completed");
    assertEquals("true", replayed.header("Idempotency-Replayed"));
    assertEquals(true, replayed.member("replayed"));
    assertEquals("turn_commit_conflict", end(executor, work, ExecutorBed.turn(work), "failed").text("reason"));
    assertFalse(bed.asExecutor("/api/v1/turns/" + ExecutorBed.turn(work)).body().contains("failed"));
  }
}
