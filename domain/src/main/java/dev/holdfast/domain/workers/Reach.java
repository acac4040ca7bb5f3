package dev.holdfast.domain.workers;

import org.jspecify.annotations.Nullable;

/**
 * Which workers a caller reaches; the others answer it as unknown ones (spec ).
 *
 * @param subject only that subject's, or all when null
 * @param externalOnly only those that external executors run
 */
public record Reach(@Nullable String subject, boolean externalOnly) {
  public static final Reach ALL = new Reach(null, false);

  /** All workers of that subject, or all when null. */
  public static Reach of(@Nullable String subject) {
    return subject == null ? ALL : new Reach(subject, false);
  }

  public boolean covers(Worker worker) {
    return (subject == null || worker.owner().equals(subject))
        && (!externalOnly || worker.execution() == Execution.EXTERNAL);
  }
}
