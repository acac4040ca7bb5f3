package dev.holdfast.domain.turns.machines;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.MemoryStore;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.KernelSuite;
import java.util.function.Function;

/** What plays the rows of a machine's table: the machines are the domain's, so memory is store enough. */
abstract class MachineSuite extends KernelSuite {
  @Override
  protected final Store open() {
    return new MemoryStore();
  }

  @Override
  protected final boolean isDurable() {
    return false;
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
