package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One unit of work on its way through the writer, and its caller who waits. */
final class Command<T> {
  private final Rule<T> rule;
  private final Thread caller = Thread.currentThread();
  private @Nullable Decision<T> decision;
  private @Nullable Throwable failure;
  private volatile boolean answered;

  Command(Rule<T> rule) {
    this.rule = rule;
  }

  /** What the rule decides now. */
  Decision<T> decide(State state) {
    decision = rule.decide(state);
    return decision;
  }

  /** @param why a runtime exception or an error: the caller is thrown it */
  void failed(Throwable why) {
    failure = why;
  }

  boolean hasFailed() {
    return failure != null;
  }

  /** The caller goes on; to be called once the unit is durable or has failed. */
  void answer() {
    answered = true;
    if (!caller.equals(Thread.currentThread())) {
      LockSupport.unpark(caller);
    }
  }

  /** Waits for the answer whatever interrupts the caller: a unit of work is never left half known. */
  Outcome<T> await() {
    boolean interrupted = false;
    while (!answered) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      caller.interrupt();
    }
    if (failure instanceof RuntimeException thrown) {
      throw thrown;
    }
    if (failure instanceof Error thrown) {
      throw thrown;
    }
    if (decision == null) {
      throw new IllegalStateException("answered without a decision");
    }
    return decision.outcome();
  }
}
