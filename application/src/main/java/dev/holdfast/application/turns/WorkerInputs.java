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
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputAck;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sending inputs to workers and looking at them (spec W-35, turns §14). */
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
    Outcome<InputAck> outcome =
        units.write(call, sender.worker().value(),
            state -> InputRules.accept(state, sender, draft, limits, clock.instant()));
    if (outcome instanceof Outcome.Done<InputAck>) {
      executor.trigger(sender.worker());
    }
    return outcome;
  }

  /** @param subject as in {@link WorkerRules#find} */
  public Outcome<Input> show(@Nullable RuntimeId runtime, WorkerId worker, @Nullable String subject, InputId id) {
    return units.read(state -> switch (WorkerRules.find(state, runtime, worker, subject)) {
      case Outcome.Refused<?> refused -> refused.as();
      case Outcome.Done<?> _,Outcome.Replayed<?> _ -> {
        Optional<Input> input = state.input(id).filter(i -> i.session().equals(worker));
        yield input.isPresent() ? new Outcome.Done<>(input.get()) : Outcome.refused(Reason.INPUT_NOT_FOUND);
      }
    });
  }

  /** @param inputState only inputs in that state, by its name on the wire, or all when null */
  public Outcome<Page<Input>> list(
      @Nullable RuntimeId runtime, WorkerId worker, @Nullable String subject, @Nullable String inputState,
      Listing page) {
    if (page.refusal() != null) {
      return page.refusal().as();
    }
    return units.read(state -> WorkerRules.find(state, runtime, worker, subject).map(found -> Page.of(
        state.inputs(worker, page.start(), page.size() + 1, inputState), page.size(),
        input -> Long.toString(input.enqueueSeq()))));
  }
}
