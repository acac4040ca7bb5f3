package dev.holdfast.application.workers;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.RuntimeState;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The runtime as a whole: what it is, stopping and starting it, its diagnostics (spec W-41, W-42). */
public final class RuntimeCatalogue {
  private final UnitsOfWork units;
  private final String backend;
  private final InstantSource clock;

  public RuntimeCatalogue(UnitsOfWork units, Store store, InstantSource clock) {
    this.units = units;
    this.backend = store.backend();
    this.clock = clock;
  }

  public record Summary(RuntimeState runtime, String backend, long lastEventId) {}

  public Summary summary() {
    return units.read(state -> new Summary(state.runtime().orElseThrow(), backend, state.lastEventId()));
  }

  /** @param actor the id of the caller's key */
  public Outcome<RuntimeState> stop(Audited call, @Nullable String actor, @Nullable String note) {
    return units.write(call, runtime -> runtime.id().value(),
        state -> LifecycleRules.stopRuntime(state, actor, note, clock.instant()));
  }

  /** Parameters as in {@link #stop}. */
  public Outcome<RuntimeState> start(Audited call, @Nullable String actor, @Nullable String note) {
    return units.write(call, runtime -> runtime.id().value(),
        state -> LifecycleRules.startRuntime(state, actor, note, clock.instant()));
  }

  /** Null filters let everything through. */
  public Outcome<Page<Diagnostic>> diagnostics(
      Listing page, Diagnostic.@Nullable Severity severity, @Nullable WorkerId worker) {
    if (page.refusal() != null) {
      return page.refusal().as();
    }
    return units.read(state -> new Outcome.Done<>(Page.of(
        state.diagnostics(page.start(), page.size() + 1, severity, worker), page.size(),
        diagnostic -> Long.toString(diagnostic.id()))));
  }
}
