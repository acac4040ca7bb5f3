package dev.holdfast.domain.turns.claims;

import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.Batch;
import java.util.ArrayList;
import java.util.List;

/** What there is to do for the holder of a session (spec T-60). */
public sealed interface NextWork {
  record None() implements NextWork {}

  /** Apply the command of the batch, and complete the claim in a commit of the session. */
  record Apply(Lease.Held lease, Claim claim, Batch batch) implements NextWork {
    /** The commit that completes it; the node does the rest (spec T-64). It gives the lease back, as a turn's end does. */
    public TurnCommit commit(Checkpoint present) {
      var completed = new Completion.OfBatches(claim.id(), claim.token(), List.of(batch.id()));
      return new TurnCommit(lease.fence(), null, new TurnCommit.Subject.OfSession(), List.of(), present, Usage.NONE,
          List.of(completed), null, null, true, null);
    }
  }

  /** Run the turn's last attempt: its start, either inputs or batches, is claimed under {@code claim}. */
  record Run(Lease.Held lease, Turn turn, Claim claim, List<Input> inputs, List<Batch> batches) implements NextWork {
    public Run {
      inputs = List.copyOf(inputs);
      batches = List.copyOf(batches);
    }

    /** The claim of the turn's start, for the commit that ends it. */
    public List<Completion> completion() {
      return start(turn, claim);
    }
  }

  /** Commit the turn's last attempt with this outcome, without a model call. */
  record Settle(Lease.Held lease, Turn turn, Claim claim, TurnOutcome outcome) implements NextWork {
    /** @param present the session's checkpoint */
    public TurnCommit commit(Checkpoint present) {
      var end = new TurnCommit.Subject.Terminal(turn.id(), turn.lastAttempt().number(), outcome);
      return new TurnCommit(lease.fence(), null, end, List.of(), present.afterTurn(Usage.NONE), Usage.NONE,
          start(turn, claim), null, null, true, null);
    }
  }

  private static List<Completion> start(Turn turn, Claim claim) {
    List<Completion> completions = new ArrayList<>();
    if (!turn.start().inputs().isEmpty()) {
      completions.add(new Completion.OfInputs(claim.id(), claim.token(), turn.start().inputs()));
    }
    if (!turn.start().batches().isEmpty()) {
      completions.add(new Completion.OfBatches(claim.id(), claim.token(), turn.start().batches()));
    }
    return completions;
  }
}
