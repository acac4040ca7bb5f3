package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.WorkerId;
import org.jspecify.annotations.Nullable;

/** What a unit of work writes about inputs. */
public sealed interface InputChange extends Change {
  /** The input, in whatever state it is, together with the transcript entry that it is; its content is kept once. */
  record Accepted(Input input) implements InputChange {}

  /** The state of an input that is there; nothing else of it ever changes. */
  record Moved(InputId id, WorkerId session, InputState state) implements InputChange {
    /** @param input as it is from now on */
    public Moved(Input input) {
      this(input.id(), input.session(), input.state());
    }
  }

  /** Every input that waits, of one session or of all when null, becomes cancelled; their queues' count of pending inputs is 0. */
  record PendingCancelled(@Nullable WorkerId session) implements InputChange {}
}
