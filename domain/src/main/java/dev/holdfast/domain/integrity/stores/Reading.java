package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the bytes of a store file are (spec I-20). */
public sealed interface Reading {
  /** The store has no file; its content is the schema's initial one. */
  record Absent() implements Reading {}

  /** @param outdated of an earlier schema version, so its data were not judged; it waits for migration (spec I-24) */
  record Valid(Envelope envelope, boolean outdated) implements Reading {}

  /** @param fault invalid_json, invalid_envelope or invalid_data */
  record Broken(Reason fault, String note) implements Reading {}

  /** It is of a later version of the product, which alone knows what it means. */
  record Future(long schemaVersion) implements Reading {}

  /** @param file the file's bytes, null when there is none */
  static Reading of(Schema schema, byte @Nullable [] file) {
    if (file == null) {
      return new Absent();
    }
    String text = new String(file, StandardCharsets.UTF_8);
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), file)) {
      return new Broken(Reason.INVALID_JSON, "not UTF-8");
    }
    try {
      return Json.read(text) instanceof Map<?, ?> members
          ? of(schema, new HashMap<>(members))
          : new Broken(Reason.INVALID_ENVELOPE, "not an object");
    } catch (JsonException e) {
      return new Broken(Reason.INVALID_JSON, String.valueOf(e.getMessage()));
    }
  }

  private static Reading of(Schema schema, Map<?, ?> members) {
    if (!(members.get("schema_version") instanceof Long version) || version < 1) {
      return new Broken(Reason.INVALID_ENVELOPE, "schema_version is no number from 1");
    }
    if (!(members.get("updated_at") instanceof String updatedAt) || updatedAt.isBlank()) {
      return new Broken(Reason.INVALID_ENVELOPE, "updated_at is missing");
    }
    if (members.get("data") == null) {
      return new Broken(Reason.INVALID_ENVELOPE, "data is missing");
    }
    if (version > schema.version()) {
      return new Future(version);
    }
    if (!members.keySet().equals(Set.of("schema_version", "updated_at", "data"))) {
      return new Broken(Reason.INVALID_ENVELOPE, "it has other members than an envelope");
    }
    var envelope = new Envelope(version.intValue(), updatedAt, Json.of(members.get("data")));
    if (version < schema.version()) {
      return new Valid(envelope, true);
    }
    String fault = schema.fault(envelope.data());
    return fault == null ? new Valid(envelope, false) : new Broken(Reason.INVALID_DATA, fault);
  }
}
