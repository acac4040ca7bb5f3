package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** What becomes of a store's file when its content is to change (spec I-21). */
public sealed interface StoreUpdate {
  /**
   * Nothing is written.
   *
   * @param reason invalid_json, invalid_envelope, invalid_data or future_schema
   */
  record Refused(Reason reason, String note) implements StoreUpdate {}

  /** Nothing is written, so the file keeps its updated_at. */
  record Unchanged(Envelope envelope) implements StoreUpdate {}

  /** A batch has to write it. */
  record Changed(Envelope envelope) implements StoreUpdate {}

  /** @param change of the store's data; it gets the schema's initial ones when there is no file */
  static StoreUpdate decide(Schema schema, Reading before, UnaryOperator<Json> change, Instant now) {
    return switch (before) {
      case Reading.Broken(Reason fault, String note) -> new Refused(fault, note);
      case Reading.Future(long version) -> new Refused(Reason.FUTURE_SCHEMA, "it is of schema version " + version);
      case Reading.Absent() -> changed(schema, change.apply(schema.initial()), now);
      case Reading.Valid(Envelope envelope, _) -> {
        Json after = change.apply(envelope.data());
        yield after.equals(envelope.data()) && envelope.schemaVersion() == schema.version()
            ? new Unchanged(envelope)
            : changed(schema, after, now);
      }
    };
  }

  private static StoreUpdate changed(Schema schema, Json data, Instant now) {
    String fault = schema.fault(data);
    return fault == null
        ? new Changed(Envelope.of(schema.version(), now, data))
        : new Refused(Reason.INVALID_DATA, fault);
  }
}
