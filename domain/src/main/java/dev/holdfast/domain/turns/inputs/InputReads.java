package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.WorkerId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inputs as one consistent state shows them. */
public interface InputReads {
  Optional<Input> input(InputId id);

  Optional<Input> inputBySourceKey(WorkerId session, String sourceKey);

  InputQueue inputQueue(WorkerId session);

  /** Whether a turn could start: a user input is pending. No content is read for it. */
  boolean hasPendingUserInput(WorkerId session);

  /** The first pending inputs of a session by enqueue_seq; ended and bound ones cost nothing. */
  List<Input> pendingInputs(WorkerId session, int limit);

  /**
   * @param after the enqueue_seq behind which to begin, 0 for the start
   * @param state only inputs whose state has that {@link InputState#text}, or all when null
   * @return by enqueue_seq
   */
  List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state);
}
