package dev.holdfast.application.relay.tasks;

import static org.awaitility.Awaitility.await;

import dev.holdfast.application.relay.FakeRelay;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.domain.relay.tasks.KeptTasks;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Tasks that nobody waits for, over a store in memory, with publishers that the test plays. */
abstract class TasksInMemory {
  static final ProviderCalls NONE = (provider, _) -> {
    throw new AssertionError(provider.name() + " is called");
  };

  final Store store = new MemoryStore();
  FakeRelay relay = new FakeRelay(store, NONE);
  TaskDispatch dispatch = relay.parts.dispatch();
  InferenceTasks tasks = relay.parts.tasks();

  @AfterEach
  void stop() {
    dispatch.close();
  }

  /** The node stops at once, and starts again over the same store. */
  void restart() {
    dispatch.close();
    relay = new FakeRelay(store, NONE);
    dispatch = relay.parts.dispatch();
    tasks = relay.parts.tasks();
  }

  FakeRelay.Played publisher(String name, int maxInFlight) {
    return relay.publisher(FakeRelay.offer(name, "m", maxInFlight, null), Status.ACTIVE);
  }

  Outcome<InferenceTasks.Shown> ask(boolean streaming, @Nullable String key) {
    var draft = new KeptTasks.Draft("m", InferenceRequest.CHAT, FakeRelay.chat("m"), streaming);
    return tasks.submit(relay.called(), draft, new KeptTasks.Caller(Viewer.of("callers"), "key-2"), key);
  }

  String submit(boolean streaming) {
    relay.now.updateAndGet(at -> at.plusMillis(1));
    return ask(streaming, null).orThrow().task().id();
  }

  InferenceTask task(String id) {
    return tasks.show(id, "callers").orThrow().task();
  }

  <S extends State> S awaitState(String id, Class<S> type) {
    await().until(() -> type.isInstance(task(id).state()));
    return type.cast(task(id).state());
  }

  List<UsageRecord> usage() {
    return relay.units.read(state -> state.usage(0, 100));
  }

  void pass(Duration time) {
    relay.pass(time);
    dispatch.tick();
  }
}
