package dev.holdfast.application.relay;

import static org.awaitility.Awaitility.await;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.assembly.RelayParts;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import dev.holdfast.domain.relay.tasks.TaskRules;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A relay over a store in memory, with a clock that only the test moves, and publishers that are played by hand. */
public final class FakeRelay {
  public static final String OWNER = "laptops";

  public final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  /** Runs once, when the time is asked for next: between two steps of whatever the test does then. */
  public final AtomicReference<@Nullable Runnable> between = new AtomicReference<>();
  public final InstantSource clock = () -> {
    Runnable once = between.getAndSet(null);
    if (once != null) {
      once.run();
    }
    return now.get();
  };
  private final AtomicLong counter = new AtomicLong();
  public final Ids ids = digits -> ("%0" + digits + "x").formatted(counter.incrementAndGet());
  public final Store store;
  public final NodeState node = new NodeState();
  public final UnitsOfWork units;
  public final RelayParts parts;
  public final Relay.Present present;
  public final UsageLog usage;
  public final Relay relay;
  public final Publishers publishers;

  public FakeRelay(Store store, ProviderCalls calls) {
    this.store = store;
    units = new UnitsOfWork(store, new NewsRoom(), node, new AuditKey("5a".repeat(32)), clock);
    parts = RelayParts.of(new RelayParts.Node(units, node, ids, clock), calls, Set.of());
    present = parts.present();
    usage = parts.usage();
    relay = parts.relay();
    publishers = parts.publishers();
    if (units.read(state -> state.runtime()).isEmpty()) {
      units.write(
          state -> WorkerRules.open(state, new RuntimeId("rt-test"), null, RuntimeLimits.DEFAULT, clock.instant()));
    }
    node.enter(NodeState.Phase.READY);
  }

  public FakeRelay() {
    this(new MemoryStore(), (provider, _) -> {
      throw new AssertionError(provider.name() + " is called");
    });
  }

  public Audited called() {
    return Audited.local(ids.hex(32), "test.call");
  }

  public void pass(Duration time) {
    now.updateAndGet(at -> at.plus(time));
    present.tick();
  }

  /** A publisher that the test plays. */
  public final class Played {
    public final Publisher publisher;
    private final List<LinkFrame> seen = new ArrayList<>();
    private @Nullable Link link;

    private Played(Publisher publisher) {
      this.publisher = publisher;
    }

    public Played open() {
      link = publishers.bind(publisher, "key-1").orThrow();
      return this;
    }

    public void close() {
      if (link != null) {
        publishers.unbind(link);
      }
    }

    /** All frames since it was made. */
    public synchronized List<LinkFrame> frames() {
      if (link != null) {
        seen.addAll(link.next());
      }
      return List.copyOf(seen);
    }

    public <F extends LinkFrame> List<F> frames(Class<F> type) {
      return frames().stream().filter(type::isInstance).map(type::cast).toList();
    }

    public <F extends LinkFrame> F frame(Class<F> type, int count) {
      await().until(() -> frames(type).size() >= count);
      return frames(type).get(count - 1);
    }

    public TaskRules.Poster by(int epoch) {
      return new TaskRules.Poster(publisher.id(), epoch);
    }

    public Outcome<?> answer(LinkFrame.Infer infer, String body) {
      return present.tasks().result(infer.task(), by(infer.epoch()),
          new ProviderAnswer.Whole(200, "application/json", body));
    }

    public Outcome<?> chunk(LinkFrame.Infer infer, long seq, String data, boolean done) throws InterruptedException {
      return present.tasks().chunks(infer.task(), by(infer.epoch()), List.of(new Chunk(seq, data, done)));
    }
  }

  /** Registers a publisher with one provider, and opens its link. */
  public Played publisher(Offer offer, Status initial) {
    var asked = new Registration(null, OWNER, null, List.of(new Registration.Entry(offer, initial)));
    return new Played(publishers.register(called(), asked, "key-1").orThrow().publisher()).open();
  }

  public static Offer offer(String name, @Nullable String pool, int maxInFlight, @Nullable Duration wake) {
    return new Offer(name, pool, Offer.OPENAI, name, Offer.USUAL_TIER, null, Offer.Visibility.SHARED, maxInFlight, wake,
        null);
  }

  public VirtualProvider provider(String name) {
    return (VirtualProvider) units.read(state -> state.provider(name)).orElseThrow();
  }

  public static Json chat(String model) {
    return Json.object("model", model, "messages", List.of(Json.object("role", "user", "content", "hello")));
  }

  /** A call that somebody waits for, on a thread of its own. */
  public Call call(String model) {
    return new Call(new Asked(Viewer.of("callers"), "key-2", "req-1", model,
        new InferenceRequest(InferenceRequest.CHAT, chat(model), false), Mode.DIRECT));
  }

  public final class Call {
    public final CompletableFuture<Outcome<Relayed>> outcome = new CompletableFuture<>();
    private final Thread thread;

    private Call(Asked asked) {
      thread = Thread.ofVirtual().start(() -> {
        try {
          outcome.complete(relay.call(asked));
        } catch (InterruptedException e) {
          outcome.cancel(false);
        } catch (RuntimeException e) {
          outcome.completeExceptionally(e);
        }
      });
    }

    public void leave() {
      thread.interrupt();
      await().until(outcome::isDone);
    }

    public Outcome<Relayed> outcome() {
      await().until(outcome::isDone);
      return outcome.join();
    }
  }
}
