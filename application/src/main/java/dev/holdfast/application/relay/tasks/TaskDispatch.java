package dev.holdfast.application.relay.tasks;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Choosing;
import dev.holdfast.application.relay.Meter;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.application.relay.admission.Admissions;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.KeptTasks;
import dev.holdfast.domain.relay.tasks.TaskRules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives kept tasks to providers: the oldest first, when a provider of its model has a place that no caller waits for. A task that
 * loses its provider waits again (spec, §11).
 */
public final class TaskDispatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskDispatch.class);
  /** After all providers of a task were tried. */
  static final Duration PAUSE = Duration.ofSeconds(10);

  private final UnitsOfWork units;
  private final Relay relay;
  private final Admissions admissions;
  private final NodeState node;
  private final InstantSource clock;
  private final Waiting waiting = new Waiting();
  private final Endings endings = new Endings();
  private final OpenTasks kept;

  // Guarded by this.
  private boolean started;
  private boolean closed;
  private boolean news;

  public TaskDispatch(
      UnitsOfWork units, Relay relay, Relay.Present present, UsageLog usage, NodeState node, InstantSource clock) {
    this.units = units;
    this.relay = relay;
    this.admissions = present.admissions();
    this.kept = new OpenTasks(units, relay, usage, clock);
    this.node = node;
    this.clock = clock;
    admissions.whenFree(this::look);
  }

  /** Takes up what a start finds, once; nothing is dispatched before. */
  synchronized void requireStarted() {
    if (started || closed || node.phase() != NodeState.Phase.READY) {
      return;
    }
    units.write(state -> KeptTasks.restart(state, clock.instant())).orThrow().forEach(waiting::add);
    started = true;
    var _ = Thread.ofVirtual().name("task-dispatch").start(this::dispatchAll);
    look();
  }

  void enqueued(InferenceTask task, Viewer viewer) {
    kept.add(task, viewer);
    waiting.add(task);
    look();
  }

  Instant now() {
    return clock.instant();
  }

  private void look() {
    if (!waiting.isEmpty()) {
      wake();
    }
  }

  private synchronized void wake() {
    news = true;
    notifyAll();
  }

  private void dispatchAll() {
    try {
      while (true) {
        synchronized (this) {
          while (!news && !closed) {
            wait();
          }
          if (closed) {
            return;
          }
          news = false;
        }
        try {
          waiting.models().forEach(this::dispatch);
        } catch (StoreException e) {
          LOG.warn("tasks could not be given to providers: {}", e.reason().code());
        } catch (RuntimeException e) {
          LOG.error("tasks could not be given to providers: {}", e.getClass().getSimpleName());
        }
      }
    } catch (InterruptedException e) {
      // The node goes.
    }
  }

  /** Who sees the same providers fares the same, so one of them who finds none speaks for all. */
  private void dispatch(String model) {
    Set<String> without = new HashSet<>();
    for (Waiting.Entry entry : waiting.inOrder(model)) {
      if (!without.contains(entry.owner()) && node.phase() == NodeState.Phase.READY && !give(entry)) {
        without.add(entry.owner());
      }
    }
  }

  /** @return whether tasks behind it may fare better */
  private boolean give(Waiting.Entry entry) {
    Optional<Kept> known = kept.of(entry.id());
    if (known.isEmpty()) {
      waiting.remove(entry.id());
      return true;
    }
    Kept of = known.get();
    synchronized (of) {
      if (of.over || of.runner != null || (of.notBefore != null && clock.instant().isBefore(of.notBefore))) {
        return true;
      }
      Choosing choosing = of.choosing == null ? relay.choosing(entry.model(), of.viewer) : of.choosing;
      of.choosing = choosing;
      Optional<Admissions.Place> place = admissions.takeNow(entry.model(), choosing);
      if (place.isPresent()) {
        start(entry, of, place.get());
        return true;
      }
      if (!choosing.isExhausted()) {
        return false;
      }
      of.forgetChoices();
      of.notBefore = clock.instant().plus(PAUSE);
      return true;
    }
  }

  private void start(Waiting.Entry entry, Kept of, Admissions.Place place) {
    boolean begun = false;
    try {
      Provider provider = place.provider();
      Outcome<InferenceTask> claimed = units.write(state -> KeptTasks.claim(state, entry.id(), provider.name(),
          Relay.publisherOf(provider), clock.instant()));
      waiting.remove(entry.id());
      if (claimed instanceof Outcome.Done<InferenceTask>(InferenceTask task)) {
        of.ring.begin(task.epoch());
        of.work(task, new TaskRun(this, relay, of, task, place));
        begun = true;
      }
    } finally {
      if (!begun) {
        place.close();
      }
    }
  }

  /** What became of a task by an attempt's end becomes durable here, once. */
  void settle(InferenceTask next) {
    Outcome<InferenceTask> settled = units.write(state -> KeptTasks.settle(state, next));
    if (settled instanceof Outcome.Done<InferenceTask>(InferenceTask task) && !task.hasEnded()) {
      waiting.add(task);
    }
  }

  /**
   * No thread works on the task any more.
   *
   * @param next what became of it as far as the thread knows; null where somebody else knows
   */
  void rests(InferenceTask claimed, Kept of, @Nullable InferenceTask next) {
    of.rest(next);
    try {
      conclude(claimed.id(), of);
    } catch (StoreException e) {
      LOG.warn("what became of a task could not be kept yet: {}", e.reason().code());
    } catch (RuntimeException e) {
      LOG.error("what became of a task could not be kept yet: {}", e.getClass().getSimpleName());
    }
    look();
  }

  /** Settles what a thread has left behind; what can't be kept now is tried again with each tick. */
  private void conclude(String id, Kept of) {
    Kept.Left left = of.left();
    if (left != null) {
      if (left.next() != null) {
        settle(left.next());
      }
      units.read(state -> state.task(id)).filter(InferenceTask::hasEnded).ifPresent(this::ended);
      of.concluded(left);
    }
  }

  /** A task has ended; where a thread still works on it, that is told to stop and finishes what is left to do. */
  void ended(InferenceTask task) {
    waiting.remove(task.id());
    Kept of = kept.of(task.id()).orElse(null);
    if (of != null && !of.interrupt() && of.finish()) {
      of.meter.ended(outcome(task));
      endings.add(task, of.ring);
      of.ring.end(task);
      kept.remove(task.id(), of);
    }
  }

  private static String outcome(InferenceTask task) {
    return switch (task.state()) {
      case InferenceTask.State.Completed done -> done.status() / 100 == 2 ? Meter.COMPLETED : "status_" + done.status();
      case InferenceTask.State.Failed failed -> failed.reason().code();
      case InferenceTask.State.Pending _,InferenceTask.State.Claimed _,InferenceTask.State.Running _,InferenceTask.State.Cancelled _ ->
        Meter.CANCELLED;
    };
  }

  /** Deadlines of what is under way, and another look for those who wait. */
  public void tick() {
    requireStarted();
    Instant now = clock.instant();
    RuntimeException first = null;
    for (Map.Entry<String, Kept> one : kept.all()) {
      try {
        tick(one.getKey(), one.getValue(), now);
      } catch (RuntimeException e) {
        // What can't be kept of one stops no other.
        first = first == null ? e : first;
      }
    }
    look();
    if (first != null) {
      throw first;
    }
  }

  private void tick(String id, Kept of, Instant now) {
    conclude(id, of);
    if (of.isOverdue(now)) {
      units.read(state -> state.task(id)).map(task -> TaskRules.at(task, now)).filter(InferenceTask::hasEnded)
          .ifPresent(task -> {
            settle(task);
            of.interrupt();
          });
    }
  }

  /** Spec R-71. */
  public void sweep() {
    units.write(state -> KeptTasks.sweep(state, clock.instant())).orThrow().ended().forEach(this::ended);
  }

  /** In whose eyes a task's providers are looked for. */
  Viewer viewer(InferenceTask task) {
    return kept.viewer(task);
  }

  Optional<TaskRing> ring(String id) {
    return kept.of(id).map(of -> of.ring).or(() -> endings.ring(id));
  }

  boolean isAtWork(String id) {
    return kept.has(id);
  }

  int place(String id) {
    return waiting.place(id);
  }

  @Nullable
  Duration estimate(String model, int place) {
    return endings.estimate(model, place);
  }

  /** How many wait, by model. */
  public Map<String, Integer> queued() {
    return waiting.counts();
  }

  /** What is under way is taken up by the next start. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    kept.all().forEach(one -> one.getValue().interrupt());
  }
}
