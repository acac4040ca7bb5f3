package dev.holdfast.domain.relay;

/** Takes the pieces of a model's answer. */
@FunctionalInterface
public interface ModelSink {
  /** @param reasoning whether the piece is of the model's reasoning, not of its answer */
  void delta(boolean reasoning, String text);
}
