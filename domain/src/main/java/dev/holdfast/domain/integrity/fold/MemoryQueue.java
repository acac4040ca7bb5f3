package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.fold.Image.Open;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.QueueReads;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.retention.Pruned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fold over the changes of queued work. */
abstract class MemoryQueue extends MemoryCatalogue implements QueueReads {
  private static final int PAGE = 64;

  private final Map<WorkerId, WorkQueue> queues = new HashMap<>();
  private final Enqueued<Batch, Instant, BatchState> batches;

  MemoryQueue(Archive archive) {
    super(archive);
    this.batches = new Enqueued<>(archive, new Batches());
  }

  static final class Batches implements Enqueued.Kind<Batch, Instant, BatchState> {
    @Override
    public Enqueued.Tables tables() {
      return new Enqueued.Tables(Table.BATCH, Table.BATCH_STATE, Table.BATCH_OF_SESSION, Table.BATCH_BY_KEY);
    }

    @Override
    public Batch row(Change change) {
      return ((QueueChange.Enqueued) change).batch();
    }

    @Override
    public long id(Batch batch) {
      return batch.id().number();
    }

    @Override
    public WorkerId session(Batch batch) {
      return batch.session();
    }

    @Override
    public long enqueueSeq(Batch batch) {
      return batch.enqueueSeq();
    }

    @Override
    public @Nullable String sourceKey(Batch batch) {
      return batch.sourceKey();
    }

    @Override
    public Open<Instant, BatchState> open(Batch batch) {
      return new Open<>(batch.id().number(), batch.availableAt(), batch.state());
    }

    @Override
    public Batch in(Batch batch, BatchState state) {
      return batch.in(state);
    }

    @Override
    public boolean isEnded(BatchState state) {
      return state.isEnded();
    }

    @Override
    public String text(BatchState state) {
      return state.text();
    }

    @Override
    public boolean mayHaveEnded(String text) {
      return text.equals(new BatchState.Cancelled().text()) || text.equals(new BatchState.Completed(null).text());
    }

    @Override
    public BatchState ended(Change change) {
      return switch (change) {
        case QueueChange.Moved(_, _, BatchState state) -> state;
        case QueueChange.Enqueued(Batch endedBefore) -> endedBefore.state();
        default -> new BatchState.Cancelled();
      };
    }
  }

  final void apply(QueueChange change) {
    switch (change) {
      case QueueChange.Enqueued(Batch batch) -> batches.add(batch, change);
      case QueueChange.Moved(BatchId id, WorkerId session, BatchState state) ->
        batches.move(session, id.number(), state, change);
      case QueueChange.QueuePut(WorkQueue queue) -> put(queue);
      case QueueChange.FreeCancelled(WorkerId only, Instant now) -> batches.each(only, (session, batch) -> {
        if (batch.state().isFree(lease(session).liveGeneration(now))) {
          batches.move(session, batch.id(), new BatchState.Cancelled(), change);
          put(workQueue(session).minusBatches(1));
        }
      });
    }
  }

  @Override
  void lengths(List<Image.Lengths> all) {
    super.lengths(all);
    all.add(batches.lengths());
  }

  @Override
  void restore(Image image) {
    super.restore(image);
    batches.restore(image.work().batches(), image.lengths());
  }

  @Override
  void image(List<Change> rows) {
    super.image(rows);
    queues.values().forEach(queue -> rows.add(new QueueChange.QueuePut(queue)));
  }

  final List<Image.OpenOf<Instant, BatchState>> openBatches() {
    return batches.image();
  }

  final void put(WorkQueue queue) {
    WorkQueue before = queues.put(queue.session(), queue);
    if (hasWork(queue) != (before != null && hasWork(before))) {
      workChanged(queue.session());
    }
  }

  static boolean hasWork(WorkQueue queue) {
    return queue.queuedWork() > 0 || queue.pendingInputs() > 0;
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
    return batches.find(id.number()).filter(this::isKnown);
  }

  private boolean isKnown(Batch batch) {
    return batch.enqueueSeq() > pruned(batch.session()).work();
  }

  @Override
  public final Optional<Batch> taken(BatchId id) {
    return batches.find(id.number()).flatMap(batch -> {
      if (isKnown(batch)) {
        return Optional.of(batch);
      }
      return batch.turn() == null || batch.enqueueSeq() <= pruned(batch.session()).batches()
          ? Optional.empty()
          : Optional.of(batch.withoutKey());
    });
  }

  @Override
  public final List<Batch> forgottenBatches(WorkerId session, long after, int limit) {
    Pruned gone = pruned(session);
    List<Batch> found = new ArrayList<>();
    long behind = Math.max(after, gone.batches());
    while (behind < gone.work() && found.size() < limit) {
      List<Batch> page = batches.page(session, behind, PAGE, null).stream()
          .takeWhile(batch -> batch.enqueueSeq() <= gone.work()).toList();
      page.stream().filter(batch -> batch.turn() != null).limit((long) limit - found.size())
          .map(Batch::withoutKey).forEach(found::add);
      behind = page.isEmpty() ? gone.work() : page.getLast().enqueueSeq();
    }
    return found;
  }

  @Override
  public final Optional<Batch> batchBySourceKey(WorkerId session, String sourceKey) {
    return batches.bySourceKey(session, sourceKey).filter(this::isKnown);
  }

  @Override
  public final List<Batch> readyBatches(WorkerId session, Instant now, long liveGeneration, int limit) {
    return batches.of(session).filter(batch -> batch.state().isFree(liveGeneration) && !batch.fact().isAfter(now))
        .limit(limit).map(batches::row).toList();
  }

  @Override
  public final List<Batch> claimedBatches(WorkerId session, long generation) {
    return batches.of(session).filter(batch -> batch.state() instanceof BatchState.Claimed(var claim, _)
        && claim.generation() == generation).map(batches::row).toList();
  }

  @Override
  public final List<Batch> batches(WorkerId session, long after, int limit, @Nullable String state) {
    return batches.page(session, Math.max(after, pruned(session).work()), limit, state);
  }
}
