package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
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

  Decision<T> decide(State state) {
    decision = rule.decide(state);
    return decision;
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
