package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.domain.workers.retention.Pruned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the simulation knows of one session by itself, and whether each change of it is one that may be. */
final class SessionModel {
  final WorkerId id;
  private Worker worker;
  private Lease lease;
  private Session session;
  private final Map<InputId, Input> inputs = new LinkedHashMap<>();
  private final Map<BatchId, Batch> batches = new LinkedHashMap<>();
  private final Map<TurnId, TurnModel> turns = new LinkedHashMap<>();
  private final Set<String> leaseTokens = new HashSet<>();
  private final Set<String> claimIds = new HashSet<>();
  private long lastEnqueueSeq;
  private long lastClaimNo;
  private long transcriptLength;
  private long lastEventId;

  // Of the unit of work that is being folded.
  private final Set<Claim> newClaims = new HashSet<>();
  private final List<Input> completedInputs = new ArrayList<>();
  private final List<Payload.Command.Kind> applied = new ArrayList<>();
  private final List<Admission> admitted = new ArrayList<>();

  SessionModel(Worker created) {
    this.id = created.id();
    this.worker = created;
    this.lease = new Lease.Free(id, 0);
    this.session = Session.initial(id);
  }

  Worker worker() {
    return worker;
  }

  Lease lease() {
    return lease;
  }

  Session session() {
    return session;
  }

  List<Input> inputs() {
    return List.copyOf(inputs.values());
  }

  List<Batch> batches() {
    return List.copyOf(batches.values());
  }

  List<Turn> turns() {
    return turns.values().stream().map(TurnModel::turn).toList();
  }

  @Nullable
  Input input(InputId input) {
    return inputs.get(input);
  }

  /** The turn that is open, as far as is known. */
  Optional<Turn> openTurn() {
    return Optional.ofNullable(session.openTurn()).map(turn -> turnModel(turn).turn());
  }

  /** Whether a writer with that fence is the one who may write now. */
  boolean isRightful(Fence fence, Instant now) {
    return lease instanceof Lease.Held held && held.fence().equals(fence) && now.isBefore(held.expiresAt());
  }

  void put(Worker next) {
    Violation.unless(worker.status() == WorkerStatus.RUNNING || worker.status() == next.status(),
        "an ended worker stays ended", next);
    worker = next;
  }

  void told(Event event) {
    lastEventId = event.id();
  }

  /** @param mayTakeOver whether the world knows the holder to be dead */
  void put(Lease next, boolean mayTakeOver, Instant now) {
    boolean live = lease instanceof Lease.Held held && now.isBefore(held.expiresAt());
    Violation.unless(next.generation() >= lease.generation(), "a generation only grows", lease, next);
    if (next instanceof Lease.Held(Fence fence, _, _, _, _)) {
      if (lease instanceof Lease.Held held && next.generation() == lease.generation()) {
        Violation.unless(!((Lease.Held) next).expiresAt().isAfter(held.expiresAt())
            || openTurn()
                .filter(turn -> (turn.cancel() != null && turn.cancel().isOverdueAt(now)) || turn.isPastDeadlineAt(now))
                .isEmpty(),
            "a turn that has to end gets no more time", next);
        Violation.unless(live && fence.equals(held.fence()), "a holder keeps its fence", lease, next);
      } else {
        Violation.unless(next.generation() == lease.generation() + 1, "a new holder has a new generation",
            lease, next);
        Violation.unless(!live || mayTakeOver, "a live lease is not taken away", lease, next);
        Violation.unless(leaseTokens.add(fence.token()), "a lease's token is new", next);
      }
    } else {
      Violation.unless(next.generation() == lease.generation(), "a release keeps the generation", next);
    }
    lease = next;
  }

  void put(Session next) {
    long revision = next.headRevision();
    Violation.unless(revision == session.headRevision() || revision == session.headRevision() + 1,
        "head_revision grows one by one", next);
    boolean reset = applied.contains(Payload.Command.Kind.RESET_SESSION);
    // Told before the session is: a turn that ends with this commit has ended.
    long ended = turns.values().stream().filter(turn -> !turn.turn().isOpen()).count();
    Violation.unless(next.contextStart() == (reset ? ended : session.contextStart()), "the context's start", next);
    long refreshes = applied.stream().filter(kind -> kind == Payload.Command.Kind.REFRESH_TOOL_CATALOG).count();
    Violation.unless(
        next.checkpoint().toolCatalogRevision() == session.checkpoint().toolCatalogRevision() + refreshes,
        "tool_catalog_revision counts the commands", next);
    session = next;
  }

  // Inputs and queued work.

  void accepted(Input input) {
    Violation.unless(input.enqueueSeq() == ++lastEnqueueSeq, "enqueue_seq is dense", input);
    entry(input.transcriptSequence());
    Violation.unless(input.state().isPending(), "an input begins waiting", input);
    Violation.unless(inputs.put(input.id(), input) == null, "an input id is new", input);
  }

  void entry(long sequence) {
    Violation.unless(sequence == ++transcriptLength, "a transcript is dense", sequence);
  }

  /** An entry of a turn's commit. */
  void entry(TurnId turn, long sequence, String content) {
    entry(sequence);
    turnModel(turn).texts().add(content);
  }

  void moved(InputId id, InputState state) {
    Input known = Objects.requireNonNull(inputs.get(id));
    Input next = known.in(state);
    Violation.unless(Transitions.isLegal(known.state(), next.state(), isRunning()), "an input's move",
        known.state(), next);
    claimed(known.state().claim(), next.state().claim());
    if (next.state() instanceof InputState.Completed) {
      completedInputs.add(next);
    }
    inputs.put(next.id(), next);
  }

