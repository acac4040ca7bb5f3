package dev.holdfast.domain.integrity;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Worker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Everything that a small store answers, as text, one answer per line: equal states have equal text. */
public final class StateText {
  private static final int ALL = 100_000;
  private static final Instant FAR = Instant.parse("2999-01-01T00:00:00Z");

  private StateText() {}

  public static String of(State state) {
    List<String> lines = new ArrayList<>();
    lines.add(state.runtime().toString());
    lines.add("last event " + state.lastEventId() + ", pruned up to " + state.lastPrunedEvent());
    state.events(1, ALL, null).forEach(event -> lines.add(event.toString()));
    state.diagnostics(0, ALL, null, null).forEach(diagnostic -> lines.add(diagnostic.toString()));
    lines.add("droppable " + state.droppableDiagnostics(ALL));
    lines.add("keys " + state.keyCount() + " " + state.keys("", ALL, null));
    lines.add("audit " + state.auditHead() + " behind " + state.auditAnchor() + " " + state.audit(0, ALL, null, null));
    lines.add("providers " + state.providers("", ALL) + " default " + state.defaultModel());
    lines.add("publishers " + state.publishers("", ALL));
    lines.add("tasks " + state.tasks("", ALL, null) + " open " + state.openTasks(ALL));
    lines.add("used " + state.lastUsage() + " " + state.usage(0, ALL));
    lines.add("workable " + state.workableSessions(Workable.BUILTIN, FAR, 0, ALL) + " "
        + state.workableSessions(new Workable(Execution.EXTERNAL, null, false), FAR, 0, ALL) + " "
        + state.workableSessions(Workable.EXTERNAL_OPEN, FAR, 0, ALL));
    lines.add("leases " + state.leases(0, ALL));
    for (Worker worker : state.workers(0, ALL, null, null)) {
      lines.add(worker.toString());
      session(state, worker.id(), lines);
    }
    return String.join("\n", lines);
  }

  private static void session(State state, WorkerId id, List<String> lines) {
    lines.add(state.request(id).toString());
    state.transcript(id, 0, ALL).forEach(entry -> lines.add(entry.toString()));
    lines.add(state.pruned(id) + " " + state.forgottenBatches(id, 0, ALL));
    lines.add(id + " events " + state.events(1, ALL, id).stream().map(event -> event.id()).toList());
    lines.add(state.session(id).toString());
    lines.add(state.lease(id).toString());
    lines.add(state.workQueue(id).toString());
    state.inputs(id, 0, ALL, null).forEach(input -> lines.add(input.toString()));
    lines.add(id + " pending " + state.pendingInputs(id, ALL).stream().map(input -> input.id()).toList() + " next "
        + state.nextTurnInputs(id, ALL).stream().map(input -> input.id()).toList() + " held "
        + state.heldInputs(id).stream().map(input -> input.id()).toList() + " " + state.hasPendingUserInput(id));
    state.batches(id, 0, ALL, null).forEach(batch -> lines.add(batch.toString()));
    lines.add(id + " ready " + state.readyBatches(id, FAR, 0, ALL).stream().map(batch -> batch.id()).toList()
        + " claimed "
        + state.claimedBatches(id, state.lease(id).generation()).stream().map(batch -> batch.id()).toList());
    for (Turn turn : state.turns(id, 0, ALL)) {
      TurnId turnId = turn.id();
      lines.add(turn.toString());
      lines.add("took " + turn.inputs().stream().map(state::entryOf).toList()
          + turn.start().batches().stream().map(state::taken).toList());
      lines.add("entries " + state.entriesOf(turnId));
      lines.add("admissions " + state.admissions(turnId));
      lines.add("active " + state.activeInputs(id, turnId, Boundary.AFTER_WORK, ALL).stream().map(i -> i.id()).toList()
          + state.activeInputs(id, turnId, Boundary.BEFORE_COMPLETION, ALL).stream().map(i -> i.id()).toList());
      lines.add("stamp " + state.stamp(Stamp.Key.terminal(id, turnId)));
      for (Admission admission : state.admissions(turnId)) {
        lines.add("stamp "
            + state.stamp(new Stamp.Key(id, turnId, admission.attempt(), admission.commitNo())));
      }
      state.output(turnId, OutputCursor.START, ALL).forEach(record -> lines.add(record.toString()));
    }
  }
}
