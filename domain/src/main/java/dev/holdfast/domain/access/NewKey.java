package dev.holdfast.domain.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a new key is asked to be (spec A-61).
 *
 * @param subject null for the default one
 * @param content null for what the role usually has
 * @param expiresAt null for never
 */
public record NewKey(
    Role role, @Nullable String subject, String label, @Nullable Boolean content, Key.Limits limits,
    @Nullable Instant expiresAt) {

  /** In characters. */
  public static final int MAX_LABEL = 100;
  /** In characters; of the form {@code [A-Za-z0-9][A-Za-z0-9._@-]*}. */
  public static final int MAX_SUBJECT = 64;
  public static final int MAX_MODELS = 64;
  /** Of each model's name, in characters. */
  public static final int MAX_MODEL_NAME = 100;

  /** What it would take to make the same key again. */
  static NewKey like(Key key) {
    return new NewKey(key.role(), key.subject(), key.label(), key.content(), key.limits(), key.expiresAt());
  }
}
