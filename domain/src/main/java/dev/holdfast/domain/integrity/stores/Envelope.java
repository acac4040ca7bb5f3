package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Texts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What every store file holds around its content.
 *
 * @param schemaVersion from 1
 * @param updatedAt when the content changed last; any text that isn't blank
 */
public record Envelope(int schemaVersion, String updatedAt, Json data) {
  public Envelope {
    Texts.requireAtLeast(schemaVersion, 1, "a schema version");
    if (updatedAt.isBlank()) {
      throw new IllegalArgumentException("updated_at is blank");
    }
  }

  public static Envelope of(int schemaVersion, Instant now, Json data) {
    return new Envelope(schemaVersion, Texts.instant(now), data);
  }

  /** The file: members sorted, a line for each, a newline at the end. Equal envelopes have equal bytes. */
  public byte[] bytes() {
    String text = Json.object("schema_version", schemaVersion, "updated_at", updatedAt, "data", data).pretty();
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
