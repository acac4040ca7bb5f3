package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.RuntimeStatus;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accepting an input (spec W-35, T-40 to T-43). */
public final class InputRules {
  private InputRules() {}

  /** To which worker, and by whom. Null members as in {@link WorkerRules#find}; {@code keyId} is the event's actor. */
  public record Sender(@Nullable RuntimeId runtime, WorkerId worker, @Nullable String subject, @Nullable String keyId) {
    public static Sender to(WorkerId worker) {
      return new Sender(null, worker, null, null);
    }
  }

  public static Decision<InputAck> accept(
      TurnReads state, Sender sender, InputDraft draft, WorkerLimits limits, Instant now) {
    Outcome<Worker> found = WorkerRules.find(state, sender.runtime(), sender.worker(), sender.subject());
    if (draft.sourceKey() != null && found instanceof Outcome.Done<Worker>(Worker worker)) {
      Optional<Input> known = state.inputBySourceKey(worker.id(), draft.sourceKey());
      if (known.isPresent()) {
        return replayed(known.get(), draft, worker);
      }
    }
    Outcome.Refused<?> refusal = refusal(state, found, draft, limits);
    if (refusal != null) {
      return Decision.refused(refusal);
    }
    return accepted(state, found.orThrow(), draft, new NewEvents(state, now, sender.keyId()), now);
  }

  /**
   * The first input of a worker that is made by the same unit of work; the text was looked at before.
   *
   * @param made what makes the worker, not refused
   * @param keyId the event's actor
   * @return with all changes of both
   */
  public static Decision<InputAck> first(
      TurnReads state, Decision<Worker> made, InputDraft draft, @Nullable String keyId, Instant now) {
    var events = NewEvents.behind(state, made.changes(), now, keyId);
    Decision<InputAck> input = accepted(state, made.outcome().orThrow(), draft, events, now);
    List<Change> changes = new ArrayList<>(made.changes());
    changes.addAll(input.changes());
    return new Decision<>(input.outcome(), changes);
  }

  private static Decision<InputAck> replayed(Input known, InputDraft draft, Worker worker) {
    boolean equal = known.kind() == draft.kind() && known.content().equals(draft.content())
        && Objects.equals(known.options(), draft.options()) && known.submittedIngress().equals(draft.ingress());
    return equal
        ? Decision.replayed(new InputAck(known, worker.status()))
        : Decision.refused(
            Outcome.refused(Reason.SOURCE_KEY_CONFLICT, "existing_input_id", known.id().value()));
  }

  private static Outcome.@Nullable Refused<?> refusal(
      TurnReads state, Outcome<Worker> found, InputDraft draft, WorkerLimits limits) {
    if (state.runtime().orElseThrow().status() == RuntimeStatus.STOPPED) {
      return Outcome.refused(Reason.RUNTIME_STOPPED);
    }
    Outcome.Refused<?> content = limits.refusalOfText("content", draft.content());
    if (content != null) {
      return content;
    }
    return switch (found) {
      case Outcome.Refused<Worker> refused -> refused;
      case Outcome.Replayed<Worker>(Worker worker) -> refusal(state, worker, draft, limits);
      case Outcome.Done<Worker>(Worker worker) -> refusal(state, worker, draft, limits);
    };
  }

  private static Outcome.@Nullable Refused<?> refusal(
      TurnReads state, Worker worker, InputDraft draft, WorkerLimits limits) {
    Outcome.Refused<?> status = WorkerRules.refusalOfWork(worker);
    if (status != null) {
      return status;
    }
    if (state.workQueue(worker.id()).pendingInputs() >= limits.maxPendingInputs()) {
      return Outcome.refused(Reason.INPUT_LIMIT_REACHED, "max", limits.maxPendingInputs());
    }
    boolean known = !(draft.ingress() instanceof Ingress.ActiveTurn(TurnId turn, _)) || turn == null
        || state.turn(turn).filter(named -> named.session().equals(worker.id())).isPresent();
    return known ? null : Outcome.refused(Reason.TURN_NOT_FOUND);
  }

  /** Where the input begins: for a turn that has ended, or where none is open, it waits for the next (spec T-41). */
  private static InputState initial(TurnReads state, Worker worker, Ingress ingress) {
    if (!(ingress instanceof Ingress.ActiveTurn(TurnId named, Boundary earliest))) {
      return new InputState.Deferred();
    }
    TurnId open = state.session(worker.id()).openTurn();
    return open != null && (named == null || named.equals(open))
        ? new InputState.Pending(open, earliest)
        : new InputState.Deferred();
  }

  private static Decision<InputAck> accepted(
      TurnReads state, Worker worker, InputDraft draft, NewEvents events, Instant now) {
    long eventId = events.nextId();
    WorkQueue queue = state.workQueue(worker.id()).plusInput();
    Worker after = worker.withEntries(1, eventId);
    var input = new Input(new InputId(eventId), worker.id(), queue.lastEnqueueSeq(), draft.sourceKey(), draft.kind(),
        draft.content(), draft.options(), draft.ingress(), now, after.transcriptLength(),
        initial(state, worker, draft.ingress()));
    Json data = Json.object("input_id", input.id().value(),
        "kind", draft.kind().name().toLowerCase(Locale.ROOT),
        "transcript_sequence", input.transcriptSequence());
    events.add(worker.id(), EventName.WORKER_INPUT_ACCEPTED, data);
    List<Change> changes = new ArrayList<>(List.of(
        new InputChange.Accepted(input),
        new QueueChange.QueuePut(queue),
        new WorkerChange.Moved(after)));
    changes.addAll(events.changes());
    return Decision.done(new InputAck(input, worker.status()), changes);
  }
}
