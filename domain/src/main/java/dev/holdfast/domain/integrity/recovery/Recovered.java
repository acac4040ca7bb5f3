package dev.holdfast.domain.integrity.recovery;

import java.util.List;

/**
 * What came of a recovery.
 *
 * @param steps that were made, in their order
 * @param planning as the store is then
 */
public record Recovered(List<StepTaken> steps, Planning planning) {
  public Recovered {
    steps = List.copyOf(steps);
  }
}
