package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Reason;
import java.util.Locale;
import java.util.Optional;

/** The names of what an inspection finds, as {@link Inspected} has them. */
public enum StoreState {
  MISSING,
  QUARANTINED,
  FUTURE_SCHEMA,
  UNCOMMITTED_WRITE,
  HASH_MISMATCH,
  HEALTHY;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reason of the same name; none for a healthy store. */
  public Optional<Reason> reason() {
    return switch (this) {
      case MISSING -> Optional.of(Reason.MISSING);
      case QUARANTINED -> Optional.of(Reason.QUARANTINED);
      case FUTURE_SCHEMA -> Optional.of(Reason.FUTURE_SCHEMA);
      case UNCOMMITTED_WRITE -> Optional.of(Reason.UNCOMMITTED_WRITE);
      case HASH_MISMATCH -> Optional.of(Reason.HASH_MISMATCH);
      case HEALTHY -> Optional.empty();
    };
  }
}
