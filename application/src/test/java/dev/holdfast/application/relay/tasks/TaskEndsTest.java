package dev.holdfast.application.relay.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.application.relay.FakeRelay;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Attempts that are lost, and tasks that end before they are served. */
class TaskEndsTest extends TasksInMemory {
  @Test
  @DisplayName("R-A28 a claimed task whose link is lost waits again, and goes to another publisher with the next epoch")
  void requeued() {
    FakeRelay.Played first = publisher("a", 1);
    String id = submit(false);
    LinkFrame.Infer old = first.frame(LinkFrame.Infer.class, 1);
    first.close();
    awaitState(id, State.Pending.class);
    FakeRelay.Played second = publisher("b", 1);
    LinkFrame.Infer infer = second.frame(LinkFrame.Infer.class, 1);
    assertEquals(id, infer.task());
    assertEquals(2, infer.epoch());
    assertEquals(Reason.TASK_NOT_FOUND, assertInstanceOf(Outcome.Refused.class, first.answer(old, "{}")).reason());
    second.answer(infer, "{\"from\":\"b\"}");
    assertEquals(Json.parse("{\"from\":\"b\"}"), awaitState(id, State.Completed.class).body());
  }

  @Test
  @DisplayName("R-A28 what has ended is deleted behind 7 days, what waits for more than an hour expires")
  void swept() {
    FakeRelay.Played laptop = publisher("a", 1);
    String done = submit(false);
    laptop.answer(laptop.frame(LinkFrame.Infer.class, 1), "{}");
    // Use is written behind the result: without this it could come after that of the task which expires.
    await().until(() -> usage().size() == 1);
    laptop.close();
    String waits = submit(false);
    pass(InferenceTask.PENDING_AT_MOST);
    dispatch.sweep();
    assertInstanceOf(State.Pending.class, task(waits).state());
    pass(Duration.ofSeconds(1));
    dispatch.sweep();
    assertEquals(Reason.TASK_EXPIRED, assertInstanceOf(State.Failed.class, task(waits).state()).reason());
    pass(InferenceTask.KEPT.minus(InferenceTask.PENDING_AT_MOST).minusSeconds(2));
    dispatch.sweep();
    assertInstanceOf(State.Completed.class, task(done).state());
    pass(Duration.ofHours(2));
    dispatch.sweep();
    assertInstanceOf(Outcome.Refused.class, tasks.show(done, null));
    await().until(() -> usage().size() == 2);
    assertEquals("task_expired", usage().get(1).outcome());
  }

  @Test
  @DisplayName("a stop in the middle of an attempt takes nothing: the next start tries again with the next epoch")
  void restarted() {
    FakeRelay.Played laptop = publisher("a", 1);
    String id = submit(false);
    LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, 1);
    restart();
    dispatch.tick();
    assertInstanceOf(State.Pending.class, task(id).state());
    FakeRelay.Played again = relay.publisher(FakeRelay.offer("b", "m", 1, null), Status.ACTIVE);
    LinkFrame.Infer next = again.frame(LinkFrame.Infer.class, 1);
    assertEquals(List.of(id, infer.epoch() + 1), List.of(next.task(), next.epoch()));
    again.answer(next, "{}");
    awaitState(id, State.Completed.class);
    await().until(() -> usage().size() == 1);
    assertEquals("key-2", usage().getFirst().key());
  }

  @Test
  @DisplayName("its time begins with each claim; when it is over the task fails and its publisher is told")
  void deadline() {
    FakeRelay.Played laptop = publisher("a", 1);
    String id = submit(false);
    LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, 1);
    relay.present.tasks().received(id, laptop.by(1)).orThrow();
    pass(InferenceTask.DEADLINE);
    assertEquals(Reason.TASK_DEADLINE_EXCEEDED, awaitState(id, State.Failed.class).reason());
    assertEquals(infer.epoch(), laptop.frame(LinkFrame.Cancel.class, 1).epoch());
  }

  @Test
  @DisplayName("R-36 a cancel is durable first, then told to the publisher, then confirmed; late results find nothing")
  void cancelled() {
    FakeRelay.Played laptop = publisher("a", 1);
    String id = submit(false);
    LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, 1);
    tasks.cancel(relay.called(), id, "callers").orThrow();
    assertInstanceOf(State.Cancelled.class, task(id).state());
    laptop.frame(LinkFrame.Cancel.class, 1);
    await().until(() -> new InferenceTasks.Stages(true, false, true).equals(tasks.show(id, null).orThrow().cancel()));
    assertInstanceOf(Outcome.Refused.class, laptop.answer(infer, "{}"));
    relay.present.tasks().cancelled(id, laptop.by(1)).orThrow();
    assertEquals(new InferenceTasks.Stages(true, true, true),
        tasks.cancel(relay.called(), id, null).orThrow().cancel());
    assertEquals(0, relay.present.admissions().inFlight("a"));
    await().until(() -> usage().size() == 1);
    assertEquals("cancelled", usage().getFirst().outcome());
  }

  @Test
  @DisplayName("a provider that failed before it answered isn't asked again at once")
  void failing() {
    FakeRelay.Played laptop = publisher("a", 1);
    String id = submit(false);
    LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, 1);
    relay.present.tasks().failed(id, laptop.by(infer.epoch()), true, Reason.PROVIDER_FAILED, "down").orThrow();
    awaitState(id, State.Pending.class);
    await().until(() -> relay.present.admissions().inFlight("a") == 0);
    pass(Duration.ofSeconds(1));
    assertEquals(1, laptop.frames(LinkFrame.Infer.class).size());
    await().until(() -> {
      pass(Duration.ofSeconds(1));
      return laptop.frames(LinkFrame.Infer.class).size() == 2;
    });
    LinkFrame.Infer again = laptop.frame(LinkFrame.Infer.class, 2);
    relay.present.tasks().failed(id, laptop.by(again.epoch()), false, Reason.PROVIDER_FAILED, "no").orThrow();
    assertEquals(Reason.PROVIDER_FAILED, awaitState(id, State.Failed.class).reason());
  }
}
