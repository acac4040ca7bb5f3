package dev.holdfast.domain.turns.responses;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ProviderReads;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.cancels.InputCancels;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputAck;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Responses that are kept (spec ). Which input a response is, is remembered as an idempotency key is. */
public final class ResponseRules {
  /** Of the remembered calls that are responses, by their ids. */
  private static final String SCOPE = "response";

  /** What is remembered of a response that was deleted. */
  private static final String DELETED = "deleted";

  private ResponseRules() {}

  /**
   * Who asks.
   *
   * @param reach the workers whose responses are there for the caller
   */
  public record Asking(WorkerRules.Caller caller, Reach reach) {
    Sender to(Worker worker) {
      return new Sender(null, worker.id(), null, caller.keyId());
    }
  }

  /** @return response_not_found also for one of a worker beyond the caller's reach, and for one that was deleted */
  public static Outcome<Response> find(TurnReads state, String id, Reach reach) {
    Optional<Input> input = state.remembered(SCOPE, id).filter(found -> !found.object().equals(DELETED))
        .flatMap(found -> state.input(InputId.parse(found.object())));
    Optional<Worker> worker = input.flatMap(found -> state.worker(found.session())).filter(reach::covers);
    return worker.isEmpty()
        ? Outcome.refused(Reason.RESPONSE_NOT_FOUND)
        : new Outcome.Done<>(response(state, new ResponseId(id), worker.get(), input.orElseThrow()));
  }

  /** A response that was found before, as it is now. */
  public static Response again(TurnReads state, Response before) {
    Worker worker = state.worker(before.worker().id()).orElse(before.worker());
    return response(state, before.id(), worker, state.input(before.input().id()).orElse(before.input()));
  }

  private static Response response(TurnReads state, ResponseId id, Worker worker, Input input) {
    Turn turn = Optional.ofNullable(input.turn()).flatMap(state::turn).orElse(null);
    return new Response(id, worker, input, turn);
  }

  /** A new worker with its first input, or one more input of the worker of the previous response, which must be its last. */
  public static <S extends TurnReads & ProviderReads> Decision<Response> create(
      S state, ResponseDraft draft, Asking by, WorkerRules.Terms terms, Instant now) {
    Outcome.Refused<?> wrong = terms.limits().refusalOfText("input", draft.content());
    if (wrong != null) {
      return Decision.refused(wrong);
    }
    var input = new InputDraft(InputKind.USER, draft.content(), draft.options(), new Ingress.NextTurn(), null);
    if (draft.previous() != null) {
      return goOn(state, draft, input, by, terms, now);
    }
    var request = new CreateWorker(new WorkerIntent.Assistant(null), ProfileSelector.RESPONSES, draft.model(),
        Execution.BUILTIN, null, List.of(), List.of(), List.of());
    Decision<Worker> made = WorkerRules.create(state, request, by.caller(), terms, now);
    return made.outcome() instanceof Outcome.Refused<Worker> refused
        ? Decision.refused(refused)
        : kept(draft.id(), made.outcome().orThrow(),
            InputRules.first(state, made, input, by.caller().keyId(), now), now);
  }

  @SuppressWarnings("checkstyle:ParameterNumber")
  private static Decision<Response> goOn(
      TurnReads state, ResponseDraft draft, InputDraft input, Asking by, WorkerRules.Terms terms, Instant now) {
    Outcome<Response> found = find(state, Objects.requireNonNull(draft.previous()), by.reach());
    if (found instanceof Outcome.Refused<Response> refused) {
      return Decision.refused(refused);
    }
    Response previous = found.orThrow();
    Worker worker = previous.worker();
    if (!draft.model().equals(worker.model())) {
      return Decision.refused(Outcome.invalid("model"));
    }
    return previous.status().isEnded() && isHead(state, previous)
        ? kept(draft.id(), worker, InputRules.accept(state, by.to(worker), input, terms.limits(), now), now)
        : Decision.refused(Reason.PREVIOUS_RESPONSE_NOT_HEAD);
  }

  /** Nothing was brought to the worker behind it. */
  private static boolean isHead(TurnReads state, Response response) {
    return state.workQueue(response.worker().id()).lastEnqueueSeq() == response.input().enqueueSeq();
  }

  private static Decision<Response> kept(ResponseId id, Worker worker, Decision<InputAck> accepted, Instant now) {
    if (accepted.outcome() instanceof Outcome.Refused<InputAck> refused) {
      return Decision.refused(refused);
    }
    Input input = accepted.outcome().orThrow().input();
    return Decision.done(new Response(id, worker, input, null),
        plus(accepted.changes(), remembered(id, input.id().value(), now)));
  }

  private static List<Change> plus(List<Change> changes, Change last) {
    List<Change> all = new ArrayList<>(changes);
    all.add(last);
    return all;
  }

  private static Change remembered(ResponseId id, String object, Instant now) {
    return new WorkerChange.KeyRemembered(new Remembered(SCOPE, id.value(), "", object, now));
  }

  /**
   * The input is cancelled where it waits; a turn that has it is asked to cancel. One that has ended stays as it is.
   *
   * @return the response before
   */
  public static Decision<Response> cancel(TurnReads state, String id, Asking by, Instant now) {
    Outcome<Response> found = find(state, id, by.reach());
    if (found instanceof Outcome.Refused<Response> || found.orThrow().status().isEnded()) {
      return new Decision<>(found, List.of());
    }
    Response response = found.orThrow();
    Decision<InputCancels.Result> cancelled = InputCancels.cancel(
        state, by.to(response.worker()), new InputCancels.Target.ById(response.input().id()), true, now);
    return new Decision<>(cancelled.outcome().map(_ -> response), cancelled.changes());
  }

  /**
   * The response is not to be found any more. Nobody can go on behind one that was its worker's last, so that worker is cancelled
   * with it; what of it was public as a worker's stays until it is pruned.
   *
   * @return the response before
   */
  public static Decision<Response> delete(TurnReads state, String id, Asking by, Instant now) {
    Outcome<Response> found = find(state, id, by.reach());
    if (found instanceof Outcome.Refused<Response> refused) {
      return Decision.refused(refused);
    }
    Response response = found.orThrow();
    Change forgotten = remembered(response.id(), DELETED, now);
    if (!isHead(state, response)) {
      return Decision.done(response, List.of(forgotten));
    }
    Decision<Worker> ended = LifecycleRules.end(
        state, by.to(response.worker()), LifecycleRules.Ending.CANCEL, "response deleted", now);
    return ended.outcome() instanceof Outcome.Refused<Worker> refused
        ? Decision.refused(refused)
        : Decision.done(response, plus(ended.changes(), forgotten));
  }
}
