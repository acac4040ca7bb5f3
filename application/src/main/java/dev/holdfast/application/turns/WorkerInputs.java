package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.application.workers.Page;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.cancels.InputCancels;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputAck;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sending inputs to workers, looking at them and taking them back (spec W-35, T-47, T-48, turns §14). */
public final class WorkerInputs {
  private final UnitsOfWork units;
  private final TurnExecutor executor;
  private final WorkerLimits limits;
  private final InstantSource clock;

  public WorkerInputs(UnitsOfWork units, TurnExecutor executor, WorkerLimits limits, InstantSource clock) {
    this.units = units;
    this.executor = executor;
    this.limits = limits;
    this.clock = clock;
  }

  /** When this returns, the input is durable, and the executor knows of it. */
  public Outcome<InputAck> send(Audited call, Sender sender, InputDraft draft) {
    WorkerId worker = sender.worker();
    return WorkQueues.OfWorker.told(executor, worker,
        units.write(call, worker.value(), state -> WorkQueues.OfWorker.with(state, worker,
            InputRules.accept(state, sender, draft, limits, clock.instant()))));
  }

  /**
   * @param cascade whether the turn of an input that is claimed is asked to cancel instead; nobody may hold it any more, and
   *     then it has ended when this returns
   */
  public Outcome<InputCancels.Result> cancel(
      Audited call, Sender sender, InputCancels.Target target, boolean cascade) {
    Outcome<InputCancels.Result> outcome = units.write(call, sender.worker().value(),
        state -> InputCancels.cancel(state, sender, target, cascade, clock.instant()));
    if (outcome instanceof Outcome.Done<InputCancels.Result>(InputCancels.Result.TurnAsked _)) {
      executor.settleIfDue(sender.worker());
    }
    return outcome;
  }

  /** One result per target, in their order. */
  public Outcome<List<InputCancels.Result>> cancelAll(
      Audited call, Sender sender, List<InputCancels.Target> targets) {
    return units.write(call, sender.worker().value(),
        state -> InputCancels.cancelAll(state, sender, targets, clock.instant()));
  }

  /** The anchor and every later input. */
  public Outcome<List<InputCancels.Result>> cancelFrom(Audited call, Sender sender, InputCancels.Target anchor) {
    return units.write(call, sender.worker().value(),
        state -> InputCancels.cancelFrom(state, sender, anchor, clock.instant()));
  }

  public Outcome<Input> show(@Nullable RuntimeId runtime, WorkerId worker, Reach reach, InputId id) {
    return units.read(state -> switch (WorkerRules.find(state, runtime, worker, reach)) {
      case Outcome.Refused<?> refused -> refused.as();
      case Outcome.Done<?> _,Outcome.Replayed<?> _ -> {
        Optional<Input> input = state.input(id).filter(i -> i.session().equals(worker));
        yield input.isPresent() ? new Outcome.Done<>(input.get()) : Outcome.refused(Reason.INPUT_NOT_FOUND);
      }
    });
  }

  /** @param inputState only inputs in that state, by its name on the wire, or all when null */
  public Outcome<Page<Input>> list(
      @Nullable RuntimeId runtime, WorkerId worker, Reach reach, @Nullable String inputState, Listing page) {
    if (page.refusal() != null) {
      return page.refusal().as();
    }
    return units.read(state -> WorkerRules.find(state, runtime, worker, reach).map(found -> Page.of(
        state.inputs(worker, page.start(), page.size() + 1, inputState), page.size(),
        input -> Long.toString(input.enqueueSeq()))));
  }
}
