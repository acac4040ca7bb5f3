package dev.holdfast.application.relay.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.FakeRelay;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.domain.relay.tasks.TaskEvent;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tasks that are asked for, served and followed. */
class InferenceTasksTest extends TasksInMemory {
  @Test
  @DisplayName("a task is given to a publisher, its result is kept, and its use is told once")
  void served() {
    FakeRelay.Played laptop = publisher("a", 2);
    String id = submit(false);
    LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, 1);
    assertEquals(id, infer.task());
    assertEquals(1, infer.epoch());
    relay.present.tasks().received(id, laptop.by(1)).orThrow();
    assertInstanceOf(State.Running.class, task(id).state());
    laptop.answer(infer, "{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");
    // It is durable before the publisher is answered.
    State.Completed done = assertInstanceOf(State.Completed.class, task(id).state());
    assertEquals(200, done.status());
    assertEquals(Json.parse("{\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}"), done.body());
    await().until(() -> usage().size() == 1);
    UsageRecord used = usage().getFirst();
    assertEquals(List.of(id, "key-2", "completed", 3L, 4L),
        List.of(used.request(), used.key() == null ? "" : used.key(), used.outcome(), used.inputTokens(),
            used.outputTokens()));
    assertEquals(Reason.TASK_NOT_FOUND,
        assertInstanceOf(Outcome.Refused.class, laptop.answer(infer, "{}")).reason());
  }

  @Test
  @DisplayName("R-A28 a bind drains what waits in the order in which it was enqueued, within the provider's places")
  void drained() {
    publisher("a", 2).close();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(submit(false));
    }
    assertEquals(3, tasks.show(ids.get(2), null).orThrow().place());
    assertFalse(tasks.show(ids.get(2), null).orThrow().isPossible());
    FakeRelay.Played laptop = relay.publisher(FakeRelay.offer("b", "m", 2, null), Status.ACTIVE);
    laptop.frame(LinkFrame.Infer.class, 2);
    assertTrue(tasks.show(ids.get(2), null).orThrow().isPossible());
    for (int i = 0; i < 5; i++) {
      LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, i + 1);
      assertEquals(ids.get(i), infer.task());
      assertTrue(laptop.frames(LinkFrame.Infer.class).size() <= i + 2);
      laptop.answer(infer, "{}");
      awaitState(ids.get(i), State.Completed.class);
    }
  }

  @Test
  @DisplayName("whoever asks again under the same key gets the same task; another payload is refused")
  void repeated() {
    publisher("a", 1).close();
    String id = ask(false, "k").orThrow().task().id();
    assertEquals(id, assertInstanceOf(Outcome.Replayed.class, ask(false, "k")).value() instanceof InferenceTasks.Shown s
        ? s.task().id()
        : null);
    assertEquals(Reason.IDEMPOTENCY_CONFLICT, assertInstanceOf(Outcome.Refused.class, ask(true, "k")).reason());
  }

  @Test
  @DisplayName("a task of another subject is an unknown one")
  void foreign() {
    publisher("a", 1);
    String id = submit(false);
    assertInstanceOf(Outcome.Refused.class, tasks.show(id, "others"));
    assertInstanceOf(Outcome.Refused.class, tasks.cancel(relay.called(), id, "others"));
    assertInstanceOf(Outcome.Refused.class, tasks.follow(id, "others", 0, 0));
  }

  @Test
  @DisplayName("who follows a task gets its chunks in order, is told of a new attempt, and of its end")
  void followed() throws InterruptedException {
    FakeRelay.Played first = publisher("a", 1);
    String id = submit(true);
    TaskRing.Reader reader = tasks.follow(id, "callers", 0, 0).orThrow();
    LinkFrame.Infer infer = first.frame(LinkFrame.Infer.class, 1);
    first.chunk(infer, 1, "one", false);
    List<TaskEvent> events = new ArrayList<>();
    awaitEvents(reader, events, 1);
    first.close();
    FakeRelay.Played second = publisher("b", 1);
    LinkFrame.Infer again = second.frame(LinkFrame.Infer.class, 1);
    second.chunk(again, 1, "two", false);
    second.chunk(again, 2, "[DONE]", true);
    awaitEvents(reader, events, 5);
    assertEquals(List.of(new TaskEvent.Chunk(1, 1, "one"), new TaskEvent.Restarted(2),
        new TaskEvent.Chunk(2, 1, "two"), new TaskEvent.Chunk(2, 2, "[DONE]")), events.subList(0, 4));
    assertInstanceOf(TaskEvent.End.class, events.get(4));
    assertTrue(reader.isOver());
    State.Completed done = awaitState(id, State.Completed.class);
    assertEquals(200, done.status());
    assertNull(done.body());
    assertEquals(3, tasks.follow(id, null, 2, 0).orThrow().next().size());
  }

  private static void awaitEvents(TaskRing.Reader reader, List<TaskEvent> events, int count) {
    await().until(() -> {
      events.addAll(reader.next());
      return events.size() >= count;
    });
  }

  @Test
  @DisplayName("one that sleeps is woken for a task")
  void woken() {
    FakeRelay.Played laptop =
        relay.publisher(FakeRelay.offer("a", "m", 1, Duration.ofSeconds(30)), Status.HIBERNATING);
    String id = submit(false);
    LinkFrame.Wake wake = laptop.frame(LinkFrame.Wake.class, 1);
    assertTrue(tasks.show(id, null).orThrow().isPossible());
    relay.publishers.woken(wake.task(), laptop.by(wake.epoch())).orThrow();
    laptop.answer(laptop.frame(LinkFrame.Infer.class, 1), "{}");
    awaitState(id, State.Completed.class);
  }
}
