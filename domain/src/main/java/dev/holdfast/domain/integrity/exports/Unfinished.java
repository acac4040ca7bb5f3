package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.util.List;
import java.util.Optional;

/**
 * A store that holds the first rows of an export, as it was being filled when that was stopped. Its own export is these rows, but for
 * those of one turn that isn't there itself yet: what was written for a turn comes before it.
 */
public final class Unfinished {
  private Unfinished() {}

  /** Whether such a store holds a row that its export doesn't tell. */
  public enum Found {
    ABSENT,
    THERE,
    /** Another one is in its place. */
    OTHER
  }

  /** @param row of the other export, behind those that the store's own tells */
  public static Found found(State state, Change row) {
    return switch (row) {
      case OutputChange.Appended(TurnId turn, List<OutputRecord> records) -> output(state, turn, records);
      case TurnChange.Admitted(var admission) -> state.admissions(admission.turn()).contains(admission)
          ? Found.THERE
          : Found.ABSENT;
      case TurnChange.Stamped(Stamp stamp) -> {
        Optional<Stamp> there = state.stamp(stamp.key());
        yield there.isEmpty() ? Found.ABSENT : there.get().equals(stamp) ? Found.THERE : Found.OTHER;
      }
      default -> Found.ABSENT;
    };
  }

  private static Found output(State state, TurnId turn, List<OutputRecord> records) {
    OutputCursor first = records.getFirst().cursor();
    List<OutputRecord> there =
        state.output(turn, new OutputCursor(first.attempt(), first.seq() - 1), records.size());
    if (there.equals(records)) {
      return Found.THERE;
    }
    return there.isEmpty() ? Found.ABSENT : Found.OTHER;
  }
}
