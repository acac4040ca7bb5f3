package dev.holdfast.domain.integrity;

import dev.holdfast.domain.Decision;

/** Decides a unit of work on the state it is shown. It only looks: what it changes is in its decision. */
@FunctionalInterface
public interface Rule<T> {
  Decision<T> decide(State state);
}
