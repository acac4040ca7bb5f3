package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Reason;
import org.jspecify.annotations.Nullable;

/** What a look at one store finds (spec integrity §7). */
public sealed interface Inspected {
  record Missing() implements Inspected {}

  /** @param fault invalid_json, invalid_envelope or invalid_data; store_corrupt where what the store lies in is damaged */
  record Quarantined(Reason fault, String note) implements Inspected {}

  record FutureSchema(long schemaVersion) implements Inspected {}

  /** It can be read, but no batch wrote it. */
  record UncommittedWrite(Envelope envelope) implements Inspected {}

  /** It can be read, but is not what a batch wrote. */
  record HashMismatch(Envelope envelope, ContentHash recorded, ContentHash found) implements Inspected {}

  /** @param outdated it waits for migration */
  record Healthy(Envelope envelope, boolean outdated) implements Inspected {}

  /**
   * Only the bytes count, neither size nor times.
   *
   * @param recorded the hash in the store's manifest entry, null when it has none
   * @param file the file's bytes, null when there is none
   */
  static Inspected of(Schema schema, @Nullable ContentHash recorded, byte @Nullable [] file) {
    if (file == null) {
      return new Missing();
    }
    return switch (Reading.of(schema, file)) {
      case Reading.Absent() -> new Missing();
      case Reading.Broken(Reason fault, String note) -> new Quarantined(fault, note);
      case Reading.Future(long version) -> new FutureSchema(version);
      case Reading.Valid valid when recorded == null -> new UncommittedWrite(valid.envelope());
      case Reading.Valid(Envelope envelope, boolean outdated) -> {
        ContentHash found = ContentHash.of(file);
        yield found.equals(recorded)
            ? new Healthy(envelope, outdated)
            : new HashMismatch(envelope, recorded, found);
      }
    };
  }

  default StoreState state() {
    return switch (this) {
      case Missing _ -> StoreState.MISSING;
      case Quarantined _ -> StoreState.QUARANTINED;
      case FutureSchema _ -> StoreState.FUTURE_SCHEMA;
      case UncommittedWrite _ -> StoreState.UNCOMMITTED_WRITE;
      case HashMismatch _ -> StoreState.HASH_MISMATCH;
      case Healthy _ -> StoreState.HEALTHY;
    };
  }

  /** What can be read of it, whether it is to be trusted or not; null when nothing can. */
  default @Nullable Envelope envelope() {
    return switch (this) {
      case Missing _,Quarantined _,FutureSchema _ -> null;
      case UncommittedWrite(Envelope envelope) -> envelope;
      case HashMismatch(Envelope envelope, _, _) -> envelope;
      case Healthy(Envelope envelope, _) -> envelope;
    };
  }

  /** One sentence for operators, without content; empty for a healthy store. */
  default String note() {
    return switch (this) {
      case Missing() -> "it is not there";
      case Quarantined(_, String note) -> note;
      case FutureSchema(long version) -> "it is of schema version " + version;
      case UncommittedWrite _ -> "no batch wrote it";
      case HashMismatch(_, ContentHash recorded, ContentHash found) ->
        "its hash is " + found + ", a batch wrote " + recorded;
      case Healthy _ -> "";
    };
  }
}
