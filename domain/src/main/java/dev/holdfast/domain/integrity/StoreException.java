package dev.holdfast.domain.integrity;

import dev.holdfast.domain.Reason;
import org.jspecify.annotations.Nullable;

/** A store or data directory that could not keep its promise. The message is for operators and holds no content. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Reason reason;
  private final boolean lacksPart;

  private StoreException(Reason reason, String message, @Nullable Throwable cause) {
    this(reason, message, cause, false);
  }

  private StoreException(Reason reason, String message, @Nullable Throwable cause, boolean lacksPart) {
    super(message, cause);
    this.reason = reason;
    this.lacksPart = lacksPart;
  }

  public Reason reason() {
    return reason;
  }

  /**
   * What whoever opens a runtime is answered (spec I-41, W-31): store_missing for a part that isn't there, store_corrupt for other
   * damage of what is the runtime's. The doctor tells which damage it is.
   */
  public StoreException ofOpening() {
    return switch (reason) {
      case JOURNAL_DAMAGED, JOURNAL_TRUNCATED -> new StoreException(
          lacksPart ? Reason.STORE_MISSING : Reason.STORE_CORRUPT,
          String.valueOf(getMessage()), this);
      default -> this;
    };
  }

  public static StoreException io(String what, Throwable cause) {
    return new StoreException(Reason.STORE_IO, what, cause);
  }

  /** Disk full or quota: nothing was acknowledged, and writes are taken again when there is room. */
  public static StoreException full(Throwable cause) {
    return new StoreException(Reason.STORAGE_FULL, "the disk is full", cause);
  }

  /** A sync failed, so nobody knows what is on disk. */
  public static StoreException poisoned(@Nullable Throwable cause) {
    return new StoreException(Reason.STORE_POISONED, "a write could not be made durable; restart the node", cause);
  }

  /** The store was closed, which a node does when it shuts down. */
  public static StoreException closed() {
    return new StoreException(Reason.NODE_DRAINING, "the store is closed", null);
  }

  /** The unit of work may or may not have been done. */
  public static StoreException unknown(String what, @Nullable Throwable cause) {
    return new StoreException(Reason.OUTCOME_UNKNOWN, what, cause);
  }

  /** @param reason for example data_dir_locked, future_schema or store_corrupt */
  public static StoreException unusable(Reason reason, String what) {
    return new StoreException(reason, what, null);
  }

  /** As {@link #unusable(Reason, String)}, where the damage is that a part isn't there. */
  public static StoreException lacking(Reason reason, String what) {
    return new StoreException(reason, what, null, true);
  }

  public static StoreException unusable(Reason reason, String what, Throwable cause) {
    return new StoreException(reason, what, cause);
  }
}
