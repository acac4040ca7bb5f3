package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.retention.Pruned;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Workers, and what each has once or in order. */
final class RowsOfWorkers {
  private RowsOfWorkers() {}

  static void workers(State state, Consumer<? super Change> to) {
    Pages.eachWorker(state, worker -> to.accept(new WorkerChange.Created(worker, state.request(worker.id())
        .orElseThrow(() -> Pages.damaged("the request of " + worker.id().value() + " isn't there")))));
  }

  static void pruned(State state, Consumer<? super Change> to) {
    Pages.eachWorker(state, worker -> {
      Pruned pruned = state.pruned(worker.id());
      if (!pruned.equals(Pruned.nothing(worker.id()))) {
        to.accept(new WorkerChange.PrunedPut(pruned));
      }
    });
  }

  static void transcripts(State state, Consumer<? super Change> to) {
    Pages.eachWorker(state, worker -> {
      var inputs = new Inputs(state, worker.id());
      Pages.each(0L, TranscriptEntry::sequence, Pages.FEW,
          (length, limit) -> state.transcript(worker.id(), length, limit), entry -> to.accept(row(entry, inputs)));
    });
  }

  private static Change row(TranscriptEntry entry, Inputs inputs) {
    return switch (entry.origin()) {
      case TranscriptEntry.Origin.FromTurn _ -> new WorkerChange.EntryAppended(entry);
      case TranscriptEntry.Origin.FromInput(InputId id) -> inputs.isForgotten(id)
          ? new WorkerChange.EntryAppended(entry)
          : new InputChange.Accepted(inputs.next(id));
    };
  }

  /** A worker's inputs in the order of its transcript, which is that of its queue. */
  private static final class Inputs {
    private final State state;
    private final WorkerId worker;
    private final boolean someForgotten;
    private final Deque<Input> page = new ArrayDeque<>();
    private long behind;

    Inputs(State state, WorkerId worker) {
      this.state = state;
      this.worker = worker;
      this.someForgotten = state.pruned(worker).work() > 0;
    }

    /** Those that are come first, and the others in their order. */
    boolean isForgotten(InputId id) {
      return someForgotten && behind == 0 && page.isEmpty() && state.input(id).isEmpty();
    }

    Input next(InputId wanted) {
      if (page.isEmpty()) {
        page.addAll(state.inputs(worker, behind, Pages.FEW, null));
      }
      Input next = page.poll();
      if (next == null || !next.id().equals(wanted)) {
        throw Pages.damaged("the transcript of " + worker.value() + " names " + wanted.value()
            + ", which isn't the next of its inputs");
      }
      behind = next.enqueueSeq();
      return next;
    }
  }

  static void batches(State state, Consumer<? super Change> to) {
    Pages.eachWorker(state, worker -> Pages.each(0L, Batch::enqueueSeq, Pages.FEW,
        (after, limit) -> batches(state, worker.id(), after, limit),
        batch -> to.accept(new QueueChange.Enqueued(batch))));
  }

  private static List<Batch> batches(State state, WorkerId worker, long after, int limit) {
    List<Batch> page = new ArrayList<>(state.forgottenBatches(worker, after, limit));
    if (page.size() < limit) {
      page.addAll(state.batches(worker, after, limit - page.size(), null));
    }
    return page;
  }

  static void sessions(State state, Consumer<? super Change> to) {
    Pages.eachWorker(state, worker -> {
      Session session = state.session(worker.id());
      if (!session.equals(Session.initial(worker.id()))) {
        to.accept(new TurnChange.SessionPut(session));
      }
    });
  }

  static void queues(State state, Consumer<? super Change> to) {
    Pages.eachWorker(state, worker -> {
      WorkQueue queue = state.workQueue(worker.id());
      if (!queue.equals(WorkQueue.empty(worker.id()))) {
        to.accept(new QueueChange.QueuePut(queue));
      }
    });
  }

  static void leases(State state, Consumer<? super Change> to) {
    Pages.eachWorker(state, worker -> {
      Lease lease = state.lease(worker.id());
      if (!lease.equals(new Lease.Free(worker.id(), 0))) {
        to.accept(new LeaseChange.Put(lease));
      }
    });
  }
}
