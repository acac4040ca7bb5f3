package dev.holdfast.domain.workers;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.NewEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Damage of one worker's data never stops the others: it is told, and so is its end (spec W-9). */
public final class QuarantineRules {
  private QuarantineRules() {}

  /**
   * Makes events and diagnostics of what the store found out. The worker's status needs no change: a store that leaves out
   * what is damaged shows it as quarantined, and as what its data say once they are whole.
   *
   * @param maxDiagnostics that are kept
   * @return what is told now; nothing, without a change, when all was told before
   */
  public static <S extends WorkerReads & EventReads> Decision<UntoldDamage> tell(
      S state, int maxDiagnostics, Instant now) {
    UntoldDamage untold = state.untoldDamage();
    if (untold.isNone()) {
      return Decision.unchanged(untold);
    }
    var events = new NewEvents(state, now, null);
    var diagnostics = new DiagnosticRules.Adding(state, state.runtime().orElseThrow(), maxDiagnostics);
    untold.cut().forEach(evidence -> diagnostics.add(Diagnostic.Code.LOG_TAIL_TRUNCATED,
        "the journal's end was torn and is cut; its bytes are in quarantine as " + evidence, null, now));
    for (WorkerId worker : untold.damaged()) {
      events.add(worker, EventName.WORKER_QUARANTINED, Json.EMPTY_OBJECT);
      diagnostics.add(Diagnostic.Code.WORKER_SNAPSHOT_IGNORED, "its data are damaged, so it is quarantined", worker,
          now);
    }
    untold.gaps().forEach(gap -> diagnostics.add(Diagnostic.Code.EVENT_RANGE_DAMAGED,
        "events " + gap.fromId() + " to " + gap.toId() + " are lost", null, now));
    List<Change> changes = new ArrayList<>();
    for (WorkerId worker : untold.whole()) {
      long event = events.add(worker, EventName.WORKER_RECOVERED, Json.EMPTY_OBJECT, null);
      state.worker(worker).ifPresent(known -> changes.add(new WorkerChange.Moved(known.at(event))));
    }
    changes.addAll(diagnostics.changes());
    changes.add(new WorkerChange.RuntimePut(diagnostics.runtime()));
    changes.addAll(events.changes());
    return Decision.done(untold, changes);
  }
}
