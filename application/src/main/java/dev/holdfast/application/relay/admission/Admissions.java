package dev.holdfast.application.relay.admission;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Provider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Who is served and who waits: each provider takes so many calls at once, and each model has one queue in the order of
 * coming (spec R-43, supervision S-45 to S-48). Looking and taking are one step.
 */
public final class Admissions {
  public static final Duration WAIT_AT_MOST = Duration.ofSeconds(60);
  private static final int QUEUED_PER_MEMBER = 8;

  /**
   * How long a call waits for a place.
   *
   * @param forOffline whether it waits also while no candidate is there at all
   * @param place told of its place in the queue, from 1, whenever that changes, and 0 when it has left it; must not call back
   */
  public record Patience(Duration atMost, boolean forOffline, IntConsumer place) {
    /** Somebody waits for the answer. */
    public static final Patience OF_CALLERS = new Patience(WAIT_AT_MOST, false);

    public Patience(Duration atMost, boolean forOffline) {
      this(atMost, forOffline, _ -> {
      });
    }
  }

  private final InstantSource clock;
  private volatile Runnable news = () -> {
  };
  private volatile Consumer<Duration> waits = _ -> {
  };
  // All guarded by this.
  private final Places places = new Places();
  private final Queues queues = new Queues();
  private final TurnsOfTasks turns = new TurnsOfTasks();

  public Admissions(InstantSource clock) {
    this.clock = clock;
  }

  /** A place at a provider; closing it gives it to whoever waits longest. */
  public final class Place implements AutoCloseable {
    private final Provider provider;
    private final int queuedAt;
    private final Duration waited;
    private boolean taken = true;

    private Place(Provider provider, int queuedAt, Duration waited) {
      this.provider = provider;
      this.queuedAt = queuedAt;
      this.waited = waited;
    }

    public Provider provider() {
      return provider;
    }

    /** The place in the queue when the call came, from 1; 0 for one that didn't wait. */
    public int queuedAt() {
      return queuedAt;
    }

    public Duration waited() {
      return waited;
    }

    @Override
    public void close() {
      synchronized (Admissions.this) {
        if (!taken) {
          return;
        }
        taken = false;
        places.giveBack(provider.name());
        // The provider may have gone to another model meanwhile: whoever waits for that is served.
        queues.models(waiting -> waiting.mayUse(provider.name())).forEach(Admissions.this::serve);
      }
      news.run();
    }
  }

  /**
   * Takes a place at the first candidate that has one, or waits for the first that gets one.
   *
   * @param candidates is asked again when providers come or go
   * @return a place, or queue_full, queue_deadline_exceeded, or publisher_offline when no candidate is left
   */
  public Outcome<Place> take(String model, Candidates candidates, Patience patience) throws InterruptedException {
    List<? extends Provider> first = candidates.now();
    Waiting waiting;
    synchronized (this) {
      serve(model);
      waiting = new Waiting(clock.instant(), patience, queues.size(model) + 1, first);
      if (queues.isEmpty(model) && !turns.isNext(model) && grant(waiting, 0)) {
        turns.passed(model, clock.instant());
        return new Outcome.Done<>(Objects.requireNonNull(waiting.granted));
      }
      waiting.expect(candidates.awaited());
      if (first.isEmpty() && !hopes(candidates, patience)) {
        return Outcome.refused(Reason.PUBLISHER_OFFLINE);
      }
      boolean free = first.stream().anyMatch(places::isFree);
      int bound = QUEUED_PER_MEMBER * Math.max(candidates.members(), Math.max(1, first.size()));
      if (!free && queues.size(model) >= bound) {
        return Outcome.refused(Reason.QUEUE_FULL);
      }
      if (free) {
        // Whoever is ahead looks once more, and may take it; then it is the newcomer's.
        queues.inOrder(model).stream().filter(ahead -> !ahead.stale).forEach(Waiting::lookAgain);
        notifyAll();
      }
      queues.add(model, waiting);
    }
    return await(model, waiting, candidates, patience);
  }

  /** Where nobody could be there at all, nobody is waited for. */
  private static boolean hopes(Candidates candidates, Patience patience) {
    return candidates.members() > 0 && (patience.forOffline() || candidates.awaited() != null);
  }

