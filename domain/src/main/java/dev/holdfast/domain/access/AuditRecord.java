package dev.holdfast.domain.access;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import org.jspecify.annotations.Nullable;

/**
 * A sealed record of the audit. It carries its text as it was sealed, so that whatever becomes of a store's bytes is judged
 * by the same bytes.
 *
 * @param seq dense from 1
 * @param text canonical JSON of seq, at, request_id, client_request_id?, from?, key_id?, subject?, role?, action, target?, status,
 *     reason?, count?
 * @param mac lower-case hex of the HMAC-SHA-256 over the mac of the record before and this text (spec A-92)
 */
public record AuditRecord(long seq, String text, String mac) {

  public AuditHead head() {
    return new AuditHead(seq, mac);
  }

  /** A member that is a text, or null. */
  public @Nullable String member(String name) {
    return shown().members().get(name) instanceof String value ? value : null;
  }

  /** For readers; of a record whose text was damaged only its number is left. */
  public Json shown() {
    try {
      return Json.parse(text);
    } catch (JsonException e) {
      return Json.object("seq", seq, "damaged", true);
    }
  }
}
