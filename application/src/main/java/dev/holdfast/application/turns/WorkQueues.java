package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.application.workers.Page;
import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.QueueRules;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Sending wakes and commands to workers, looking at them and taking them back (spec T-20 to T-32, turns §14). */
public final class WorkQueues {
  private final UnitsOfWork units;
  private final TurnExecutor executor;
  private final WorkerLimits limits;
  private final InstantSource clock;

  public WorkQueues(UnitsOfWork units, TurnExecutor executor, WorkerLimits limits, InstantSource clock) {
    this.units = units;
    this.executor = executor;
    this.limits = limits;
    this.clock = clock;
  }

  /** When this returns, the batch is durable, and the executor knows of it. */
  public Outcome<Batch> enqueue(Audited call, Sender sender, BatchDraft draft) {
    WorkerId worker = sender.worker();
    return OfWorker.told(executor, worker, units.write(call, worker.value(), state -> OfWorker.with(state, worker,
        QueueRules.enqueue(state, sender, draft, limits, clock.instant()))));
  }

  /** One that has ended is answered as it is; what is claimed, or part of an open turn, is refused. */
  public Outcome<Batch> cancel(Audited call, Sender sender, BatchId id) {
    WorkerId worker = sender.worker();
    // The executor is told, too: it may have stood before others.
    return OfWorker.told(executor, worker, units.write(call, worker.value(), state -> OfWorker.with(state, worker,
        QueueRules.cancel(state, sender, id, clock.instant()))));
  }

  /** @param batchState only batches in that state, by its name on the wire, or all when null */
  public Outcome<Page<Batch>> list(
      @Nullable RuntimeId runtime, WorkerId worker, Reach reach, @Nullable String batchState, Listing page) {
    if (page.refusal() != null) {
      return page.refusal().as();
    }
    return units.read(state -> WorkerRules.find(state, runtime, worker, reach).map(found -> Page.of(
        state.batches(worker, page.start(), page.size() + 1, batchState), page.size(),
        batch -> Long.toString(batch.enqueueSeq()))));
  }

  /** What was done for a worker, and who runs that one's turns, as the same unit of work has seen it. */
  record OfWorker<T>(T result, Execution execution) {
    static <T> Decision<OfWorker<T>> with(State state, WorkerId worker, Decision<T> decision) {
      return decision.outcome() instanceof Outcome.Refused<T> refused
          ? Decision.refused(refused)
          : new Decision<>(decision.outcome().map(
              result -> new OfWorker<>(result, state.worker(worker).orElseThrow().execution())), decision.changes());
    }

    /** The result alone; the executor was told where something was done. */
    static <T> Outcome<T> told(TurnExecutor executor, WorkerId worker, Outcome<OfWorker<T>> outcome) {
      if (outcome instanceof Outcome.Done<OfWorker<T>>(OfWorker<T> done)) {
        executor.trigger(worker, done.execution());
      }
      return outcome.map(OfWorker::result);
    }
  }
}
