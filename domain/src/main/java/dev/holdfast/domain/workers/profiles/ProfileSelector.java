package dev.holdfast.domain.workers.profiles;

/** Which profile (instructions, model, options) a worker uses. */
public sealed interface ProfileSelector {
  record RuntimeDefault() implements ProfileSelector {}

  record Builtin(String name) implements ProfileSelector {}

  record Named(String name) implements ProfileSelector {}
}