  void pendingCancelled() {
    inputs.replaceAll((_, input) -> input.state().isPending() ? input.in(new InputState.Cancelled()) : input);
  }

  void enqueued(Batch batch) {
    Violation.unless(batch.enqueueSeq() == ++lastEnqueueSeq, "enqueue_seq is dense", batch);
    Violation.unless(batches.put(batch.id(), batch) == null, "a batch id is new", batch);
  }

  void moved(BatchId id, BatchState state) {
    Batch known = Objects.requireNonNull(batches.get(id));
    Batch next = known.in(state);
    Violation.unless(Transitions.isLegal(known.state(), next.state()), "a batch's move",
        known.state(), next);
    claimed(known.state().claim(), next.state().claim());
    if (next.state() instanceof BatchState.Completed) {
      next.items().stream().filter(Payload.Command.class::isInstance)
          .forEach(item -> applied.add(((Payload.Command) item).kind()));
    }
    batches.put(next.id(), next);
  }

  void freeCancelled(Instant now) {
    long live = lease instanceof Lease.Held held && now.isBefore(held.expiresAt()) ? lease.generation() : 0;
    batches.replaceAll((_, batch) -> batch.state().isFree(live) ? batch.in(new BatchState.Cancelled()) : batch);
  }

  private void claimed(@Nullable Claim before, @Nullable Claim claim) {
    if (claim == null || claim.equals(before) || newClaims.contains(claim)) {
      return;
    }
    Violation.unless(claimIds.add(claim.id()), "a claim id never repeats", claim);
    long number = Long.parseLong(claim.id().substring(claim.id().lastIndexOf(':') + 1));
    Violation.unless(number == ++lastClaimNo, "claim numbers are dense", claim);
    Violation.unless(claim.generation() == lease.generation(), "a claim is of the present generation", claim);
    newClaims.add(claim);
  }

  /** Nothing that is open or waits may be among it; what turns took stays in their texts. */
  void pruned(Pruned marks) {
    boolean ended = inputs.values().stream().filter(input -> input.enqueueSeq() <= marks.work())
        .allMatch(input -> input.state() instanceof InputState.Completed
            || input.state() instanceof InputState.Cancelled)
        && batches.values().stream().filter(batch -> batch.enqueueSeq() <= marks.work())
            .allMatch(batch -> batch.state().isEnded());
    Violation.unless(ended, "what is open or waits is not pruned", marks);
    Violation.unless(marks.transcript() == 0 || (!isRunning() && session.openTurn() == null),
        "a transcript is pruned when its worker has ended", marks);
    inputs.values().removeIf(input -> input.enqueueSeq() <= marks.work());
    batches.values().removeIf(batch -> batch.enqueueSeq() <= marks.work());
  }

  // Turns.

  void put(Turn next) {
    TurnModel known = turns.get(next.id());
    if (known != null) {
      known.put(next);
      return;
    }
    Violation.unless(next.index() == turns.size() + 1, "turn indexes are dense", next);
    var opened = new TurnModel(next);
    next.start().inputs().forEach(input -> opened.texts().add(content(input)));
    next.start().batches().forEach(batch -> opened.texts().addAll(messages(batch)));
    turns.put(next.id(), opened);
  }

  TurnModel turnModel(TurnId turn) {
    TurnModel known = turns.get(turn);
    Violation.unless(known != null, "a turn of the session", turn);
    return Objects.requireNonNull(known);
  }

  void admitted(Admission admission) {
    TurnModel turn = turnModel(admission.turn());
    turn.admitted(admission);
    admission.inputs().forEach(input -> turn.texts().add(content(input)));
    admission.batches().forEach(batch -> turn.texts().addAll(messages(batch)));
    admitted.add(admission);
  }

  private String content(InputId input) {
    return Objects.requireNonNull(inputs.get(input)).content();
  }

  private List<String> messages(BatchId batch) {
    return Objects.requireNonNull(batches.get(batch)).items().stream()
        .map(item -> ((Payload.Wake) item).asMessage()).toList();
  }

  /** The texts that a model call of the open turn is shown, made without a look at the store. */
  List<String> context() {
    List<String> texts = new ArrayList<>();
    for (TurnModel turn : turns.values()) {
      if (turn.turn().index() > session.contextStart()) {
        texts.addAll(turn.texts());
      }
    }
    TurnId open = session.openTurn();
    inputs.values().stream()
        .filter(input -> input.state() instanceof InputState.Accepted(TurnId turn, _, _) && turn.equals(open))
        .forEach(input -> texts.add(input.content()));
    batches.values().stream()
        .filter(batch -> batch.state() instanceof BatchState.Claimed(Claim claim, TurnId turn)
            && turn != null && turn.equals(open) && claim.generation() == lease.generation())
        .forEach(batch -> texts.addAll(messages(batch.id())));
    return texts;
  }

  boolean isRunning() {
    return worker.status() == WorkerStatus.RUNNING;
  }

  // Between units of work.

  /** Compares what is known with what is stored, and ends the unit. */
  void check(State state) {
    new SessionCheck(this, inputs, batches, turns).run(state, completedInputs, admitted);
    WorkQueue queue = state.workQueue(id);
    Violation.unless(queue.lastEnqueueSeq() == lastEnqueueSeq && queue.lastClaimNo() == lastClaimNo,
        "the counters are as they were given", queue);
    Violation.unless(
        worker.transcriptLength() == transcriptLength && worker.lastEventId() == lastEventId
            && worker.equals(state.worker(id).orElse(null)),
        "a worker knows its transcript and its feed", worker);
    newClaims.clear();
    completedInputs.clear();
    applied.clear();
    admitted.clear();
  }
}
