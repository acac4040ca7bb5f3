package dev.holdfast.application.events;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerReads;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for what: readers of the feed, whole or of one worker, readers of a turn's output, those who wait for a turn to be
 * cancelled, and external executors without work.
 */
public final class NewsRoom {
  private final Signals<Optional<WorkerId>> events = new Signals<>();
  private final Signals<TurnId> outputs = new Signals<>();
  private final Map<TurnId, Followed> tails = new ConcurrentHashMap<>();
  private final Signals<TurnId> cancels = new Signals<>();
  private final Signals<Optional<String>> work = new Signals<>();

  /** What is kept of a turn's output while somebody reads it. */
  private record Followed(OutputTail tail, int readers) {}

  /** @param worker only news of that worker's feed, or of the whole feed when null */
  public Signals<Optional<WorkerId>>.Subscription events(@Nullable WorkerId worker) {
    return events.subscribe(Optional.ofNullable(worker));
  }

  /** Of one turn's output. */
  public OutputNews output(TurnId turn) {
    Followed followed = Objects.requireNonNull(tails.compute(turn, (_, present) -> present == null
        ? new Followed(new OutputTail(), 1)
        : new Followed(present.tail, present.readers + 1)));
    return new OutputNews(outputs.subscribe(turn), followed.tail, () -> leave(turn));
  }

  private void leave(TurnId turn) {
    tails.computeIfPresent(turn, (_, present) -> present.readers == 1
        ? null
        : new Followed(present.tail, present.readers - 1));
  }

  /** Of a request to cancel the turn: that there is one, and how far it has come. */
  public Signals<TurnId>.Subscription cancel(TurnId turn) {
    return cancels.subscribe(turn);
  }

  /** @param subject only news of work for external executors of that subject's workers, or of all when null */
  public Signals<Optional<String>>.Subscription work(@Nullable String subject) {
    return work.subscribe(Optional.ofNullable(subject));
  }

  /** Wakes those who wait for what these changes tell. Call it once they are durable. */
  public void raise(List<Change> changes) {
    Set<Optional<WorkerId>> feeds = new HashSet<>();
    Set<TurnId> turns = new HashSet<>();
    Set<TurnId> cancelled = new HashSet<>();
    for (Change change : changes) {
      if (change instanceof EventChange.Appended(var event)) {
        feeds.add(Optional.ofNullable(event.worker()));
        feeds.add(Optional.empty());
      } else if (change instanceof OutputChange.Appended(TurnId turn, List<OutputRecord> records)) {
        turns.add(turn);
        Followed followed = tails.get(turn);
        if (followed != null) {
          followed.tail.add(records);
        }
      } else if (change instanceof TurnChange.CancelPut(TurnId turn, _)) {
        cancelled.add(turn);
      } else if (change instanceof TurnChange.Put(Turn turn) && turn.isCancelRequested()) {
        cancelled.add(turn.id());
      }
    }
    cancelled.forEach(cancels::raise);
    feeds.forEach(events::raise);
    turns.forEach(outputs::raise);
  }

  /**
   * The subjects whose external executors may find work behind these changes.
   *
   * @param state that the changes were decided on
   */
  public static Set<String> workFor(WorkerReads state, List<Change> changes) {
    if (changes.stream().noneMatch(NewsRoom::mayBeWork)) {
      return Set.of();
    }
    Set<String> subjects = new HashSet<>();
    for (Change change : changes) {
      if (change instanceof WorkerChange.Moved(WorkerId id, _, _, _)) {
        state.worker(id).filter(worker -> worker.execution() == Execution.EXTERNAL)
            .ifPresent(worker -> subjects.add(worker.owner()));
      }
    }
    return subjects;
  }

  /** Something was submitted, or somebody let go of a session in which there may be more. */
  private static boolean mayBeWork(Change change) {
    return change instanceof InputChange.Accepted || change instanceof QueueChange.Enqueued
        || (change instanceof LeaseChange.Put(Lease lease) && lease instanceof Lease.Free);
  }

  /** Wakes the external executors of these subjects. */
  public void raiseWork(Set<String> subjects) {
    for (String subject : subjects) {
      work.raise(Optional.of(subject));
      work.raise(Optional.empty());
    }
  }

  public void raiseAll() {
    events.raiseAll();
    outputs.raiseAll();
    cancels.raiseAll();
    work.raiseAll();
  }
}
