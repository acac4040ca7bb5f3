package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.application.workers.Page;
import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.QueueRules;
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
    Outcome<Batch> outcome = units.write(call, sender.worker().value(),
        state -> QueueRules.enqueue(state, sender, draft, limits, clock.instant()));
    if (outcome instanceof Outcome.Done<Batch>) {
      executor.trigger(sender.worker());
    }
    return outcome;
  }

  /** One that has ended is answered as it is; what is claimed, or part of an open turn, is refused. */
  public Outcome<Batch> cancel(Audited call, Sender sender, BatchId id) {
    Outcome<Batch> outcome = units.write(call, sender.worker().value(),
        state -> QueueRules.cancel(state, sender, id, clock.instant()));
    if (outcome instanceof Outcome.Done<Batch>) {
      // It may have stood before others.
      executor.trigger(sender.worker());
    }
    return outcome;
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
}
