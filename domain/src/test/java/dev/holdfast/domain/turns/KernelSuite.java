package dev.holdfast.domain.turns;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.ClaimRules.AtCheckpoint;
import dev.holdfast.domain.turns.claims.ClaimRules.Claimed;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.Delivery;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueRules;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Short words for queued work, checkpoints and cancels, all of it through the real rules. */
public abstract class KernelSuite extends StoreSuite {
  protected static final Owner AGENT = new Owner("key-1:agent", "a");
  protected static final Owner OTHER_AGENT = new Owner("key-2:agent", "a");

  private long origin;

  protected static Delivery join(Delivery.Policy policy, @Nullable String key) {
    return new Delivery(policy, Delivery.Slot.JOIN, key);
  }

  protected final BatchDraft wakeDraft(String text, @Nullable Delivery delivery, @Nullable Instant availableAt) {
    return new BatchDraft(List.of(Payload.Wake.of("mail", ++origin, text)), delivery, availableAt, null);
  }

  protected final Rule<Batch> enqueueing(WorkerId worker, BatchDraft draft) {
    return state -> QueueRules.enqueue(state, Sender.to(worker), draft, LIMITS, now());
  }

  protected final Batch wake(WorkerId worker, String text) {
    return done(enqueueing(worker, wakeDraft(text, null, null)));
  }

  protected final Batch wake(WorkerId worker, String text, Delivery delivery) {
    return done(enqueueing(worker, wakeDraft(text, delivery, null)));
  }

  protected final Batch command(WorkerId worker, Payload.Command.Kind kind) {
    return done(enqueueing(worker, BatchDraft.of(new Payload.Command(kind, null))));
  }

  protected final Batch refresh(WorkerId worker) {
    return command(worker, Payload.Command.Kind.REFRESH_TOOL_CATALOG);
  }

  protected static InputDraft steering(@Nullable TurnId turn, String text, Boundary earliest) {
    return new InputDraft(InputKind.USER, text, null, new Ingress.ActiveTurn(turn, earliest), null);
  }

  /** An input for the turn that is open. */
  protected final Input steer(WorkerId worker, String text, Boundary earliest) {
    return send(worker, steering(null, text, earliest));
  }

  protected final Claimant claimant(Owner owner) {
    return new Claimant(owner, ids().hex(32), TURN_LIMITS.leaseTtl());
  }

  protected final Fence acquire(WorkerId session, Owner owner) {
    Claimant by = claimant(owner);
    return done(state -> SessionRules.acquire(state, session, by, now())).fence();
  }

  protected final boolean release(Fence fence) {
    return done(state -> SessionRules.release(state, fence, now()));
  }

  protected final void renew(Fence fence) {
    done(state -> SessionRules.renew(state, fence, TURN_LIMITS.leaseTtl(), now()));
  }

  /** Lets time pass, in which the holder keeps its lease. */
  protected final void passHolding(Fence fence, Duration time) {
    Instant end = now().plus(time);
    Duration step = TURN_LIMITS.leaseTtl().minusSeconds(1);
    while (now().plus(step).isBefore(end)) {
      pass(step);
      renew(fence);
    }
    pass(Duration.between(now(), end));
  }

  protected final ClaimRules.Holder holder(Fence fence) {
    return new ClaimRules.Holder(fence, ids().hex(32));
  }

  protected final Rule<Optional<Claimed<Batch>>> claimingTurnWork(Fence fence, @Nullable TurnId checkpointOf, int max) {
    ClaimRules.Holder by = holder(fence);
    return state -> ClaimRules.turnWork(state, by, checkpointOf, max, now());
  }

  protected final Rule<Optional<Claimed<Batch>>> claimingCommand(Fence fence) {
    ClaimRules.Holder by = holder(fence);
    return state -> ClaimRules.leadingCommand(state, by, now());
  }

  protected final Rule<Optional<Claimed<Batch>>> claimingIds(Fence fence, BatchId... ids) {
    ClaimRules.Holder by = holder(fence);
    return state -> ClaimRules.turnWorkByIds(state, by, List.of(ids), now());
  }

