package dev.holdfast.domain.turns;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Appending to a turn's output: fenced and dense (spec T-74). */
public final class AppendRules {
  private AppendRules() {}

  /**
   * @param firstSeq the number that the caller gives the first payload; numbers that are known already are ignored
   * @return the number of the attempt's newest record
   */
  public static Decision<Long> append(
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
    if (!now.isBefore(turn.deadlineAt())) {
      return Decision.refused(Reason.TURN_DEADLINE_EXCEEDED);
    }
    long last = turn.lastAttempt().lastOutputSeq();
    if (firstSeq > last + 1) {
      return Decision.refused(Outcome.refused(Reason.OUTPUT_GAP, "expected_seq", last + 1));
    }
    List<OutputRecord> records = new ArrayList<>();
    for (int i = 0; i < payloads.size(); i++) {
      if (firstSeq + i > last) {
        records.add(new OutputRecord(id, attempt, firstSeq + i, now, payloads.get(i)));
      }
    }
    if (records.isEmpty()) {
      return Decision.unchanged(last);
    }
    long newLast = records.getLast().seq();
    return Decision.done(newLast, List.of(
        new OutputChange.Appended(id, records),
        new TurnChange.Put(turn.withLastAttempt(turn.lastAttempt().withOutput(newLast)))));
  }

  /** Spec T-70.7, shared by appends and commits: the turn is the fence's session's, open, and the attempt current. */
  static Outcome.@Nullable Refused<?> refusal(Optional<Turn> found, Fence fence, int attempt) {
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
