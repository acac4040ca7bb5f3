package dev.holdfast.domain.turns.output;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.TurnId;
import java.util.List;

/** What a unit of work writes to a turn's output. */
public sealed interface OutputChange extends Change {
  /** Records of one attempt with consecutive numbers, at least one. */
  record Appended(TurnId turn, List<OutputRecord> records) implements OutputChange {
    public Appended {
      records = List.copyOf(records);
    }
  }
}
