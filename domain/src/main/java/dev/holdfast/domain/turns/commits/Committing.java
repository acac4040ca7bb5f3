package dev.holdfast.domain.turns.commits;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The effects of a commit that passed its checks (spec T-70.13 to T-70.18), gathered into one unit of work. */
final class Committing {
  private final TurnReads state;
  private final Worker worker;
  private final @Nullable Turn turn;
  private final TurnCommit commit;
  private final String hash;
  private final Instant now;
  private final NewEvents events;
  private final List<Change> changes = new ArrayList<>();
  private final List<InputId> deferred = new ArrayList<>();
  private final List<InputId> admittedInputs = new ArrayList<>();
  private final List<BatchId> admittedBatches = new ArrayList<>();
  private Session session;
  private WorkQueue queue;
  private Checkpoint checkpoint;

  Committing(TurnReads state, Worker worker, @Nullable Turn turn, TurnCommit.Hashed hashed, Instant now) {
    this.state = state;
    this.worker = worker;
    this.turn = turn;
    this.commit = hashed.commit();
    this.hash = hashed.hash();
    this.now = now;
    this.events = new NewEvents(state, now, null);
    this.session = state.session(worker.id());
    this.queue = state.workQueue(worker.id());
    Checkpoint present = session.checkpoint();
    this.checkpoint = commit.checkpoint(present).withToolCatalog(present.toolCatalogRevision());
  }

  Decision<Stamp.Result> decide() {
    session = session.committed(checkpoint);
    if (commit.subject() instanceof TurnCommit.Subject.Terminal) {
      // Before the commands: what ends with a reset isn't part of the context behind it.
      session = session.closed();
    }
    completeBatches();
    completeInputs();
    session = session.with(checkpoint);
    deferWaiting();
    Stamp.Result result = switch (commit.subject()) {
      case TurnCommit.Subject.OfSession() -> result(events.lastId(), List.of(), 0);
      case TurnCommit.Subject.AtCheckpoint at -> checkpointed(Objects.requireNonNull(turn), at);
      case TurnCommit.Subject.Terminal end -> ended(Objects.requireNonNull(turn), end);
    };
    changes.add(new TurnChange.SessionPut(session));
    if (!queue.equals(state.workQueue(worker.id()))) {
      changes.add(new QueueChange.QueuePut(queue));
    }
    if (commit.release()) {
      changes.addAll(SessionRules.released(commit.fence(), events));
    }
    changes.add(new WorkerChange.Moved(worker.withEntries(commit.entries().size(), events.lastId())));
    changes.addAll(events.changes());
    return Decision.done(result, changes);
  }

  private Stamp.Result result(long eventId, List<Long> sequences, long lastOutputSeq) {
    return new Stamp.Result(session.headRevision(), checkpoint, eventId, sequences, lastOutputSeq);
  }

  /** Commands take effect when they are completed, whoever applied them (spec T-64). */
  private void completeBatches() {
    TurnId of = turn == null ? null : turn.id();
    for (BatchId id : commit.completedBatches()) {
      Batch batch = state.batch(id).orElseThrow();
      if (batch.state() instanceof BatchState.Claimed && turn != null) {
        admittedBatches.add(id);
      }
      changes.add(new QueueChange.Moved(batch.in(new BatchState.Completed(batch.isCommand() ? null : of))));
      batch.items().forEach(item -> apply(id, item));
    }
    queue = queue.minusBatches(commit.completedBatches().size());
  }

  private void apply(BatchId id, Payload item) {
    if (!(item instanceof Payload.Command command)) {
      return;
    }
    switch (command.kind()) {
      case REFRESH_TOOL_CATALOG -> checkpoint = checkpoint.withToolCatalog(checkpoint.toolCatalogRevision() + 1);
      case RESET_SESSION -> {
        checkpoint = checkpoint.withoutLastPrompt();
        session = session.reset();
      }
    }
    events.add(worker.id(), EventName.QUEUE_COMMAND_APPLIED,
        Json.object("batch_id", id.value(), "kind", command.kind().text()));
  }

  private void completeInputs() {
    TurnId of = turn == null ? null : turn.id();
    for (InputId id : commit.completedInputs()) {
      Input input = state.input(id).orElseThrow();
      if (input.state() instanceof InputState.Accepted) {
        admittedInputs.add(id);
      }
      changes.add(new InputChange.Moved(input.in(new InputState.Completed(of, session.headRevision()))));
    }
  }

