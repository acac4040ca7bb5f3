package dev.holdfast.domain.relay.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.RelayRows;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.domain.relay.tasks.TaskRules.Poster;
import dev.holdfast.domain.workers.repeats.AskedOnce;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tasks that are kept, as spec relay §4 and §11 want them of every backend. */
public abstract class KeptTasksAcceptance extends StoreSuite {
  private static final String FIRST = RelayRows.publisherId('a');
  private static final String SECOND = RelayRows.publisherId('b');

  @BeforeEach
  void provider() {
    put(new ProviderChange.PublicPut(RelayRows.plain("m", now())));
  }

  private Outcome<InferenceTask> ask(int number, boolean streaming, @Nullable String key) {
    pass(Duration.ofMillis(1));
    var draft = new KeptTasks.Draft("m", "/chat/completions", Json.object("messages", List.of()), streaming);
    var once = new AskedOnce("inference-task callers", key, draft.fingerprint(), "existing_task_id");
    return write(state -> once.decide(state, state::task, InferenceTask::id,
        () -> KeptTasks.enqueue(state, "%032x".formatted(number), draft,
            new KeptTasks.Caller(Viewer.of("callers"), "key-1"), now()),
        now()));
  }

  private InferenceTask enqueue(int number) {
    return ask(number, false, null).orThrow();
  }

  private InferenceTask claim(String id, String publisher) {
    return done(state -> KeptTasks.claim(state, id, "p", publisher, now()));
  }

  private InferenceTask task(String id) {
    return read(state -> state.task(id)).orElseThrow();
  }

  private InferenceTask completed(InferenceTask claimed, String publisher) {
    return TaskRules
        .complete(claimed, new Poster(publisher, claimed.epoch()), 200, Json.object("from", publisher), now())
        .orThrow();
  }

  @Test
  @DisplayName("R-A28 claimed, its link lost, pending, another publisher with epoch + 1; a claim is one's alone")
  void requeued() {
    String id = enqueue(1).id();
    InferenceTask first = claim(id, FIRST);
    refused(Reason.TASK_NOT_FOUND, state -> KeptTasks.claim(state, id, "p", SECOND, now()));
    done(state -> KeptTasks.settle(state, TaskRules.linkLost(first, false, now())));
    nowAndAfterReopen(() -> assertInstanceOf(State.Pending.class, task(id).state()));
    InferenceTask second = claim(id, SECOND);
    assertEquals(2, second.epoch());
    // The first publisher comes back: its attempt is none any more.
    refused(Reason.TASK_NOT_FOUND, state -> KeptTasks.settle(state, completed(first, FIRST)));
    done(state -> KeptTasks.settle(state, completed(second, SECOND)));
    refused(Reason.TASK_NOT_FOUND, state -> KeptTasks.settle(state, completed(second, SECOND)));
    nowAndAfterReopen(() -> {
      var ended = assertInstanceOf(State.Completed.class, task(id).state());
      assertEquals(Json.object("from", SECOND), ended.body());
      assertEquals(2, ended.by().epoch());
    });
  }

  @Test
  @DisplayName("R-A28 what waits is found in the order in which it was enqueued; behind 7 days what has ended is deleted")
  void orderAndAge() {
    List<String> ids = new ArrayList<>();
    for (int number : List.of(5, 3, 9, 1)) {
      ids.add(enqueue(number).id());
    }
    nowAndAfterReopen(
        () -> assertEquals(ids, read(state -> state.openTasks(10)).stream().map(InferenceTask::id).toList()));
    done(state -> KeptTasks.cancel(state, ids.getFirst(), "callers", now()));
    InferenceTask claimed = claim(ids.get(1), FIRST);
    done(state -> KeptTasks.settle(state, completed(claimed, FIRST)));
    pass(InferenceTask.PENDING_AT_MOST.plusSeconds(1));
    KeptTasks.Swept expired = done(state -> KeptTasks.sweep(state, now()));
    assertEquals(2, expired.ended().size());
    assertEquals(Reason.TASK_EXPIRED, assertInstanceOf(State.Failed.class, task(ids.get(2)).state()).reason());
    assertEquals(new KeptTasks.Swept(List.of(), 0), done(state -> KeptTasks.sweep(state, now())));
    pass(InferenceTask.KEPT.minus(InferenceTask.PENDING_AT_MOST));
    assertEquals(2, done(state -> KeptTasks.sweep(state, now())).deleted());
    nowAndAfterReopen(() -> {
      assertTrue(read(state -> state.task(ids.getFirst())).isEmpty());
      assertInstanceOf(State.Failed.class, task(ids.get(2)).state());
    });
  }

