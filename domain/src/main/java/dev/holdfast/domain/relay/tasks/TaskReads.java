package dev.holdfast.domain.relay.tasks;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tasks that are kept, and what calls used, as one consistent state shows them. */
public interface TaskReads {
  Optional<InferenceTask> task(String id);

  /**
   * By id, behind {@code after}; the empty text is before every id.
   *
   * @param owner whose tasks, or null for all
   */
  List<InferenceTask> tasks(String after, int limit, @Nullable String owner);

  /** Those that haven't ended, in the order in which they were enqueued, then by id. */
  List<InferenceTask> openTasks(int limit);

  /** The usage record with the highest number, 0 where there is none. */
  long lastUsage();

  /** In the order of their numbers, behind {@code after}. */
  List<UsageRecord> usage(long after, int limit);
}
