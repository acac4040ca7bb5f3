package dev.holdfast.application.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.relay.tasks.InferenceTasks;
import dev.holdfast.application.relay.tasks.TaskDispatch;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import dev.holdfast.domain.relay.tasks.KeptTasks;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the relay does when the store, or anything else, breaks under it. */
@Timeout(60)
class BrokenStoreTest {
  private final AtomicReference<@Nullable RuntimeException> failsWrites = new AtomicReference<>();
  private final AtomicBoolean failsReads = new AtomicBoolean();
  private volatile @Nullable CountDownLatch gate;
  private final AtomicInteger atGate = new AtomicInteger();
  private final Store store = new Breakable();
  private FakeRelay relay = new FakeRelay(store, (provider, _) -> {
    throw new AssertionError(provider.name() + " is called");
  });

  /** A store in memory that fails, or waits, as it is told to. */
  private final class Breakable implements Store {
    private final MemoryStore memory = new MemoryStore();

    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      RuntimeException fails = failsWrites.get();
      if (fails != null) {
        throw fails;
      }
      CountDownLatch closed = gate;
      if (closed != null) {
        atGate.incrementAndGet();
        try {
          closed.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      return memory.write(rule);
    }

    @Override
    public <T> T read(Function<? super dev.holdfast.domain.integrity.State, T> query) {
      if (failsReads.get()) {
        throw StoreException.io("read", new IllegalStateException());
      }
      return memory.read(query);
    }

    @Override
    public String backend() {
      return memory.backend();
    }

    @Override
    public void close() {
      memory.close();
    }
  }

  private FakeRelay.Played laptop() {
    return relay.publisher(FakeRelay.offer("a", "m", 2, null), Status.ACTIVE);
  }

  private UsageRecord used(String request) {
    return new UsageRecord(0, Instant.EPOCH, request, null, "m", null, Mode.DIRECT, UsageRecord.COMPLETED, 1, 1, false,
        null, Duration.ZERO);
  }

  private long written() {
    return relay.units.read(state -> state.lastUsage());
  }

  @Test
  @DisplayName("R-33 a lost link ends the attempts of its publisher, though the store can't be written")
  void lost() {
    FakeRelay.Played laptop = laptop();
    FakeRelay.Call call = relay.call("m");
    LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, 1);
    relay.present.tasks().received(infer.task(), laptop.by(infer.epoch())).orThrow();
    failsWrites.set(StoreException.io("write", new IllegalStateException()));
    assertThrows(StoreException.class, laptop::close);
    var failed = assertInstanceOf(ProviderAnswer.Failed.class, call.outcome().orThrow().answer());
    assertEquals(Reason.PUBLISHER_DISCONNECTED, failed.reason());
    failsWrites.set(null);
  }

  /** Tasks that nobody waits for, over the store that breaks. */
  private final class Kept implements AutoCloseable {
    private final TaskDispatch dispatch =
        relay.parts.dispatch();
    private final InferenceTasks tasks =
        relay.parts.tasks();

    String submit() {
      var draft = new KeptTasks.Draft("m", InferenceRequest.CHAT, FakeRelay.chat("m"), false);
      return tasks.submit(relay.called(), draft, new KeptTasks.Caller(Viewer.of("callers"), null), null).orThrow()
          .task().id();
    }

    boolean is(String id, Class<? extends State> state) {
      return state.isInstance(tasks.show(id, null).orThrow().task().state());
    }

    @Override
    public void close() {
      dispatch.close();
    }
  }

