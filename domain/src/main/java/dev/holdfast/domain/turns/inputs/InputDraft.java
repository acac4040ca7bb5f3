package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.Json;
import org.jspecify.annotations.Nullable;

/**
 * An input as it is submitted.
 *
 * @param options passed to the model call, for example {@code max_output_tokens}; an object
 * @param sourceKey the caller's {@code Idempotency-Key}, unique per session
 */
public record InputDraft(
    InputKind kind, String content, @Nullable Json options, Ingress ingress, @Nullable String sourceKey) {

  public static InputDraft user(String content) {
    return new InputDraft(InputKind.USER, content, null, new Ingress.NextTurn(), null);
  }

  public InputDraft withKey(String key) {
    return new InputDraft(kind, content, options, ingress, key);
  }
}
