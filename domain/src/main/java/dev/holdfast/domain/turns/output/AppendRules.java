package dev.holdfast.domain.turns.output;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Appending to a turn's output: fenced and dense (spec T-74). */
public final class AppendRules {
  private AppendRules() {}

  /**
   * @param lastSeq the number of the attempt's newest record
   * @param cancel the request to cancel the turn, where there is one: the answer tells its holder
   */
  public record Appended(long lastSeq, @Nullable Cancel cancel) {}

  /** @param firstSeq the number that the caller gives the first payload; numbers that are known already are ignored */
  public static Decision<Appended> append(
      TurnReads state, Fence fence, TurnId id, int attempt, long firstSeq, List<OutputPayload> payloads, Instant now) {
    Outcome<Lease.Held> held = LeaseRules.validate(state.lease(fence.session()), fence, now);
    if (held instanceof Outcome.Refused<Lease.Held> refused) {
      return Decision.refused(refused);
    }
    Optional<Turn> found = state.turn(id);
    Outcome.Refused<?> refusal = refusal(found, fence, attempt);
    if (refusal != null) {
      return Decision.refused(refusal);
    }
    Turn turn = found.orElseThrow();
    Reason overdue = turn.overdueAt(now);
    if (overdue != null) {
      return Decision.refused(overdue);
    }
    long last = turn.lastAttempt().lastOutputSeq();
    return firstSeq > last + 1
        ? Decision.refused(Outcome.refused(Reason.OUTPUT_GAP, "expected_seq", last + 1))
        : appended(turn, attempt, firstSeq, payloads, now);
  }

  private static Decision<Appended> appended(
      Turn turn, int attempt, long firstSeq, List<OutputPayload> payloads, Instant now) {
    long last = turn.lastAttempt().lastOutputSeq();
    List<OutputRecord> records = new ArrayList<>();
    for (int i = 0; i < payloads.size(); i++) {
      if (firstSeq + i > last) {
        records.add(new OutputRecord(turn.id(), attempt, firstSeq + i, now, payloads.get(i)));
      }
    }
    List<Change> changes = new ArrayList<>();
    if (!records.isEmpty()) {
      changes.add(new OutputChange.Appended(turn.id(), records));
    }
    Cancel told = turn.cancel() == null ? null : turn.cancel().delivered(now);
    if (told != null && !told.equals(turn.cancel())) {
      changes.add(new TurnChange.CancelPut(turn.id(), told));
    }
    return Decision.done(new Appended(records.isEmpty() ? last : records.getLast().seq(), told), changes);
  }

  /** Spec T-70.7, shared by all that write to a turn: it is the fence's session's, open, and the attempt current. */
  public static Outcome.@Nullable Refused<?> refusal(Optional<Turn> found, Fence fence, int attempt) {
    if (found.isEmpty() || !found.get().session().equals(fence.session())) {
      return Outcome.refused(Reason.TURN_NOT_FOUND);
    }
    Turn turn = found.get();
    if (!turn.isOpen()) {
      return Outcome.refused(Reason.TURN_ENDED);
    }
    return turn.lastAttempt().number() == attempt && turn.hasLiveAttempt(fence.generation())
        ? null
        : Outcome.refused(Reason.ATTEMPT_SUPERSEDED);
  }
}
