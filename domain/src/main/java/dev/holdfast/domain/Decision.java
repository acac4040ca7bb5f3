package dev.holdfast.domain;

import java.util.List;

/**
 * What a rule decided on the state it was shown: the answer for the caller and the changes that make it true. A refusal
 * and a replay carry no changes.
 *
 * @param outcome the answer, given to the caller only after the changes are durable
 * @param changes in the order in which they are applied; empty when nothing changes
 */
public record Decision<T>(Outcome<T> outcome, List<Change> changes) {

  public Decision {
    changes = List.copyOf(changes);
  }

  public static <T> Decision<T> done(T value, List<? extends Change> changes) {
    return new Decision<>(new Outcome.Done<>(value), List.copyOf(changes));
  }

  public static <T> Decision<T> unchanged(T value) {
    return new Decision<>(new Outcome.Done<>(value), List.of());
  }

  public static <T> Decision<T> replayed(T value) {
    return new Decision<>(new Outcome.Replayed<>(value), List.of());
  }

  public static <T> Decision<T> refused(Outcome.Refused<?> refusal) {
    return new Decision<>(refusal.as(), List.of());
  }

  public static <T> Decision<T> refused(Reason reason) {
    return refused(Outcome.refused(reason));
  }
}
