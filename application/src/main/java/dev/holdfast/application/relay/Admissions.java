package dev.holdfast.application.relay;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.supervision.Admission;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
   */
  public record Patience(Duration atMost, boolean forOffline) {
    /** Somebody waits for the answer. */
    public static final Patience OF_CALLERS = new Patience(WAIT_AT_MOST, false);
  }

  private final InstantSource clock;
  private volatile Runnable news = () -> {
  };
  private volatile Consumer<Duration> waits = _ -> {
  };
  // All guarded by this.
  private final Map<String, Admission> byProvider = new HashMap<>();
  private final Map<String, Set<Waiting>> queues = new HashMap<>();
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
        byProvider.computeIfPresent(provider.name(), (_, admission) -> forgotten(admission.completed()));
        freed(provider.name());
      }
      news.run();
    }
  }

  /** One call that waits. */
  private static final class Waiting {
    private final Instant since;
    private final Duration atMost;
    private final int place;
    private Instant until;
    private List<? extends Provider> candidates;
    private @Nullable Place granted;
    private boolean overdue;
    private boolean changed;
    /** From a change until it has looked again. */
    private boolean stale;

    Waiting(Instant since, Duration atMost, int place, List<? extends Provider> candidates) {
      this.since = since;
      this.atMost = atMost;
      this.until = since.plus(atMost);
      this.place = place;
      this.candidates = candidates;
    }

    void lookAgain() {
      changed = true;
      stale = true;
    }

    /** Its time in the queue begins anew when whoever it waits for has come, or hasn't. */
    void expect(@Nullable Instant awaited) {
      if (awaited != null && until.isBefore(awaited.plus(atMost))) {
        until = awaited.plus(atMost);
      }
    }
  }

  /** The provider may have gone to another model since the place was taken (spec R-43). */
  private void freed(String provider) {
    for (String model : List.copyOf(queues.keySet())) {
      boolean wanted = queues.getOrDefault(model, Set.of()).stream()
          .anyMatch(waiting -> waiting.candidates.stream().anyMatch(one -> one.name().equals(provider)));
      if (wanted) {
        serve(model);
      }
    }
  }

  private static @Nullable Admission forgotten(Admission admission) {
    return admission.inFlight() == 0 ? null : admission;
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
      Set<Waiting> queue = queues.computeIfAbsent(model, _ -> new LinkedHashSet<>());
      waiting = new Waiting(clock.instant(), patience.atMost(), queue.size() + 1, first);
      if (queue.isEmpty() && !turns.isNext(model) && grant(waiting, 0)) {
        turns.passed(model, clock.instant());
        queues.remove(model);
        return new Outcome.Done<>(Objects.requireNonNull(waiting.granted));
      }
      waiting.expect(candidates.awaited());
      boolean offline = first.isEmpty() && !hopes(candidates, patience);
      boolean free = first.stream().anyMatch(this::hasRoom);
      int bound = QUEUED_PER_MEMBER * Math.max(candidates.members(), Math.max(1, first.size()));
      if (offline || (!free && queue.size() >= bound)) {
        drop(model, waiting);
        return Outcome.refused(offline ? Reason.PUBLISHER_OFFLINE : Reason.QUEUE_FULL);
      }
      if (free) {
        // Whoever is ahead looks once more, and may take it; then it is the newcomer's.
        queue.stream().filter(ahead -> !ahead.stale).forEach(Waiting::lookAgain);
        notifyAll();
      }
      queue.add(waiting);
    }
    return await(model, waiting, candidates, patience);
  }

  /** Where nobody could be there at all, nobody is waited for. */
  private static boolean hopes(Candidates candidates, Patience patience) {
    return candidates.members() > 0 && (patience.forOffline() || candidates.awaited() != null);
  }

  private boolean hasRoom(Provider provider) {
    return admission(provider).evaluate() == Admission.Verdict.OK;
  }

  /**
   * Takes a place at the first candidate that has one, if it has one now and nobody waits for it, or it is the turn of who
   * doesn't wait.
   */
  public Optional<Place> takeNow(String model, Candidates candidates) {
    List<? extends Provider> first = candidates.now();
    synchronized (this) {
      var waiting = new Waiting(clock.instant(), Duration.ZERO, 0, first);
      boolean next = turns.isNext(model);
      boolean granted = (next || !queues.containsKey(model)) && grant(waiting, 0);
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
    return queues.getOrDefault(model, Set.of()).stream()
        .anyMatch(waiting -> waiting.candidates.stream().anyMatch(this::hasRoom));
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
          while (waiting.granted == null && !waiting.overdue && !waiting.changed) {
            wait();
          }
          if (waiting.granted != null) {
            over = true;
            return new Outcome.Done<>(waiting.granted);
          }
          if (waiting.overdue) {
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
    drop(model, waiting);
    if (waiting.granted != null) {
      waiting.granted.close();
    }
    serve(model);
  }

  private void drop(String model, Waiting waiting) {
    Set<Waiting> queue = queues.get(model);
    if (queue != null) {
      queue.remove(waiting);
      if (queue.isEmpty()) {
        queues.remove(model);
      }
    }
  }

  /** In the order of coming, whoever can be served is. Nobody overtakes one who has yet to look again. */
  private void serve(String model) {
    Set<Waiting> queue = queues.get(model);
    if (queue == null) {
      return;
    }
    for (Iterator<Waiting> each = queue.iterator(); each.hasNext() && !turns.isNext(model);) {
      Waiting waiting = each.next();
      if (waiting.stale) {
        break;
      }
      if (grant(waiting, waiting.place)) {
        turns.passed(model, clock.instant());
        each.remove();
      }
    }
    if (queue.isEmpty()) {
      queues.remove(model);
    }
    notifyAll();
  }

  private boolean grant(Waiting waiting, int queuedAt) {
    for (Provider provider : waiting.candidates) {
      if (hasRoom(provider)) {
        byProvider.put(provider.name(), admission(provider).begun());
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

  private Admission admission(Provider provider) {
    int max = provider.offer().maxInFlight();
    Admission known = byProvider.get(provider.name());
    return known == null ? Admission.create(max, QUEUED_PER_MEMBER) : known.bounded(max, QUEUED_PER_MEMBER);
  }

  /** A provider came, went or was changed: who waits for its model looks again. */
  public void changed(String model) {
    lookAgain(model);
    news.run();
  }

  private synchronized void lookAgain(String model) {
    queues.getOrDefault(model, Set.of()).forEach(Waiting::lookAgain);
    notifyAll();
  }

  public void changed(Set<String> models) {
    models.forEach(this::changed);
  }

  /**
   * Whoever has waited for too long is told so, and whoever knows of nobody looks again: nobody tells that a provider has
   * cooled down. To be called about once in a second.
   */
  public synchronized void tick() {
    Instant now = clock.instant();
    turns.expire(now).forEach(this::serve);
    for (Set<Waiting> queue : new ArrayList<>(queues.values())) {
      for (Waiting waiting : queue) {
        waiting.overdue |= !now.isBefore(waiting.until);
        if (waiting.candidates.isEmpty()) {
          waiting.lookAgain();
        }
      }
    }
    notifyAll();
  }

  public synchronized int queued(String model) {
    return queues.getOrDefault(model, Set.of()).size();
  }

  public synchronized int inFlight(String provider) {
    Admission admission = byProvider.get(provider);
    return admission == null ? 0 : admission.inFlight();
  }

  /** The names of the providers that serve anybody. */
  public synchronized Set<String> busy() {
    return Set.copyOf(byProvider.keySet());
  }
}
