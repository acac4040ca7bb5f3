package dev.holdfast.domain.turns.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.leases.Fence;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What plays the rows of a machine's table: the machines are the domain's, so memory is store enough. */
abstract class MachineSuite extends KernelSuite {
  private NextWork.@Nullable Run open;

  /** The turn that is open, by what its holder was given. */
  protected final void begun(NextWork.Run turn) {
    open = turn;
  }

  protected final NextWork.Run run() {
    return Objects.requireNonNull(open);
  }

  protected final Fence fence() {
    return run().lease().fence();
  }

  @Override
  protected final Store open() {
    return new MemoryStore();
  }

  @Override
  protected final boolean isDurable() {
    return false;
  }

  /** Brings a thing of its own into the state, as far as it can be brought there through the rules. */
  protected abstract void arrange(String state);

  /** The state that the thing is in. */
  protected abstract String state();

  /** Gives the thing the command, and tells the answer. */
  protected abstract String play(String command);

  /** The row says what the machine does. */
  protected final void played(TransitionTable.Row row) {
    arrange(row.state());
    assertEquals(row.state(), state());
    assertEquals(row.answer(), play(row.command()));
    assertEquals(row.then(), state());
  }

  /** The reason's code, or what the answer says. */
  protected static <T> String answer(Outcome<T> outcome, Function<T, String> text) {
    return switch (outcome) {
      case Outcome.Refused<T> refused -> refused.reason().code();
      case Outcome.Done<T>(T value) -> text.apply(value);
      case Outcome.Replayed<T>(T value) -> "replayed";
    };
  }
}
