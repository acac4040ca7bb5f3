package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.QueueReads;
import dev.holdfast.domain.turns.queue.WorkQueue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fold over the changes of queued work. */
abstract class MemoryQueue extends MemoryCatalogue implements QueueReads {
  private static final int PAGE = 64;

  private final Map<WorkerId, WorkQueue> queues = new HashMap<>();
  private final OpenWork<BatchId, Open> open = new OpenWork<>(Open::id, Open::session, Open::enqueueSeq);
  private final Series<Batch> ofSessions;

  /** A batch that hasn't ended, without its items. */
  private record Open(BatchId id, WorkerId session, long enqueueSeq, Instant availableAt, BatchState state) {
    static Open of(Batch batch) {
      return new Open(batch.id(), batch.session(), batch.enqueueSeq(), batch.availableAt(), batch.state());
    }

    Open in(BatchState next) {
      return new Open(id, session, enqueueSeq, availableAt, next);
    }
  }

  MemoryQueue(Archive archive) {
    super(archive);
    this.ofSessions = new Series<>(archive, Table.BATCH_OF_SESSION, MemoryQueue::enqueued);
  }

  private static Batch enqueued(Change change) {
    return ((QueueChange.Enqueued) change).batch();
  }

  final void apply(QueueChange change) {
    switch (change) {
      case QueueChange.Enqueued(Batch batch) -> {
        archive.keep(RowKey.of(Table.BATCH, batch.id().number()), change);
        ofSessions.add(batch.session().number(), change);
        if (batch.sourceKey() != null) {
          archive.keep(RowKey.of(Table.BATCH_BY_KEY, batch.session().number(), batch.sourceKey()), change);
        }
        put(Open.of(batch), change);
      }
      case QueueChange.Moved(BatchId id, _, BatchState state) ->
        look(id).ifPresent(known -> put(known.in(state), change));
      case QueueChange.QueuePut(WorkQueue queue) -> put(queue);
      case QueueChange.FreeCancelled(WorkerId session, Instant now) ->
        open.all(session).forEach(batch -> cancelFree(batch, now, change));
    }
  }

  /** What is open is at hand; of what has ended, and never moves but for a fault, the row is read. */
  private Optional<Open> look(BatchId id) {
    return Optional.ofNullable(open.get(id)).or(() -> batch(id).map(Open::of));
  }

  private void put(Open batch, Change change) {
    if (batch.state().isEnded()) {
      archive.keep(RowKey.of(Table.BATCH_STATE, batch.id().number()), change);
      open.remove(batch);
    } else {
      open.put(batch);
    }
    workChanged(batch.session());
  }

  @Override
  void lengths(List<Image.Lengths> all) {
    super.lengths(all);
    all.add(ofSessions.lengths());
  }

  @Override
  void restore(List<Image.Lengths> all) {
    super.restore(all);
    ofSessions.restore(all);
  }

  @Override
  void image(List<Change> rows) {
    super.image(rows);
    queues.values().forEach(queue -> rows.add(new QueueChange.QueuePut(queue)));
    // In the order of their units, so that who restores them reads the history from front to back.
    open.all(null).stream().sorted(Comparator.comparingLong(batch -> batch.id().number()))
        .forEach(batch -> rows.add(new QueueChange.Moved(batch.id(), batch.session(), batch.state())));
  }

  final void put(WorkQueue queue) {
    queues.put(queue.session(), queue);
    workChanged(queue.session());
  }

  private void cancelFree(Open batch, Instant now, Change change) {
    if (batch.state().isFree(lease(batch.session()).liveGeneration(now))) {
      put(batch.in(new BatchState.Cancelled()), change);
      put(workQueue(batch.session()).minusBatches(1));
    }
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
    Open found = open.get(id);
    Change enqueued = archive.find(RowKey.of(Table.BATCH, id.number()));
    if (enqueued == null) {
      return Optional.empty();
    }
    Batch batch = enqueued(enqueued);
    return Optional.of(batch.in(found == null ? ended(batch) : found.state()));
  }

  private BatchState ended(Batch batch) {
    Change change = archive.find(RowKey.of(Table.BATCH_STATE, batch.id().number()));
    return switch (change) {
      case null -> batch.state();
      case QueueChange.Moved(_, _, BatchState state) -> state;
      case QueueChange.Enqueued(Batch endedBefore) -> endedBefore.state();
      default -> new BatchState.Cancelled();
    };
  }

  private Batch present(Open batch) {
    return batch(batch.id()).orElseThrow();
  }

  @Override
  public final Optional<Batch> batchBySourceKey(WorkerId session, String sourceKey) {
    return Optional.ofNullable(archive.find(RowKey.of(Table.BATCH_BY_KEY, session.number(), sourceKey)))
        .flatMap(change -> batch(enqueued(change).id()));
  }

  @Override
  public final List<Batch> readyBatches(WorkerId session, Instant now, long liveGeneration, int limit) {
    return open.of(session)
        .filter(batch -> batch.state().isFree(liveGeneration) && !batch.availableAt().isAfter(now))
        .limit(limit).map(this::present).toList();
  }

  @Override
  public final List<Batch> claimedBatches(WorkerId session, long generation) {
    return open.of(session).filter(batch -> batch.state() instanceof BatchState.Claimed(var claim, _)
        && claim.generation() == generation).map(this::present).toList();
  }

  @Override
  public final List<Batch> batches(WorkerId session, long after, int limit, @Nullable String state) {
    List<Batch> found = new ArrayList<>();
    long number = ofSessions.first(session.number(), batch -> batch.enqueueSeq() <= after);
    long last = ofSessions.length(session.number());
    for (; number <= last && found.size() < limit; number += PAGE) {
      ofSessions.page(session.number(), number, PAGE).stream().map(batch -> batch(batch.id()).orElseThrow())
          .filter(batch -> state == null || batch.state().text().equals(state))
          .limit((long) limit - found.size()).forEach(found::add);
    }
    return found;
  }
}
