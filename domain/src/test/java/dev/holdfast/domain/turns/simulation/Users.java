package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.pruning.Prunable;
import dev.holdfast.domain.integrity.pruning.PruneRequest;
import dev.holdfast.domain.integrity.pruning.PruneRules;
import dev.holdfast.domain.integrity.pruning.PruneSurvey;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.cancels.InputCancels;
import dev.holdfast.domain.turns.cancels.InputCancels.Target;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputAck;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.Delivery;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueRules;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.retention.Pruned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Those who send, enqueue and cancel, and repeat themselves with and without their keys. */
final class Users {
  private static final WorkerLimits LIMITS = new WorkerLimits(100, 1 << 20, 12, 10, 100);

  private final Calls calls;
  private final World world;
  private final Map<String, InputDraft> sent = new HashMap<>();
  private final Map<String, BatchDraft> enqueued = new HashMap<>();
  private final List<String> inputKeys = new ArrayList<>();
  private final List<String> batchKeys = new ArrayList<>();

  Users(Calls calls) {
    this.calls = calls;
    this.world = calls.world;
  }

  // Inputs.

  void send(WorkerId to) {
    InputDraft draft = new InputDraft(world.chance(85) ? InputKind.USER : InputKind.SYSTEM, world.fresh("input "), null,
        ingress(to), world.chance(40) ? world.fresh("key") : null);
    if (!inputKeys.isEmpty() && world.chance(20)) {
      String key = world.any(inputKeys);
      InputDraft known = sent.get(to + key);
      if (known != null) {
        draft = world.chance(70) ? known : draft.withKey(key);
      }
    }
    send(to, draft);
    if (world.chance(6)) {
      send(to, draft);
    }
  }

  private void send(WorkerId to, InputDraft draft) {
    InputDraft known = draft.sourceKey() == null ? null : sent.get(to + draft.sourceKey());
    Outcome<InputAck> outcome = calls.write("send", draft,
        state -> InputRules.accept(state, Sender.to(to), draft, LIMITS, world.now()));
    switch (outcome) {
      case Outcome.Done<InputAck>(InputAck ack) -> {
        Violation.unless(known == null, "a known key makes nothing new", draft);
        Violation.unless(ack.input().equals(world.model.session(to).input(ack.input().id())), "the answered input",
            ack);
        if (draft.sourceKey() != null) {
          sent.put(to + draft.sourceKey(), draft);
          inputKeys.add(draft.sourceKey());
        }
      }
      case Outcome.Replayed<InputAck>(InputAck ack) -> Violation.unless(draft.equals(known)
          && ack.input().content().equals(draft.content())
          && ack.input().equals(world.model.session(to).input(ack.input().id())), "a replay answers the original", ack);
      case Outcome.Refused<InputAck>(Reason reason, _) -> Violation.unless(
          known == null || (reason == Reason.SOURCE_KEY_CONFLICT && !draft.equals(known)),
          "a known key is answered", draft);
    }
  }

  private Ingress ingress(WorkerId to) {
    if (world.chance(50)) {
      return new Ingress.NextTurn();
    }
    Boundary earliest = world.chance(60) ? Boundary.AFTER_WORK : Boundary.BEFORE_COMPLETION;
    List<Turn> turns = world.model.session(to).turns();
    if (turns.isEmpty() || world.chance(40)) {
      return new Ingress.ActiveTurn(world.chance(95) ? null : new TurnId(999_999), earliest);
    }
    return new Ingress.ActiveTurn(world.chance(80) ? turns.getLast().id() : world.any(turns).id(), earliest);
  }

  // Queued work.

  void enqueue(WorkerId to) {
    BatchDraft draft = world.chance(35) ? command() : wake();
    if (!batchKeys.isEmpty() && world.chance(20)) {
      String key = world.any(batchKeys);
      BatchDraft known = enqueued.get(to + key);
      if (known != null) {
        draft = world.chance(70)
            ? known
            : new BatchDraft(draft.items(), draft.delivery(), draft.availableAt(), key);
      }
    }
    enqueue(to, draft);
  }