  protected final Rule<Optional<Claimed<Input>>> claimingInputs(Fence fence, int max) {
    ClaimRules.Holder by = holder(fence);
    return state -> ClaimRules.nextTurnInputs(state, by, max, now());
  }

  protected final int abandon(Fence fence, String claimId, String token) {
    return done(state -> ClaimRules.abandon(state, fence, claimId, token, now()));
  }

  protected final Rule<NextWork> next(Fence fence, @Nullable List<BatchId> batches) {
    String token = ids().hex(32);
    return state -> WorkRules.next(state, fence, batches, token, TURN_LIMITS, now());
  }

  protected final Rule<AtCheckpoint> checkpointing(NextWork.Run run, Boundary kind) {
    ClaimRules.Holder by = holder(run.lease().fence());
    return state -> ClaimRules.atCheckpoint(
        state, by, run.turn().id(), run.turn().lastAttempt().number(), kind, TURN_LIMITS, now());
  }

  protected final AtCheckpoint atCheckpoint(NextWork.Run run, Boundary kind) {
    return done(checkpointing(run, kind));
  }

  protected static Completion inputs(Claimed<Input> claimed) {
    return new Completion.OfInputs(
        claimed.claim().id(), claimed.claim().token(), claimed.items().stream().map(Input::id).toList());
  }

  protected static Completion batches(Claimed<Batch> claimed) {
    return new Completion.OfBatches(
        claimed.claim().id(), claimed.claim().token(), claimed.items().stream().map(Batch::id).toList());
  }

  /** The run's commit of a checkpoint, with one entry. */
  protected static TurnCommit checkpoint(NextWork.Run run, int commitNo, String text, List<Completion> completed) {
    var subject =
        new TurnCommit.Subject.AtCheckpoint(run.turn().id(), run.turn().lastAttempt().number(), commitNo);
    return new TurnCommit(run.lease().fence(), null, subject,
        List.of(new TurnCommit.Entry(TranscriptEntry.Role.ASSISTANT, text, TranscriptEntry.Status.FINAL)),
        Checkpoint.INITIAL, new Usage(1, 1), completed, null, null, false, null);
  }

  /** A commit of the session, not of a turn. */
  protected static TurnCommit ofSession(Fence fence, List<Completion> completed, boolean release) {
    return new TurnCommit(fence, null, new TurnCommit.Subject.OfSession(), List.of(), Checkpoint.INITIAL, Usage.NONE,
        completed, null, null, release, null);
  }

  protected static TurnCommit cancelled(NextWork.Run run) {
    return ending(run, new TurnOutcome.Cancelled(), "half of", TranscriptEntry.Status.PARTIAL);
  }

  protected final Rule<CancelRules.Requested> cancelling(TurnId turn) {
    var by = new CancelRules.Asking(null, null, null);
    return state -> CancelRules.request(state, turn, by, HERE, now());
  }

  protected final Batch present(Batch known) {
    return read(state -> state.batch(known.id())).orElseThrow();
  }

  protected final Input present(Input known) {
    return read(state -> state.input(known.id())).orElseThrow();
  }

  protected final Turn present(Turn known) {
    return read(state -> state.turn(known.id())).orElseThrow();
  }

  protected final List<OutputRecord> output(Turn turn) {
    return read(state -> state.output(turn.id(), OutputCursor.START, 10_000));
  }

  protected final List<String> context(Turn turn) {
    return read(state -> ContextRules.context(state, present(turn), null, 100_000)).orThrow().stream()
        .map(ContextItem::content).toList();
  }

  /** Takes a session that has a command to apply. */
  protected final NextWork.Apply apply(Fence fence) {
    return assertInstanceOf(NextWork.Apply.class, done(next(fence, null)));
  }

  protected final NextWork.Run run(Fence fence) {
    return assertInstanceOf(NextWork.Run.class, done(next(fence, null)));
  }
}