  @Test
  @DisplayName("R-A29 a stop with tasks under way puts them back; what had ended stays, and no result is taken twice")
  void restarted() {
    String claimed = enqueue(1).id();
    String ended = enqueue(2).id();
    String waiting = enqueue(3).id();
    InferenceTask attempt = claim(claimed, FIRST);
    InferenceTask other = claim(ended, FIRST);
    done(state -> KeptTasks.settle(state, completed(other, FIRST)));
    reopenStore();
    List<InferenceTask> found = done(state -> KeptTasks.restart(state, now()));
    assertEquals(List.of(claimed, waiting), found.stream().map(InferenceTask::id).toList());
    refused(Reason.TASK_NOT_FOUND, state -> KeptTasks.settle(state, completed(attempt, FIRST)));
    InferenceTask again = claim(claimed, FIRST);
    assertEquals(attempt.epoch() + 1, again.epoch());
    refused(Reason.TASK_NOT_FOUND, state -> KeptTasks.settle(state, completed(attempt, FIRST)));
    done(state -> KeptTasks.settle(state, completed(again, FIRST)));
    nowAndAfterReopen(() -> {
      assertInstanceOf(State.Completed.class, task(claimed).state());
      assertInstanceOf(State.Completed.class, task(ended).state());
    });
  }

  @Test
  @DisplayName("an asking that is repeated under its key is the same task, also behind a restart; another payload is refused")
  void repeated() {
    String id = ask(1, false, "k").orThrow().id();
    nowAndAfterReopen(() -> {
      assertEquals(id, assertInstanceOf(Outcome.Replayed.class, ask(2, false, "k")).value() instanceof InferenceTask t
          ? t.id()
          : null);
      assertEquals(Reason.IDEMPOTENCY_CONFLICT, assertInstanceOf(Outcome.Refused.class, ask(3, true, "k")).reason());
    });
    assertEquals(Reason.MODEL_NOT_FOUND, assertInstanceOf(Outcome.Refused.class, write(
        state -> KeptTasks.enqueue(state, "%032x".formatted(4),
            new KeptTasks.Draft("unknown", "/chat/completions", Json.EMPTY_OBJECT, false),
            new KeptTasks.Caller(Viewer.of("callers"), null), now())))
        .reason());
  }

  @Test
  @DisplayName("what is asked for has the model's name and whether it streams, whatever the request said")
  void request() {
    var draft = new KeptTasks.Draft("m", "/chat/completions",
        Json.object("model", "other", "stream", true, "extra", 1L), false);
    InferenceTask task = done(state -> KeptTasks.enqueue(state, "%032x".formatted(7), draft,
        new KeptTasks.Caller(Viewer.of("callers"), null), now()));
    assertEquals(Json.object("extra", 1L, "model", "m"), task.request());
  }

  @Test
  @DisplayName("another subject's task is an unknown one; a cancel of what has ended changes nothing")
  void cancelled() {
    String id = enqueue(1).id();
    refused(Reason.TASK_NOT_FOUND, state -> KeptTasks.cancel(state, id, "others", now()));
    InferenceTask cancelled = done(state -> KeptTasks.cancel(state, id, "callers", now()));
    pass(Duration.ofSeconds(1));
    assertEquals(cancelled, done(state -> KeptTasks.cancel(state, id, null, now())));
    refused(Reason.TASK_NOT_FOUND, state -> KeptTasks.claim(state, id, "p", FIRST, now()));
  }
}
