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
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.domain.relay.tasks.KeptTasks;
import dev.holdfast.domain.relay.tasks.TaskEvent;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InferenceTasksTest {
  private static final ProviderCalls NONE = (provider, _) -> {
    throw new AssertionError(provider.name() + " is called");
  };

  private final Store store = new MemoryStore();
  private FakeRelay relay = new FakeRelay(store, NONE);
  private TaskDispatch dispatch = dispatch();
  private InferenceTasks tasks = tasks();

  private TaskDispatch dispatch() {
    return new TaskDispatch(relay.units, relay.relay, relay.present, relay.usage, relay.node, relay.clock);
  }

  private InferenceTasks tasks() {
    return new InferenceTasks(relay.units, relay.relay, relay.present.tasks(), dispatch, relay.ids, relay.clock);
  }

  @AfterEach
  void stop() {
    dispatch.close();
  }

  /** The node stops at once, and starts again over the same store. */
  private void restart() {
    dispatch.close();
    relay = new FakeRelay(store, NONE);
    dispatch = dispatch();
    tasks = tasks();
  }

  private FakeRelay.Played publisher(String name, int maxInFlight) {
    return relay.publisher(FakeRelay.offer(name, "m", maxInFlight, null), Status.ACTIVE);
  }

  private Outcome<InferenceTasks.Shown> ask(boolean streaming, @Nullable String key) {
    var draft = new KeptTasks.Draft("m", InferenceRequest.CHAT, FakeRelay.chat("m"), streaming);
    return tasks.submit(relay.called(), draft, new KeptTasks.Caller(Viewer.of("callers"), "key-2"), key);
  }

  private String submit(boolean streaming) {
    relay.now.updateAndGet(at -> at.plusMillis(1));
    return ask(streaming, null).orThrow().task().id();
  }

  private InferenceTask task(String id) {
    return tasks.show(id, "callers").orThrow().task();
  }

  private <S extends State> S awaitState(String id, Class<S> type) {
    await().until(() -> type.isInstance(task(id).state()));
    return type.cast(task(id).state());
  }

  private List<UsageRecord> usage() {
    return relay.units.read(state -> state.usage(0, 100));
  }

  private void pass(Duration time) {
    relay.pass(time);
    dispatch.tick();
  }

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