  private void enqueue(WorkerId to, BatchDraft draft) {
    BatchDraft known = draft.sourceKey() == null ? null : enqueued.get(to + draft.sourceKey());
    Outcome<Batch> outcome = calls.write("enqueue", draft,
        state -> QueueRules.enqueue(state, Sender.to(to), draft, LIMITS, world.now()));
    switch (outcome) {
      case Outcome.Done<Batch>(Batch batch) -> {
        Violation.unless(known == null && world.model.session(to).batches().contains(batch), "the answered batch",
            batch);
        if (draft.sourceKey() != null) {
          enqueued.put(to + draft.sourceKey(), draft);
          batchKeys.add(draft.sourceKey());
        }
      }
      case Outcome.Replayed<Batch>(Batch batch) -> Violation.unless(batch.items().equals(draft.items())
          && world.model.session(to).batches().contains(batch), "a replay answers the original", batch);
      case Outcome.Refused<Batch>(Reason reason, _) -> Violation.unless(
          known == null || (reason == Reason.SOURCE_KEY_CONFLICT && !draft.equals(known)),
          "a known key is answered", draft);
    }
  }

  private BatchDraft command() {
    var kind = world.chance(60) ? Payload.Command.Kind.REFRESH_TOOL_CATALOG : Payload.Command.Kind.RESET_SESSION;
    List<Payload> items = new ArrayList<>(List.of(new Payload.Command(kind, null)));
    if (world.chance(5)) {
      items.add(Payload.Wake.of("mixed", 1, "mixed"));
    }
    return new BatchDraft(items, null, later(), world.chance(40) ? world.fresh("key") : null);
  }

  private BatchDraft wake() {
    List<Payload> items = new ArrayList<>();
    for (int i = world.chance(15) ? 2 : 1; i > 0; i--) {
      String text = world.fresh("wake ");
      items.add(Payload.Wake.of("mail", items.isEmpty() ? world.random.nextLong(1_000_000) : 0, text));
    }
    return new BatchDraft(items, delivery(), later(), world.fresh("key"));
  }

  private @Nullable Delivery delivery() {
    if (world.chance(30)) {
      return null;
    }
    var policy =
        world.chance(70) ? Delivery.Policy.EARLIEST_SAFE_BOUNDARY : Delivery.Policy.AFTER_CURRENT_TURN_COMMIT;
    var slot = world.chance(70) ? Delivery.Slot.JOIN : Delivery.Slot.EXCLUSIVE;
    return new Delivery(policy, slot, world.any(List.of("a", "b", Delivery.PAYLOAD_DEFAULT)));
  }

  private @Nullable Instant later() {
    return world.chance(25) ? world.now().plusSeconds(world.random.nextInt(40)) : null;
  }

  // Retention.

  void prune() {
    Instant before = world.now().minusSeconds(world.random.nextInt(60));
    var request = new PruneRequest(maybe(before), maybe(before), maybe(before), maybe(before), null, null,
        maybe(before));
    Prunable found = calls.write("look what to prune", request, state -> {
      var survey = new PruneSurvey(request);
      while (survey.look(state)) {
        // Until there is nothing more to look at.
      }
      return Decision.done(survey.found(), List.of());
    }).orThrow();
    for (Pruned marks : found.workers()) {
      calls.write("prune", marks, state -> PruneRules.ofWorker(state, marks));
      forgetKeys(marks.worker());
    }
    if (request.diagnosticsBefore() != null) {
      calls.write("prune diagnostics", before, state -> PruneRules.ofDiagnostics(state, before));
    }
    calls.write("prune events", found.counts(), state -> PruneRules.ofRuntime(state, found, null, world.now()));
  }