  /**
   * Takes a place at the first candidate that has one, if it has one now and nobody waits for it, or it is the turn of who
   * doesn't wait.
   */
  public Optional<Place> takeNow(String model, Candidates candidates) {
    List<? extends Provider> first = candidates.now();
    synchronized (this) {
      var waiting = new Waiting(clock.instant(), new Patience(Duration.ZERO, false), 0, first);
      boolean next = turns.isNext(model);
      boolean granted = (next || queues.isEmpty(model)) && grant(waiting, 0);
      if (granted || (next && isHeld(model))) {
        turns.over(model);
        serve(model);
      }
      if (!granted) {
        turns.wants(model, clock.instant());
      }
      return granted ? Optional.ofNullable(waiting.granted) : Optional.empty();
    }
  }

  /** Whether there is a place that one who waits could have. */
  private boolean isHeld(String model) {
    return queues.any(model, waiting -> waiting.candidates.stream().anyMatch(places::isFree));
  }

  /** Runs it when there may be a place for who doesn't wait in a queue; it must not call back. */
  public void whenFree(Runnable run) {
    news = run;
  }

  /** Tells how long each who got a place from a queue waited for it; it must not call back. */
  public void whenServed(Consumer<Duration> told) {
    waits = told;
  }

  private Outcome<Place> await(String model, Waiting waiting, Candidates candidates, Patience patience)
      throws InterruptedException {
    boolean over = false;
    try {
      while (true) {
        synchronized (this) {
          while (!waiting.hasNews()) {
            wait();
          }
          if (waiting.granted != null) {
            over = true;
            return new Outcome.Done<>(waiting.granted);
          }
          if (waiting.isOverdue()) {
            return Outcome.refused(Reason.QUEUE_DEADLINE_EXCEEDED);
          }
          waiting.changed = false;
        }
        List<? extends Provider> now = candidates.now();
        synchronized (this) {
          waiting.candidates = now;
          waiting.stale = waiting.changed;
          waiting.expect(candidates.awaited());
          serve(model);
          if (now.isEmpty() && waiting.granted == null && !hopes(candidates, patience) && !waiting.changed) {
            return Outcome.refused(Reason.PUBLISHER_OFFLINE);
          }
        }
      }
    } finally {
      if (!over) {
        leave(model, waiting);
      }
    }
  }

  /** A place that was granted to someone who has left goes on to the next. */
  private synchronized void leave(String model, Waiting waiting) {
    queues.remove(model, waiting);
    if (waiting.granted != null) {
      waiting.granted.close();
    }
    serve(model);
  }

  /** In the order of coming, whoever can be served is. Nobody overtakes one who has yet to look again. */
  private void serve(String model) {
    if (queues.isEmpty(model)) {
      return;
    }
    for (Waiting waiting : queues.inOrder(model)) {
      if (waiting.stale || turns.isNext(model)) {
        break;
      }
      if (grant(waiting, waiting.queuedAt)) {
        turns.passed(model, clock.instant());
        queues.remove(model, waiting);
      }
    }
    notifyAll();
  }

  private boolean grant(Waiting waiting, int queuedAt) {
    for (Provider provider : waiting.candidates) {
      if (places.isFree(provider)) {
        places.take(provider);
        Duration waited = Duration.between(waiting.since, clock.instant());
        waiting.granted = new Place(provider, queuedAt, waited);
        if (queuedAt > 0) {
          waits.accept(waited);
        }
        return true;
      }
    }
    return false;
  }

  /** A provider came, went or was changed: who waits for its model looks again. */
  public void changed(String model) {
    lookAgain(model);
    news.run();
  }

  private synchronized void lookAgain(String model) {
    queues.inOrder(model).forEach(Waiting::lookAgain);
    notifyAll();
  }

  public void changed(Set<String> models) {
    models.forEach(this::changed);
  }

  /** Whoever has waited for too long is told so. To be called about once in a second. */
  public synchronized void tick() {
    turns.expire(clock.instant()).forEach(this::serve);
    queues.all().forEach(waiting -> waiting.tick(clock.instant()));
    notifyAll();
  }

  public synchronized int queued(String model) {
    return queues.size(model);
  }

  public synchronized int inFlight(String provider) {
    return places.taken(provider);
  }

  /** The names of the providers that serve anybody. */
  public synchronized Set<String> busy() {
    return places.busy();
  }
}
