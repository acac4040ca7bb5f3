package dev.holdfast.domain.integrity.pruning;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.workers.DiagnosticRules;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.retention.Pruned;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Making true what a survey has found, in units of work of which none is large, and each of which leaves a store as whole as it
 * was (spec I-90): one that was stopped between two of them is gone on with by pruning again.
 */
public final class PruneRules {
  /** The most diagnostics of one unit. */
  public static final int DIAGNOSTICS = 1_024;

  private PruneRules() {}

  /** The range of events that a prune took, or null for both. */
  public record Range(@Nullable Long fromId, @Nullable Long toId) {
    public static final Range NONE = new Range(null, null);
  }

  /** Of one worker, as a unit of work touches no two (spec I-1). */
  public static Decision<Boolean> ofWorker(State state, Pruned found) {
    Pruned known = state.pruned(found.worker());
    Pruned next = known.and(found);
    return next.equals(known)
        ? Decision.unchanged(false)
        : Decision.done(true, List.of(new WorkerChange.PrunedPut(next)));
  }

  /**
   * The oldest diagnostics before an instant.
   *
   * @return whether there may be more
   */
  public static Decision<Boolean> ofDiagnostics(State state, Instant before) {
    var age = new Age(state, before);
    List<Long> old = PruneSurvey.prefix(state.diagnostics(0, DIAGNOSTICS, null, null), age::isOver).stream()
        .map(diagnostic -> diagnostic.id()).toList();
    return old.isEmpty()
        ? Decision.unchanged(false)
        : Decision.done(old.size() == DIAGNOSTICS, DiagnosticRules.drop(state, old));
  }

  /** The events that a prune takes. */
  public static Range range(State state, Prunable found) {
    long last = state.lastPrunedEvent();
    return found.eventsUpTo() > last ? new Range(last + 1, found.eventsUpTo()) : Range.NONE;
  }

  /** What belongs to no worker, and the event that tells of the whole prune; nothing where it found nothing. */
  public static Decision<Range> ofRuntime(State state, Prunable found, @Nullable String actor, Instant now) {
    if (found.counts().isNothing() && found.workers().isEmpty()) {
      return Decision.unchanged(Range.NONE);
    }
    List<Change> changes = new ArrayList<>();
    Range range = range(state, found);
    if (range.toId() != null) {
      changes.add(new EventChange.Pruned(found.eventsUpTo()));
    }
    if (found.auditUpTo().seq() > state.auditAnchor().seq()) {
      changes.add(new AccessChange.AuditPruned(found.auditUpTo()));
    }
    var events = new NewEvents(state, now, actor);
    Json counts = found.counts().json();
    events.add(null, EventName.STORE_PRUNED, range.fromId() == null
        ? Json.object("counts", counts)
        : Json.object("counts", counts, "from_id", range.fromId(), "to_id", range.toId()), null);
    changes.addAll(events.changes());
    return Decision.done(range, changes);
  }
}
