package dev.holdfast.domain.workers.profiles;

/** Which profile (instructions, model, options) a worker uses. */
public sealed interface ProfileSelector {
  record RuntimeDefault() implements ProfileSelector {}

  record Builtin(String name) implements ProfileSelector {}

  /** Of workers that answer OpenAI's responses, whose requests bring all that a profile would give. */
  ProfileSelector RESPONSES = new Builtin("responses");

  record Named(String name) implements ProfileSelector {}
}
