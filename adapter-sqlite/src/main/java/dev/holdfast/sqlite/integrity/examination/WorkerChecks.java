package dev.holdfast.sqlite.integrity.examination;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads all that is one worker's. */
final class WorkerChecks {
  private static final int PAGE = 500;

  private final Sql sql;
  private final State state;

  WorkerChecks(Sql sql, State state) {
    this.sql = sql;
    this.state = state;
  }

  /** What is wrong with the worker's rows, without content; empty when nothing is. */
  Optional<String> fault(WorkerId id) {
    try {
      return Optional.ofNullable(first(id));
    } catch (StoreException e) {
      if (e.reason() != Reason.STORE_CORRUPT) {
        throw e;
      }
      return Optional.of("a row of it can't be decoded");
    }
  }

  private @Nullable String first(WorkerId id) {
    Worker worker = state.worker(id).orElse(null);
    if (worker == null || state.request(id).isEmpty()) {
      return "a part of it is not there";
    }
    state.lease(id);
    String fault = transcript(worker);
    if (fault == null) {
      fault = inputs(worker);
    }
    if (fault == null) {
      fault = batches(id);
    }
    return fault == null ? turns(id) : fault;
  }

  private @Nullable String transcript(Worker worker) {
    long next = state.pruned(worker.id()).transcript() + 1;
    List<TranscriptEntry> page = state.transcript(worker.id(), 0, PAGE);
    while (!page.isEmpty()) {
      for (TranscriptEntry entry : page) {
        if (entry.sequence() != next++) {
          return "its transcript is not dense";
        }
      }
      page = page.size() < PAGE ? List.of() : state.transcript(worker.id(), next - 1, PAGE);
    }
    return next - 1 == worker.transcriptLength() ? null : "its transcript is not as long as it says";
  }

  private @Nullable String inputs(Worker worker) {
    WorkQueue queue = state.workQueue(worker.id());
    long last = 0;
    int pending = 0;
    List<Input> page = state.inputs(worker.id(), 0, PAGE, null);
    while (!page.isEmpty()) {
      for (Input input : page) {
        if (input.enqueueSeq() <= last || input.id().number() > worker.lastEventId()) {
          return "its inputs are not in order";
        }
        last = input.enqueueSeq();
        pending += input.state().isPending() ? 1 : 0;
      }
      page = page.size() < PAGE ? List.of() : state.inputs(worker.id(), last, PAGE, null);
    }
    return last <= queue.lastEnqueueSeq() && pending == queue.pendingInputs() ? null
        : "its inputs are not those it counts";
  }

  private @Nullable String batches(WorkerId id) {
    WorkQueue queue = state.workQueue(id);
    long last = 0;
    List<Batch> page = state.batches(id, 0, PAGE, null);
    while (!page.isEmpty()) {
      for (Batch batch : page) {
        last = Math.max(last, batch.enqueueSeq());
      }
      page = page.size() < PAGE ? List.of() : state.batches(id, page.getLast().enqueueSeq(), PAGE, null);
    }
    return last <= queue.lastEnqueueSeq() ? null : "its queued work is not what it counts";
  }

  private @Nullable String turns(WorkerId id) {
    long next = 1;
    List<Turn> page = state.turns(id, 0, PAGE);
    while (!page.isEmpty()) {
      for (Turn turn : page) {
        if (turn.index() != next++) {
          return "its turns are not dense";
        }
        turn(turn);
      }
      page = page.size() < PAGE ? List.of() : state.turns(id, next - 1, PAGE);
    }
    return next - 1 == state.session(id).lastTurnIndex() ? null : "its turns are not those it counts";
  }

  private void turn(Turn turn) {
    TurnId id = turn.id();
    state.entriesOf(id);
    state.admissions(id);
    for (long[] stamp : sql.all("SELECT attempt, commit_no FROM stamp WHERE turn = ?",
        row -> new long[] {row.getLong(1), row.getLong(2)}, id.number())) {
      state.stamp(new Stamp.Key(turn.session(), id, Math.toIntExact(stamp[0]), Math.toIntExact(stamp[1])));
    }
    List<OutputRecord> page = state.output(id, OutputCursor.START, PAGE);
    while (!page.isEmpty()) {
      page = page.size() < PAGE ? List.of() : state.output(id, page.getLast().cursor(), PAGE);
    }
  }
}
