package dev.holdfast.domain.workers;

import java.util.Locale;

/** The first terminal status of a worker wins (spec W-20). */
public enum WorkerStatus {
  RUNNING,
  STOPPED,
  CANCELLED,
  QUARANTINED;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
