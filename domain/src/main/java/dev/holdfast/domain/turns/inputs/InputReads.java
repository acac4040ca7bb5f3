package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inputs as one consistent state shows them. */
public interface InputReads {
  /** Empty also when the input is forgotten. */
  Optional<Input> input(InputId id);

  /** The transcript entry that the input is, also of one that is forgotten; empty when the entry was pruned. */
  Optional<TranscriptEntry> entryOf(InputId id);

  Optional<Input> inputBySourceKey(WorkerId session, String sourceKey);

  /** Whether a turn could start: a user input waits for the next turn. No content is read for it. */
  boolean hasPendingUserInput(WorkerId session);

  /** The first inputs of a session that wait, for a turn or a checkpoint, by enqueue_seq; others cost nothing. */
  List<Input> pendingInputs(WorkerId session, int limit);

  /** The first that wait for the next turn, by enqueue_seq. */
  List<Input> nextTurnInputs(WorkerId session, int limit);

  /** The first that wait for a checkpoint of that turn and are admitted at that kind, by enqueue_seq (spec T-42). */
  List<Input> activeInputs(WorkerId session, TurnId turn, Boundary checkpoint, int limit);

  /** All that were claimed at a checkpoint, or for a turn that isn't open yet, by enqueue_seq; few at any time. */
  List<Input> heldInputs(WorkerId session);

  /**
   * @param after the enqueue_seq behind which to begin, 0 for the start
   * @param state only inputs whose state has that {@link InputState#text}, or all when null
   * @return by enqueue_seq
   */
  List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state);
}