  @Test
  @DisplayName("R-24 a kept task whose link is lost while the store can't be written waits again as soon as it can")
  void lostUnwritten() {
    try (var kept = new Kept()) {
      FakeRelay.Played laptop = laptop();
      String id = kept.submit();
      LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, 1);
      relay.present.tasks().received(id, laptop.by(infer.epoch())).orThrow();
      failsWrites.set(StoreException.io("write", new IllegalStateException()));
      assertThrows(StoreException.class, laptop::close);
      assertThrows(StoreException.class, relay.present::tick);
      assertTrue(kept.is(id, State.Running.class));
      failsWrites.set(null);
      relay.present.tick();
      assertTrue(kept.is(id, State.Pending.class));
      FakeRelay.Played other = relay.publisher(FakeRelay.offer("b", "m", 1, null), Status.ACTIVE);
      LinkFrame.Infer again = other.frame(LinkFrame.Infer.class, 1);
      assertEquals(infer.epoch() + 1, again.epoch());
      other.answer(again, "{}").orThrow();
      await().until(() -> kept.is(id, State.Completed.class));
    }
  }

  @Test
  @DisplayName("R-24 what the node was answered for a kept task is kept as soon as the store can be written")
  void answerUnwritten() {
    var breaking = new FakeRelay(store, (_, _) -> {
      failsWrites.set(StoreException.io("write", new IllegalStateException()));
      return new ProviderAnswer.Whole(200, "application/json", "{\"from\":\"node\"}");
    });
    relay = breaking;
    try (var kept = new Kept()) {
      var offer = FakeRelay.offer("node's", "m", 1, null);
      relay.units.write(_ -> Decision.done(true, List.of(new ProviderChange.PublicPut(
          PublicProvider.of(Provider.idOf("1"), "ann", offer, "http://localhost:1/v1", null, Instant.EPOCH)))))
          .orThrow();
      String id = kept.submit();
      try {
        kept.dispatch.tick();
      } catch (StoreException e) {
        // The answer may be there already, and this have tried to keep it.
      }
      await().until(() -> relay.present.admissions().inFlight("node's") == 0 && failsWrites.get() != null);
      assertFalse(kept.is(id, State.Completed.class));
      failsWrites.set(null);
      await().until(() -> {
        kept.dispatch.tick();
        return kept.is(id, State.Completed.class);
      });
    }
  }

  @Test
  @DisplayName("R-32 a link that can't be begun isn't left open")
  void bind() {
    FakeRelay.Played laptop = laptop();
    laptop.close();
    failsReads.set(true);
    assertThrows(StoreException.class, laptop::open);
    failsReads.set(false);
    assertFalse(relay.present.links().isOpen(laptop.publisher.id()));
  }

  @Test
  @DisplayName("R-48 use is written on after a write that broke")
  void usageGoesOn() {
    failsWrites.set(new IllegalStateException("broken"));
    relay.usage.add(used("req-1"));
    relay.usage.close();
    failsWrites.set(null);
    var log = new UsageLog(relay.units);
    failsWrites.set(new IllegalStateException("broken"));
    log.add(used("req-2"));
    log.close();
    failsWrites.set(null);
    log.add(used("req-3"));
    assertEquals(1, written(), "what is told behind the close is written at once");
  }

  @Test
  @DisplayName("R-48 a use log that broke once has a writer for what comes next")
  void usageAgain() {
    failsWrites.set(new IllegalStateException("broken"));
    relay.usage.add(used("req-1"));
    await().until(() -> {
      failsWrites.set(null);
      relay.usage.add(used("req-2"));
      return written() > 0;
    });
  }

  @Test
  @DisplayName("R-48 closing waits for who is writing, and writes all that is left")
  void usageCloses() throws Exception {
    var closed = new CountDownLatch(1);
    gate = closed;
    relay.usage.add(used("req-0"));
    await().until(() -> atGate.get() == 1);
    for (int i = 1; i < 2_000; i++) {
      relay.usage.add(used("req-" + i));
    }
    Thread closes = Thread.ofVirtual().start(relay.usage::close);
    await().until(() -> atGate.get() == 2);
    gate = null;
    closed.countDown();
    closes.join();
    assertEquals(2_000, written());
  }

  @Test
  @DisplayName("a round that breaks, even by an error, is not the last, and stops no other")
  void rounds() {
    var ticks = new AtomicInteger();
    var node = new NodeState();
    node.enter(NodeState.Phase.READY);
    try (var rounds = new RelayRounds(relay.present, relay.publishers, new RelayRounds.OfTasks(() -> {
      ticks.incrementAndGet();
      throw new AssertionError("broken");
    }, () -> {
    }), node)) {
      rounds.start();
      await().until(() -> ticks.get() >= 2);
    }
  }
}
