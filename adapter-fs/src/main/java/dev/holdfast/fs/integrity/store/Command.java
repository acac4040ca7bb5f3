package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.records.format.BinaryOut;
import dev.holdfast.fs.integrity.journal.Unit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A unit of work on its way to the journal, and its caller who waits. */
final class Command<T> {
  private final Rule<T> rule;
  private final CompletableFuture<Outcome<T>> answer = new CompletableFuture<>();
  private @Nullable Decision<T> decision;
  private @Nullable Throwable failure;

  Command(Rule<T> rule) {
    this.rule = rule;
  }

  /**
   * Decides, and applies what was decided.
   *
   * @param position where the unit will be in the journal
   * @param out for the bytes of its changes
   * @return null when it failed, alone, or changed nothing
   */
  @Nullable
  Unit run(Fold fold, long position, BinaryOut out) {
    List<Change> changes;
    try {
      decision = rule.decide(fold.state());
      changes = decision.changes();
    } catch (RuntimeException | Error e) {
      // A rule only looks, so there is nothing to undo, and its neighbours are not touched.
      failure = e;
      return null;
    }
    if (changes.isEmpty()) {
      return null;
    }
    if (fold.state().isOfDamaged(changes)) {
      // Whatever the rule thinks: what is written on top of lost rows would contradict them once they are back.
      decision = Decision.refused(Reason.WORKER_QUARANTINED);
      return null;
    }
    byte[] payload;
    try {
      payload = Units.write(out, changes);
      fold.apply(position, changes);
    } catch (IllegalArgumentException e) {
      // It can't be written, or doesn't follow the state; nothing of it was applied.
      failure = e;
      return null;
    }
    return Units.of(fold.state(), changes, payload);
  }

  void failed(Throwable why) {
    failure = why;
  }

  boolean hasFailed() {
    return failure != null;
  }

  /** Once the unit is durable, or has failed. */
  void answer() {
    if (failure != null) {
      answer.completeExceptionally(failure);
    } else if (decision != null) {
      answer.complete(decision.outcome());
    }
  }

  /** Waits whatever interrupts the caller: a unit of work is never left half known. */
  Outcome<T> await() {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw e;
    }
  }
}
