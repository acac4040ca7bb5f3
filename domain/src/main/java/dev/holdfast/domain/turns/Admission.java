package dev.holdfast.domain.turns;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import java.time.Instant;
import java.util.List;

/**
 * A checkpoint commit of a turn, or its terminal commit where that took something in: the inputs and batches that were
 * claimed at a checkpoint and completed by it.
 *
 * @param commitNo from 1, dense per attempt; 0 for the terminal commit
 * @param headRevision of the session, behind the commit
 * @param eventId of the commit's event, which its entries name too
 */
public record Admission(
    TurnId turn, int attempt, int commitNo, long headRevision, long eventId, Instant at, List<InputId> inputs,
    List<BatchId> batches) {
  public Admission {
    inputs = List.copyOf(inputs);
    batches = List.copyOf(batches);
  }
}
