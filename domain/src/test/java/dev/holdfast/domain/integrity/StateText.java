package dev.holdfast.domain.integrity;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.output.OutputCursor;
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
    lines.add("last event " + state.lastEventId());
    state.events(1, ALL, null).forEach(event -> lines.add(event.toString()));
    state.diagnostics(0, ALL, null, null).forEach(diagnostic -> lines.add(diagnostic.toString()));
    lines.add("droppable " + state.droppableDiagnostics(ALL));
    lines.add("keys " + state.keyCount() + " " + state.keys("", ALL, null));
    lines.add("audit " + state.auditHead() + " " + state.audit(0, ALL, null, null));
    lines.add("providers " + state.providers("", ALL) + " default " + state.defaultModel());
    lines.add("workable " + state.workableSessions(FAR, 0, ALL));
    for (Worker worker : state.workers(0, ALL, null, null)) {
      lines.add(worker.toString());
      session(state, worker.id(), lines);
    }
    return String.join("\n", lines);
  }

  private static void session(State state, WorkerId id, List<String> lines) {
    lines.add(state.request(id).toString());
    state.transcript(id, 0, ALL).forEach(entry -> lines.add(entry.toString()));
    lines.add(id + " events " + state.events(1, ALL, id).stream().map(event -> event.id()).toList());
    lines.add(state.session(id).toString());
    lines.add(state.lease(id).toString());
    lines.add(state.workQueue(id).toString());
    state.inputs(id, 0, ALL, null).forEach(input -> lines.add(input.toString()));
    lines.add(id + " pending " + state.pendingInputs(id, ALL).stream().map(input -> input.id()).toList());
    for (Turn turn : state.turns(id, 0, ALL)) {
      TurnId turnId = turn.id();
      lines.add(turn.toString());
      lines.add("entries " + state.entriesOf(turnId));
      lines.add("stamp " + state.stamp(Stamp.Key.terminal(id, turnId)));
      state.output(turnId, OutputCursor.START, ALL).forEach(record -> lines.add(record.toString()));
    }
  }
}
