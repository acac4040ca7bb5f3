package dev.holdfast.application.fixturetwo;

import dev.holdfast.application.fixtureone.First;
import java.util.List;

/** Breaks, with {@link First}: no circles. */
public record Second(List<First> first) {
  public First any() {
    return first.getFirst();
  }
}