  private @Nullable Instant maybe(Instant before) {
    return world.chance(70) ? before : null;
  }

  /** What is not there any more has no key, and what has one is there. */
  private void forgetKeys(WorkerId of) {
    Set<String> left = new HashSet<>();
    world.model.session(of).inputs().forEach(input -> left.add(of + String.valueOf(input.sourceKey())));
    sent.keySet().removeIf(key -> key.startsWith(of.toString()) && !left.contains(key));
    left.clear();
    world.model.session(of).batches().forEach(batch -> left.add(of + String.valueOf(batch.sourceKey())));
    enqueued.keySet().removeIf(key -> key.startsWith(of.toString()) && !left.contains(key));
  }

  // Cancels.

  void cancel(WorkerId of, Owner here) {
    List<Input> inputs = world.model.session(of).inputs();
    switch (world.random.nextInt(inputs.isEmpty() ? 2 : 7)) {
      case 0 -> cancelBatch(of);
      case 1 -> cancelTurn(of, here);
      case 2, 3 -> {
        Target target = target(inputs);
        boolean cascade = world.chance(40);
        calls.write("cancel input", target,
            state -> InputCancels.cancel(state, Sender.to(of), target, cascade, world.now()));
      }
      case 4, 5 -> {
        List<Target> targets = List.of(target(inputs), target(inputs), target(inputs));
        calls.write("cancel inputs", targets,
            state -> InputCancels.cancelAll(state, Sender.to(of), targets, world.now()));
      }
      default -> {
        Target anchor = target(inputs.subList(inputs.size() / 2, inputs.size()));
        calls.write("cancel from", anchor,
            state -> InputCancels.cancelFrom(state, Sender.to(of), anchor, world.now()));
      }
    }
  }

  private Target target(List<Input> inputs) {
    Input input = world.any(inputs);
    return input.sourceKey() != null && world.chance(30)
        ? new Target.BySourceKey(input.sourceKey())
        : new Target.ById(input.id());
  }

  private void cancelBatch(WorkerId of) {
    List<Batch> batches = world.model.session(of).batches();
    if (!batches.isEmpty()) {
      Batch batch = world.any(batches);
      calls.write("cancel batch", batch.id(),
          state -> QueueRules.cancel(state, Sender.to(of), batch.id(), world.now()));
    }
  }

  /** First writer wins: an open turn is asked to cancel, a cancelled one answers, any other end has won. */
  private void cancelTurn(WorkerId of, Owner here) {
    List<Turn> turns = world.model.session(of).turns();
    if (turns.isEmpty()) {
      return;
    }
    Turn turn = world.chance(70) ? turns.getLast() : world.any(turns);
    boolean otherwise =
        turn.state() instanceof Turn.State.Ended ended && !(ended.outcome() instanceof TurnOutcome.Cancelled);
    var asking = new CancelRules.Asking(null, null, world.chance(50) ? world.fresh("note") : null);
    Outcome<CancelRules.Requested> outcome = calls.write("cancel turn", turn.id(),
        state -> CancelRules.request(state, turn.id(), asking, here, world.now()));
    Violation.unless(otherwise == outcome instanceof Outcome.Refused, "first writer wins", outcome);
  }

  void end(WorkerId worker) {
    var how = world.chance(50) ? LifecycleRules.Ending.STOP : LifecycleRules.Ending.CANCEL;
    calls.write("end", List.of(worker, how),
        state -> LifecycleRules.end(state, Sender.to(worker), how, null, world.now()));
  }

  /** Every worker is stopped with the runtime, and stays so when it is started again. */
  void stopAndStart() {
    calls.write("stop", "runtime", state -> LifecycleRules.stopRuntime(state, null, null, world.now()));
    if (world.chance(50)) {
      send(world.any(List.copyOf(world.model.sessions())).id);
    }
    calls.write("start", "runtime", state -> LifecycleRules.startRuntime(state, null, null, world.now()));
  }
}
