package dev.holdfast.domain.turns.output;

import dev.holdfast.domain.TurnId;
import java.time.Instant;

/**
 * One numbered, durable piece of a turn's output.
 *
 * @param seq from 1, dense per attempt
 */
public record OutputRecord(TurnId turn, int attempt, long seq, Instant at, OutputPayload payload) {
  public OutputCursor cursor() {
    return new OutputCursor(attempt, seq);
  }
}
