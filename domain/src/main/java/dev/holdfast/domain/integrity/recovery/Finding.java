package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Something that an inspection or a check of invariants came upon.
 *
 * @param subject the store, batch, worker, task or engine; null for the store as a whole
 * @param note one sentence for operators, without content; empty where the reason says it all
 */
public record Finding(Reason reason, @Nullable String subject, String note) {

  public static Finding of(Reason reason, @Nullable String subject) {
    return new Finding(reason, subject, "");
  }

  /** In a line, for people. */
  public String text() {
    return reason.code() + (subject == null ? "" : " " + subject) + (note.isEmpty() ? "" : ": " + note);
  }

  public Json json() {
    return Json.object("reason", reason.code(), "subject", subject, "note", note.isEmpty() ? null : note);
  }
}
