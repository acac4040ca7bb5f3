package dev.holdfast.domain.relay.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.RelayRows;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.domain.relay.tasks.TaskRules.Chunk;
import dev.holdfast.domain.relay.tasks.TaskRules.Poster;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TaskRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(5);
  private static final String PUBLISHER = RelayRows.publisherId('a');
  private static final Poster OWN = new Poster(PUBLISHER, 1);

  private static InferenceTask pending(Mode mode, boolean streaming) {
    return new InferenceTask(RelayRows.taskId(1), "m", "s", "key-1", "/chat/completions", Json.EMPTY_OBJECT, streaming,
        mode, 0, new State.Pending(), NOW, mode == Mode.ASYNC ? null : NOW.plus(InferenceTask.DEADLINE));
  }

  private static InferenceTask claimed(Mode mode) {
    return TaskRules.claim(pending(mode, true), "p", PUBLISHER, NOW).orElseThrow();
  }

  private static InferenceTask running(Mode mode) {
    return TaskRules.received(claimed(mode), OWN).orThrow();
  }

  private static InferenceTask taken(InferenceTask task, long seq) {
    return assertInstanceOf(Chunk.Taken.class, TaskRules.chunk(task, OWN, seq, 10)).task();
  }

  private static InferenceTask in(String state, Mode mode) {
    return switch (state) {
      case "pending" -> pending(mode, true);
      case "claimed" -> claimed(mode);
      case "running" -> running(mode);
      case "tokens" -> taken(running(mode), 1);
      case "completed" -> TaskRules.complete(claimed(mode), OWN, 200, Json.EMPTY_OBJECT, NOW).orThrow();
      case "failed" -> TaskRules.failed(running(mode), false, false, Reason.PROVIDER_FAILED, null, NOW);
      case "cancelled" -> TaskRules.cancel(running(mode), NOW);
      default -> throw new IllegalArgumentException(state);
    };
  }

  private static String name(InferenceTask task) {
    return switch (task.state()) {
      case State.Failed failed -> failed.reason().code();
      case State other -> other.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    };
  }

  private static String posted(Outcome<InferenceTask> outcome) {
    return outcome instanceof Outcome.Refused<InferenceTask> refused ? refused.reason().code()
        : name(outcome.orThrow());
  }

  private static String posted(Chunk chunk) {
    return switch (chunk) {
      case Chunk.Taken(InferenceTask task) -> name(task);
      case Chunk.Known _ -> "known";
      case Chunk.Refused(var why) -> why.reason().code();
    };
  }

  /** The table of spec relay §4 where it is the same for every mode. */
  @ParameterizedTest(name = "{0}: {1}, {2}, {3}, {4}, {5}")
  @DisplayName("what claim, ack, chunk, result and cancel make of a task")
  @CsvSource({
    "pending,claimed,task_not_found,task_not_found,task_not_found,cancelled",
    "claimed,,running,running,completed,cancelled",
    "running,,running,running,completed,cancelled",
    "completed,,task_not_found,task_not_found,task_not_found,completed",
    "failed,,task_not_found,task_not_found,task_not_found,provider_failed",
    "cancelled,,task_not_found,task_not_found,task_not_found,cancelled"})
  void table(String from, @Nullable String claim, String ack, String chunk, String result, String cancel) {
    for (Mode mode : Mode.values()) {
      InferenceTask task = in(from, mode);
      assertEquals(Optional.ofNullable(claim),
          TaskRules.claim(task, "p", PUBLISHER, LATER).map(TaskRulesTest::name));
      assertEquals(ack, posted(TaskRules.received(task, OWN)));
      assertEquals(chunk, posted(TaskRules.chunk(task, OWN, 1, 1)));
      assertEquals(result, posted(TaskRules.complete(task, OWN, 200, null, LATER)));
      assertEquals(cancel, name(TaskRules.cancel(task, LATER)));
    }
  }

  /** The columns of failure and of a lost link: by mode, and whether another provider may be tried. */
  @ParameterizedTest(name = "{1} {0}: transport {2} or with others {3}, other {4}, link lost {5} or with others {6}")
  @DisplayName("what a failure and a lost link make of a task")
  @CsvSource({
    "claimed,DIRECT,provider_failed,pending,provider_failed,publisher_disconnected,pending",
    "running,DIRECT,provider_failed,pending,provider_failed,publisher_disconnected,pending",
    "tokens,DIRECT,upstream_cut,upstream_cut,upstream_cut,publisher_disconnected,publisher_disconnected",
    "claimed,ASYNC,pending,pending,provider_failed,pending,pending",
    "running,ASYNC,pending,pending,provider_failed,pending,pending",
    "tokens,ASYNC,upstream_cut,upstream_cut,upstream_cut,pending,pending",
    "claimed,TURN,pending,pending,provider_failed,pending,pending",
    "running,TURN,pending,pending,provider_failed,pending,pending",
    "tokens,TURN,pending,pending,upstream_cut,pending,pending"})
  void failures(String from, Mode mode, String transport, String withOthers, String other, String lost,
      String lostWithOthers) {
    InferenceTask task = in(from, mode);
    assertEquals(transport, name(TaskRules.failed(task, true, false, Reason.PROVIDER_FAILED, "n", LATER)));
    assertEquals(withOthers, name(TaskRules.failed(task, true, true, Reason.PROVIDER_FAILED, "n", LATER)));
    assertEquals(other, name(TaskRules.failed(task, false, true, Reason.PROVIDER_FAILED, "n", LATER)));
    assertEquals(lost, name(TaskRules.linkLost(task, false, LATER)));
    assertEquals(lostWithOthers, name(TaskRules.linkLost(task, true, LATER)));
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a lost link is nothing to a task that waits or has ended")
  @CsvSource({"pending", "completed", "failed", "cancelled"})
  void noLink(String from) {
    InferenceTask task = in(from, Mode.DIRECT);
    assertSame(task, TaskRules.linkLost(task, true, LATER));
  }

  /** The columns of time. */
  @ParameterizedTest(name = "{1} {0}: deadline {2}, sweep {3}")
  @DisplayName("what time alone makes of a task")
  @CsvSource({
    "pending,DIRECT,task_deadline_exceeded,task_deadline_exceeded",
    "pending,TURN,task_deadline_exceeded,task_deadline_exceeded", "pending,ASYNC,pending,task_expired",
    "claimed,DIRECT,task_deadline_exceeded,task_deadline_exceeded",
    "running,ASYNC,task_deadline_exceeded,task_deadline_exceeded",
    "running,TURN,task_deadline_exceeded,task_deadline_exceeded", "completed,ASYNC,completed,completed",
    "failed,ASYNC,provider_failed,provider_failed", "cancelled,DIRECT,cancelled,cancelled"})
  void time(String from, Mode mode, String deadline, String sweep) {
    InferenceTask task = in(from, mode);
    Instant end = NOW.plus(InferenceTask.DEADLINE);
    assertSame(task, TaskRules.at(task, end.minusMillis(1)));
    assertEquals(deadline, name(TaskRules.at(task, end)));
    assertEquals(sweep, name(TaskRules.at(task, NOW.plus(InferenceTask.PENDING_AT_MOST).plusMillis(1))));
  }

  @Test
  @DisplayName("an async task has its deadline from each claim, the others from when they were enqueued")
  void deadlines() {
    InferenceTask again = TaskRules.linkLost(claimed(Mode.ASYNC), false, LATER);
    assertEquals(null, again.deadline());
    assertEquals(LATER.plus(InferenceTask.DEADLINE),
        TaskRules.claim(again, "q", PUBLISHER, LATER).orElseThrow().deadline());
    InferenceTask turn = TaskRules.linkLost(claimed(Mode.TURN), false, LATER);
    assertEquals(NOW.plus(InferenceTask.DEADLINE),
        TaskRules.claim(turn, "q", PUBLISHER, LATER).orElseThrow().deadline());
    assertSame(again, TaskRules.at(again, NOW.plus(InferenceTask.PENDING_AT_MOST)));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  @DisplayName("epochs are dense, and only the present attempt's publisher with its epoch is heard")
  void epochs(Mode mode) {
    InferenceTask task = claimed(mode);
    for (int epoch = 1; epoch <= 4; epoch++) {
      assertEquals(epoch, task.epoch());
      for (Poster wrong : List.of(new Poster(PUBLISHER, epoch - 1), new Poster(PUBLISHER, epoch + 1),
          new Poster(RelayRows.publisherId('b'), epoch), new Poster("", epoch))) {
        Outcome<InferenceTask> unknown = Outcome.refused(Reason.TASK_NOT_FOUND);
        assertEquals(unknown, TaskRules.received(task, wrong));
        assertEquals(unknown, TaskRules.complete(task, wrong, 200, null, NOW));
        assertEquals(unknown, TaskRules.own(task, wrong));
        assertEquals(new Chunk.Refused(Outcome.refused(Reason.TASK_NOT_FOUND)), TaskRules.chunk(task, wrong, 1, 1));
      }
      assertTrue(TaskRules.received(task, new Poster(PUBLISHER, epoch)) instanceof Outcome.Done);
      task = TaskRules.claim(TaskRules.linkLost(task, true, NOW), "p", PUBLISHER, NOW).orElseThrow();
    }
    InferenceTask own = TaskRules.claim(pending(mode, true), "p", null, NOW).orElseThrow();
    assertEquals(Outcome.refused(Reason.TASK_NOT_FOUND), TaskRules.own(own, OWN), "the node's own attempt");
  }

  @Test
  @DisplayName("chunks are dense from 1: a known one is ignored, behind a gap the expected one is named, each attempt anew")
  void chunks() {
    InferenceTask task = claimed(Mode.ASYNC);
    assertEquals(new Chunk.Refused(Outcome.refused(Reason.CHUNK_GAP, "expected_seq", 1L)),
        TaskRules.chunk(task, OWN, 2, 1));
    for (long seq = 1; seq <= 3; seq++) {
      task = taken(task, seq);
      for (long known = 1; known <= seq; known++) {
        assertEquals(new Chunk.Known(), TaskRules.chunk(task, OWN, known, 1));
      }
      assertEquals(new Chunk.Refused(Outcome.refused(Reason.CHUNK_GAP, "expected_seq", seq + 1)),
          TaskRules.chunk(task, OWN, seq + 2, 1));
    }
    assertTrue(task.tokensSent());
    InferenceTask next = TaskRules.claim(TaskRules.linkLost(task, true, NOW), "p", PUBLISHER, NOW).orElseThrow();
    assertEquals(false, next.tokensSent());
    assertInstanceOf(Chunk.Taken.class, TaskRules.chunk(next, new Poster(PUBLISHER, 2), 1, 1));
  }

  @Test
  @DisplayName("a chunk of a task that isn't streamed is refused, and one that is too large")
  void badChunks() {
    InferenceTask whole = TaskRules.claim(pending(Mode.DIRECT, false), "p", PUBLISHER, NOW).orElseThrow();
    assertEquals(new Chunk.Refused(Outcome.refused(Reason.TASK_NOT_STREAMING)), TaskRules.chunk(whole, OWN, 1, 1));
    InferenceTask task = claimed(Mode.DIRECT);
    assertInstanceOf(Chunk.Taken.class, TaskRules.chunk(task, OWN, 1, TaskRules.MAX_CHUNK_BYTES));
    assertEquals(new Chunk.Refused(Outcome.refused(Reason.CHUNK_TOO_LARGE)),
        TaskRules.chunk(task, OWN, 1, TaskRules.MAX_CHUNK_BYTES + 1));
  }

  @Test
  @DisplayName("an attempt of which nothing was heard for ten seconds is lost; one that runs, or is the node's own, isn't")
  void unheard() {
    Instant end = NOW.plus(Duration.ofSeconds(10));
    assertEquals(false, TaskRules.isUnheard(claimed(Mode.DIRECT), end.minusMillis(1)));
    assertEquals(true, TaskRules.isUnheard(claimed(Mode.DIRECT), end));
    assertEquals(false, TaskRules.isUnheard(running(Mode.DIRECT), end));
    assertEquals(false,
        TaskRules.isUnheard(TaskRules.claim(pending(Mode.DIRECT, true), "p", null, NOW).orElseThrow(), end));
  }

  @Test
  @DisplayName("what a result says is kept, and by which attempt")
  void results() {
    InferenceTask done = TaskRules.complete(running(Mode.ASYNC), OWN, 400, Json.object("error", "e"), LATER)
        .orThrow();
    State.Completed end = assertInstanceOf(State.Completed.class, done.state());
    assertEquals(400, end.status());
    assertEquals(Json.object("error", "e"), end.body());
    assertEquals(1, end.by().epoch());
    assertEquals(LATER, end.at());
    assertTrue(done.hasEnded());
  }
}
