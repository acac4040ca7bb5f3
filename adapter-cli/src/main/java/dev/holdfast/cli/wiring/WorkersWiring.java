package dev.holdfast.cli.wiring;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.turns.TurnExecutor;
import dev.holdfast.application.workers.RuntimeCatalogue;
import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.profiles.Profiles;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.InstantSource;

/** The runtime and its workers, within the limits that the node's configuration sets (spec workers §9). */
@Factory
final class WorkersWiring {

  @Singleton
  WorkerLimits workerLimits(
      @Value("${holdfast.limits.max-workers:0}") int workers,
      @Value("${holdfast.limits.max-input-bytes:0}") int inputBytes,
      @Value("${holdfast.limits.max-pending-inputs:0}") int pendingInputs,
      @Value("${holdfast.limits.max-queued-work:0}") int queuedWork,
      @Value("${holdfast.limits.max-diagnostics:0}") int diagnostics) {
    WorkerLimits usual = WorkerLimits.DEFAULT;
    return new WorkerLimits(
        workers > 0 ? workers : usual.maxWorkers(),
        inputBytes > 0 ? inputBytes : usual.maxInputBytes(),
        pendingInputs > 0 ? pendingInputs : usual.maxPendingInputs(),
        queuedWork > 0 ? queuedWork : usual.maxQueuedWork(),
        diagnostics > 0 ? diagnostics : usual.maxDiagnostics());
  }

  @Singleton
  RuntimeCatalogue runtimeCatalogue(UnitsOfWork units, Store store, InstantSource clock) {
    return new RuntimeCatalogue(units, store, clock);
  }

  @Singleton
  WorkerCatalogue workerCatalogue(
      UnitsOfWork units, WorkerLimits limits, Profiles profiles, InstantSource clock, TurnExecutor executor) {
    return new WorkerCatalogue(units, new WorkerRules.Terms(limits, profiles), clock, executor::settleIfDue);
  }

  /** Canonical JSON of names and profiles; see {@link Node#open} for its dollar signs. */
  @Singleton
  Profiles profiles(@Value("${holdfast.profiles:}") String json) {
    try {
      return json.isEmpty() ? Profiles.NONE : Profiles.read(Json.parse(json));
    } catch (JsonException | JsonMembers.Mismatch e) {
      throw Refusal.of(Reason.INVALID_REQUEST, "the configuration's profiles are not valid: " + e.getMessage());
    }
  }
}
