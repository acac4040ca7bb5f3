package dev.holdfast.domain.integrity;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.QueueReads;
import dev.holdfast.domain.turns.queue.WorkQueue;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fold over the changes of queued work. */
abstract class MemoryQueue extends MemoryCatalogue implements QueueReads {
  private final Map<BatchId, Batch> batches = new HashMap<>();
  private final Map<WorkerId, Map<String, BatchId>> bySourceKey = new HashMap<>();
  private final Map<WorkerId, WorkQueue> queues = new HashMap<>();
  private final Map<WorkerId, NavigableMap<Long, BatchId>> all = new HashMap<>();
  /** Those that haven't ended, so that ended ones cost nothing. */
  private final Map<WorkerId, NavigableMap<Long, BatchId>> waiting = new TreeMap<>();

  final void apply(QueueChange change) {
    switch (change) {
      case QueueChange.Enqueued(Batch batch) -> {
        all.computeIfAbsent(batch.session(), _ -> new TreeMap<>()).put(batch.enqueueSeq(), batch.id());
        if (batch.sourceKey() != null) {
          bySourceKey.computeIfAbsent(batch.session(), _ -> new HashMap<>()).put(batch.sourceKey(), batch.id());
        }
        put(batch);
      }
      case QueueChange.Moved(BatchId id, _, BatchState state) -> batch(id).ifPresent(known -> put(known.in(state)));
      case QueueChange.QueuePut(WorkQueue queue) -> put(queue);
      case QueueChange.FreeCancelled(WorkerId session, Instant now) -> {
        List<WorkerId> sessions = session == null ? List.copyOf(waiting.keySet()) : List.of(session);
        sessions.forEach(id -> cancelFree(id, now));
      }
    }
  }

  private void put(Batch batch) {
    batches.put(batch.id(), batch);
    if (batch.state().isEnded()) {
      NavigableMap<Long, BatchId> left = waiting.getOrDefault(batch.session(), new TreeMap<>());
      left.remove(batch.enqueueSeq());
      if (left.isEmpty()) {
        waiting.remove(batch.session());
      }
    } else {
      waiting.computeIfAbsent(batch.session(), _ -> new TreeMap<>()).put(batch.enqueueSeq(), batch.id());
    }
    workChanged(batch.session());
  }

  final void put(WorkQueue queue) {
    queues.put(queue.session(), queue);
    workChanged(queue.session());
  }

  private void cancelFree(WorkerId session, Instant now) {
    long live = lease(session).liveGeneration(now);
    List<Batch> free = waiting(session).filter(batch -> batch.state().isFree(live)).toList();
    free.forEach(batch -> put(batch.in(new BatchState.Cancelled())));
    if (!free.isEmpty()) {
      put(workQueue(session).minusBatches(free.size()));
    }
  }

  private Stream<Batch> waiting(WorkerId session) {
    return waiting.getOrDefault(session, new TreeMap<>()).values().stream().map(batches::get)
        .map(Objects::requireNonNull);
  }

  /** Called after what a session may have to do has changed. */
  abstract void workChanged(WorkerId session);

  /** As {@code LeaseReads} has it. */
  public abstract Lease lease(WorkerId session);

  @Override
  public final WorkQueue workQueue(WorkerId session) {
    return queues.getOrDefault(session, WorkQueue.empty(session));
  }

  @Override
  public final Optional<Batch> batch(BatchId id) {
    return Optional.ofNullable(batches.get(id));
  }

  @Override
  public final Optional<Batch> batchBySourceKey(WorkerId session, String sourceKey) {
    return Optional.ofNullable(bySourceKey.getOrDefault(session, Map.of()).get(sourceKey)).map(batches::get);
  }

  @Override
  public final List<Batch> readyBatches(WorkerId session, Instant now, long liveGeneration, int limit) {
    return waiting(session)
        .filter(batch -> batch.state().isFree(liveGeneration) && !batch.availableAt().isAfter(now))
        .limit(limit).toList();
  }

  @Override
  public final List<Batch> claimedBatches(WorkerId session, long generation) {
    return waiting(session).filter(batch -> batch.state() instanceof BatchState.Claimed(var claim, _)
        && claim.generation() == generation).toList();
  }

  @Override
  public final List<Batch> batches(WorkerId session, long after, int limit, @Nullable String state) {
    return all.getOrDefault(session, new TreeMap<>()).tailMap(after, false).values().stream().map(batches::get)
        .map(Objects::requireNonNull).filter(batch -> state == null || batch.state().text().equals(state))
        .limit(limit).toList();
  }
}