  /** What still waits for a checkpoint of a turn that ends, or was interrupted, waits for the next one (spec T-46). */
  private void deferWaiting() {
    TurnId of = commit.subject() instanceof TurnCommit.Subject.Terminal(TurnId ending, _, _)
        ? ending
        : commit.interruptedTurn();
    if (of != null && queue.pendingInputs() > 0) {
      for (Input input : state.activeInputs(worker.id(), of, Boundary.BEFORE_COMPLETION, Integer.MAX_VALUE)) {
        deferred.add(input.id());
        changes.add(new InputChange.Moved(input.in(new InputState.Deferred())));
      }
    }
  }

  private Stamp.Result checkpointed(Turn open, TurnCommit.Subject.AtCheckpoint at) {
    long eventId = events.add(worker.id(), EventName.TURN_CHECKPOINT_COMMITTED,
        Json.object("turn_id", open.id().value(), "attempt", at.attempt(), "commit_no", at.commitNo(),
            "head_revision", session.headRevision()));
    List<Long> sequences = appendEntries(open, eventId, at.commitNo());
    admit(open, at.commitNo(), eventId);
    long last = output(open, new OutputPayload.Checkpoint(at.commitNo()));
    Turn after = open.withOutput(last).checkpointed(commit.usage(), new OutputCursor(at.attempt(), last));
    after = after.withLastAttempt(after.lastAttempt().committed());
    // Its answer tells the holder of a request to cancel.
    after = after.withCancel(open.cancel() == null ? null : open.cancel().delivered(now));
    changes.add(new TurnChange.Put(after));
    return stamped(at, result(eventId, sequences, last));
  }

  private Stamp.Result ended(Turn open, TurnCommit.Subject.Terminal end) {
    Reason reason = end.outcome().reason();
    String code = reason == null ? null : reason.code();
    long eventId = events.add(worker.id(), eventName(end.outcome()),
        Json.object("turn_id", open.id().value(), "attempt", end.attempt(), "reason", code, "deferred",
            deferred.isEmpty() ? null : deferred.stream().map(InputId::value).toList()),
        commit.note());
    List<Long> sequences = appendEntries(open, eventId, 0);
    if (!admittedInputs.isEmpty() || !admittedBatches.isEmpty()) {
      admit(open, 0, eventId);
    }
    long last = output(open,
        new OutputPayload.End(end.outcome().text(), code, session.headRevision(), commit.note()));
    Turn after = open.withOutput(last);
    after = after.withLastAttempt(after.lastAttempt().ended(Attempt.EndedBy.COMMITTED, now));
    changes.add(new TurnChange.Put(
        after.ended(new Turn.State.Ended(end.outcome(), now, session.headRevision()), commit.usage())));
    return stamped(end, result(eventId, sequences, last));
  }

  private Stamp.Result stamped(TurnCommit.Subject.OfTurn of, Stamp.Result result) {
    changes.add(new TurnChange.Stamped(new Stamp(Stamp.Key.of(worker.id(), of), hash, result)));
    return result;
  }

  private void admit(Turn open, int commitNo, long eventId) {
    changes.add(new TurnChange.Admitted(new Admission(open.id(), open.lastAttempt().number(), commitNo,
        session.headRevision(), eventId, now, admittedInputs, admittedBatches)));
  }

  /** Writes what was taken in, then the commit's own record, and answers the number of that. */
  private long output(Turn open, OutputPayload own) {
    List<OutputPayload> payloads = new ArrayList<>();
    admittedInputs.forEach(input -> payloads.add(new OutputPayload.InputAdmitted(input)));
    payloads.add(own);
    long seq = open.lastAttempt().lastOutputSeq();
    List<OutputRecord> records = new ArrayList<>();
    for (OutputPayload payload : payloads) {
      records.add(new OutputRecord(open.id(), open.lastAttempt().number(), ++seq, now, payload));
    }
    changes.add(new OutputChange.Appended(open.id(), records));
    return seq;
  }

  private List<Long> appendEntries(Turn open, long eventId, int commitNo) {
    List<Long> sequences = new ArrayList<>();
    for (TurnCommit.Entry entry : commit.entries()) {
      long sequence = worker.transcriptLength() + sequences.size() + 1;
      sequences.add(sequence);
      var origin = new TranscriptEntry.Origin.FromTurn(open.id(), open.lastAttempt().number(), commitNo);
      changes.add(new WorkerChange.EntryAppended(new TranscriptEntry(sequence, worker.id(), entry.role(),
          entry.content(), eventId, now, origin, entry.status())));
    }
    return sequences;
  }

  private static EventName eventName(TurnOutcome outcome) {
    return switch (outcome) {
      case TurnOutcome.Completed _ -> EventName.TURN_COMPLETED;
      case TurnOutcome.Incomplete _ -> EventName.TURN_INCOMPLETE;
      case TurnOutcome.Failed _ -> EventName.TURN_FAILED;
      case TurnOutcome.Cancelled _ -> EventName.TURN_CANCELLED;
    };
  }
}
