package dev.holdfast.domain.turns.output;

import dev.holdfast.domain.TurnId;
import java.util.List;

/** Output records as one consistent state shows them. */
public interface OutputReads {

  /**
   * @return in the order (attempt, seq) the records behind the cursor; the cost doesn't grow with those before it.
   *     None where the turn's output was pruned
   */
  List<OutputRecord> output(TurnId turn, OutputCursor after, int limit);
}
