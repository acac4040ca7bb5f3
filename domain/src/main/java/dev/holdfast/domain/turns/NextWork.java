package dev.holdfast.domain.turns;

import dev.holdfast.domain.turns.inputs.Claim;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.leases.Lease;
import java.util.List;

/** What there is to do for the holder of a session (spec T-60). */
public sealed interface NextWork {
  record None() implements NextWork {}

  /** Run the turn's last attempt: its start set is claimed under {@code claim}. */
  record Run(Lease.Held lease, Turn turn, Claim claim, List<Input> inputs) implements NextWork {
    public Run {
      inputs = List.copyOf(inputs);
    }
  }

  /** Commit the turn's last attempt with this outcome, without a model call. */
  record Settle(Lease.Held lease, Turn turn, Claim claim, TurnOutcome outcome) implements NextWork {

    /** @param present the session's checkpoint */
    public TurnCommit commit(Checkpoint present) {
      var claimed = new TurnCommit.CompletedClaim(claim.id(), claim.token(), turn.inputs());
      return new TurnCommit(lease.fence(), null, turn.id(), turn.lastAttempt().number(), outcome, List.of(),
          present.afterTurn(Usage.NONE), Usage.NONE, List.of(claimed), null, true);
    }
  }
}
