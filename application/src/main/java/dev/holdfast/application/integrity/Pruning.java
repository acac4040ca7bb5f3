package dev.holdfast.application.integrity;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.pruning.Prunable;
import dev.holdfast.domain.integrity.pruning.PruneCounts;
import dev.holdfast.domain.integrity.pruning.PruneRequest;
import dev.holdfast.domain.integrity.pruning.PruneRules;
import dev.holdfast.domain.integrity.pruning.PruneSurvey;
import dev.holdfast.domain.workers.retention.Pruned;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Retention (spec I-90): looks how far each prefix goes, some rows at a time beside everybody else's work, and then makes it
 * true in units of work of which none is large. Stopped between two of them it is gone on with by pruning again.
 */
public final class Pruning {
  private final UnitsOfWork units;
  private final InstantSource clock;

  public Pruning(UnitsOfWork units, InstantSource clock) {
    this.units = units;
    this.clock = clock;
  }

  /**
   * What was pruned, or would be.
   *
   * @param range of the events among it
   */
  public record Result(PruneCounts counts, PruneRules.Range range) {}

  /** What would be pruned; nothing is changed. Refused as invalid_request when nothing is named. */
  public Outcome<Result> preview(PruneRequest request) {
    if (request.isEmpty()) {
      return Outcome.refused(Reason.INVALID_REQUEST, "field", "events_before");
    }
    Prunable found = found(request);
    return new Outcome.Done<>(units.read(
        state -> new Result(found.counts(), PruneRules.range(state, found))));
  }

  /**
   * Prunes. The call's record and the event {@code store.pruned} become durable with the last unit.
   *
   * @param actor the id of the caller's key
   */
  public Outcome<Result> prune(Audited call, PruneRequest request, @Nullable String actor) {
    if (request.isEmpty()) {
      return Outcome.refused(Reason.INVALID_REQUEST, "field", "events_before");
    }
    Prunable found = found(request);
    for (Pruned marks : found.workers()) {
      units.write(state -> PruneRules.ofWorker(state, marks)).orThrow();
    }
    Instant diagnostics = request.diagnosticsBefore();
    boolean more = diagnostics != null;
    while (more && diagnostics != null) {
      more = units.write(state -> PruneRules.ofDiagnostics(state, diagnostics)).orThrow();
    }
    String target = "events:" + found.eventsUpTo() + ",audit:" + found.auditUpTo().seq();
    return units.write(call, target, state -> PruneRules.ofRuntime(state, found, actor, clock.instant()))
        .map(range -> new Result(found.counts(), range));
  }

  private Prunable found(PruneRequest request) {
    var survey = new PruneSurvey(request);
    boolean more = true;
    while (more) {
      more = units.read(survey::look);
    }
    return survey.found();
  }
}
