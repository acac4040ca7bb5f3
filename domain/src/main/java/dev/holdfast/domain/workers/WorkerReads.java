package dev.holdfast.domain.workers;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.retention.Pruned;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue as one consistent state shows it. The cost of a page doesn't grow with what lies before it. */
public interface WorkerReads {

  /** Empty only in a store that was just made. */
  Optional<RuntimeState> runtime();

  Optional<Worker> worker(WorkerId id);

  /** The whole request that a worker was created from; empty when there is no such worker. */
  Optional<CreateWorker> request(WorkerId id);

  /**
   * @param after the worker number behind which to begin, 0 for the start
   * @param status only workers of that status, or all when null
   * @param owner only workers of that subject, or all when null
   * @return by worker number
   */
  List<Worker> workers(long after, int limit, @Nullable WorkerStatus status, @Nullable String owner);

  /** Up to where what the worker had was pruned. */
  Pruned pruned(WorkerId id);

  /**
   * @param start the zero-based position of the first entry; one that was pruned stands for the first that is left
   * @return the entries of positions {@code start} to {@code start + limit - 1}, as far as there are any
   */
  List<TranscriptEntry> transcript(WorkerId id, long start, int limit);

  Optional<Remembered> remembered(String scope, String key);

  /** By scope and then key, each in the order of its UTF-8 bytes, behind that pair; two empty texts are before all. */
  List<Remembered> remembered(String afterScope, String afterKey, int limit);

  /** @return by id, ascending, those with an id above {@code after} */
  List<Diagnostic> diagnostics(
      long after, int limit, Diagnostic.@Nullable Severity severity, @Nullable WorkerId worker);

  /** The first {@code limit} diagnostics to drop when there are too many: the infos first, each kind by age. */
  List<Diagnostic> droppableDiagnostics(int limit);
}
