package dev.holdfast.domain.workers;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.relay.ProviderReads;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of the catalogue: opening a runtime, creating a worker, finding one (spec W-30, W-32, W-34). */
public final class WorkerRules {
  private WorkerRules() {}

  /**
   * Who calls, and by which key they may repeat the call.
   *
   * @param models the names of the models that the caller sees; empty for all (spec A-22)
   */
  public record Caller(
      String subject, @Nullable String keyId, @Nullable String idempotencyKey, List<String> models) {

    /** One who sees all models. */
    public Caller(String subject, @Nullable String keyId, @Nullable String idempotencyKey) {
      this(subject, keyId, idempotencyKey, List.of());
    }
  }

  /** The first event of a new runtime is its start. An existing runtime is only looked at, never changed (spec W-10). */
  public static <S extends WorkerReads & EventReads> Decision<RuntimeState> open(
      S state, RuntimeId freshId, @Nullable String displayName, RuntimeLimits limits, Instant now) {
    Optional<RuntimeState> existing = state.runtime();
    if (existing.isPresent()) {
      return Decision.unchanged(existing.get());
    }
    long eventId = state.lastEventId() + 1;
    var runtime = new RuntimeState(freshId, displayName, limits, RuntimeStatus.RUNNING, eventId, 0,
        RuntimeState.WorkerCounts.NONE, RuntimeState.DiagnosticCounts.NONE, now);
    var started = new Event(eventId, null, EventName.RUNTIME_STARTED, now, null, Json.EMPTY_OBJECT, null);
    return Decision.done(runtime,
        List.of(new WorkerChange.RuntimePut(runtime), new EventChange.Appended(started)));
  }

  /** What a node's configuration says about new workers. */
  public record Terms(WorkerLimits limits, Profiles profiles) {}

  /** As {@link #create(WorkerReads, CreateWorker, Caller, Terms, Instant)}, on a node without profiles. */
  public static <S extends WorkerReads & EventReads & ProviderReads> Decision<Worker> create(
      S state, CreateWorker request, Caller caller, WorkerLimits limits, Instant now) {
    return create(state, request, caller, new Terms(limits, Profiles.NONE), now);
  }

  /**
   * A worker is owned by its caller's subject. Where the caller doesn't see all models, the worker keeps the one that it has
   * now, so that no later default or profile gives it one that its maker may not use (spec A-22).
   */
  public static <S extends WorkerReads & EventReads & ProviderReads> Decision<Worker> create(
      S state, CreateWorker request, Caller caller, Terms terms, Instant now) {
    String scope = "create-worker " + caller.subject();
    String fingerprint = CreateWorkerJson.write(request).fingerprint();
    if (caller.idempotencyKey() != null) {
      Optional<Remembered> known = state.remembered(scope, caller.idempotencyKey()).filter(r -> r.countsAt(now));
      if (known.isPresent()) {
        return known.get().fingerprint().equals(fingerprint)
            ? Decision.replayed(state.worker(WorkerId.parse(known.get().object())).orElseThrow())
            : Decision.refused(
                Outcome.refused(Reason.IDEMPOTENCY_CONFLICT, "existing_worker_id", known.get().object()));
      }
    }
    RuntimeState runtime = state.runtime().orElseThrow();
    if (runtime.status() == RuntimeStatus.STOPPED) {
      return Decision.refused(Reason.RUNTIME_STOPPED);
    }
    String wrong = wrongField(request);
    if (wrong != null) {
      return Decision.refused(Outcome.invalid(wrong));
    }
    int most = terms.limits().maxWorkers();
    if (runtime.counts().total() >= most) {
      return Decision.refused(Outcome.refused(Reason.WORKER_LIMIT_REACHED, "max", most));
    }
    if (caller.models().isEmpty()) {
      return created(state, runtime, request, caller, terms, now, scope, fingerprint);
    }
    String model = model(state, request, terms);
    return model == null || !caller.models().contains(model)
        ? Decision.refused(Reason.MODEL_NOT_FOUND)
        : created(state, runtime, request.withModel(model), caller, terms, now, scope, fingerprint);
  }

  private static @Nullable String model(ProviderReads state, CreateWorker request, Terms terms) {
    String ofProfile = terms.profiles().resolve(request.profile()).model();
    if (request.model() != null) {
      return request.model();
    }
    return ofProfile == null ? state.defaultModel().orElse(null) : ofProfile;
  }

  @SuppressWarnings("checkstyle:ParameterNumber")
  private static <S extends WorkerReads & EventReads> Decision<Worker> created(
      S state, RuntimeState runtime, CreateWorker request, Caller caller, Terms terms, Instant now,
      String scope, String fingerprint) {
    long eventId = state.lastEventId() + 1;
    var id = new WorkerId(runtime.lastWorkerNumber() + 1);
    var worker = new Worker(id, caller.subject(), WorkerStatus.RUNNING, request.intent(), request.profile(),
        request.model(), request.execution(), request.capabilities().size(), request.configBundle() != null, 0,
        eventId, now);
    List<Change> changes = new ArrayList<>();
    changes.add(new WorkerChange.Created(worker, request));
    changes.add(new EventChange.Appended(
        new Event(eventId, id, EventName.WORKER_CREATED, now, caller.keyId(), Json.EMPTY_OBJECT, null)));
    var diagnostics =
        new DiagnosticRules.Adding(state, runtime.withWorker(id.number()), terms.limits().maxDiagnostics());
    if (request.configBundle() == null) {
      diagnostics.add(Diagnostic.Code.LOCAL_DEFAULT_RESOURCES, "no config bundle: the runtime's defaults apply", id,
          now);
    }
    if (request.capabilities().isEmpty()) {
      diagnostics.add(Diagnostic.Code.TOOLS_LESS, "no capabilities: the worker has no tools", id, now);
    }
    if (!terms.profiles().has(request.profile())) {
      diagnostics.add(Diagnostic.Code.PROFILE_UNRESOLVED, "unknown profile: the runtime's default is used", id, now);
    }
    changes.addAll(diagnostics.changes());
    changes.add(new WorkerChange.RuntimePut(diagnostics.runtime()));
    if (caller.idempotencyKey() != null) {
      changes.add(new WorkerChange.KeyRemembered(
          new Remembered(scope, caller.idempotencyKey(), fingerprint, id.value(), now)));
    }
    return Decision.done(worker, changes);
  }

  private static @Nullable String wrongField(CreateWorker request) {
    if (request.intent() instanceof WorkerIntent.Task(String objective) && objective.isBlank()) {
      return "intent.objective";
    }
    if (request.intent() instanceof WorkerIntent.Role(String role, _) && role.isBlank()) {
      return "intent.role";
    }
    for (int i = 0; i < request.capabilities().size(); i++) {
      if (request.capabilities().get(i).name().isBlank()) {
        return "requested_capabilities[" + i + "].name";
      }
    }
    String workspace = wrongReference("workspace_refs", request.workspaces());
    return workspace != null ? workspace : wrongReference("mount_refs", request.mounts());
  }

  private static @Nullable String wrongReference(String list, List<CreateWorker.Reference> references) {
    for (int i = 0; i < references.size(); i++) {
      if (references.get(i).name().isBlank()) {
        return list + "[" + i + "].name";
      }
    }
    return null;
  }

  /**
   * The worker that a caller means: of this runtime, and within the caller's reach. Another subject's worker answers as an
   * unknown one (spec A-12, W-1).
   *
   * @param asked the runtime that the caller named, or null when it named none
   */
  public static Outcome<Worker> find(WorkerReads state, @Nullable RuntimeId asked, WorkerId id, Reach reach) {
    RuntimeId actual = state.runtime().orElseThrow().id();
    if (asked != null && !asked.equals(actual)) {
      return new Outcome.Refused<>(Reason.WRONG_RUNTIME, Map.of("expected", actual.value(), "actual", asked.value()));
    }
    Optional<Worker> worker = state.worker(id).filter(reach::covers);
    return worker.isPresent() ? new Outcome.Done<>(worker.get()) : Outcome.refused(Reason.WORKER_NOT_FOUND);
  }

  /** As {@link #find(WorkerReads, RuntimeId, WorkerId, Reach)}, for a caller that reaches all of that subject's, or all. */
  public static Outcome<Worker> find(
      WorkerReads state, @Nullable RuntimeId asked, WorkerId id, @Nullable String subject) {
    return find(state, asked, id, Reach.of(subject));
  }

  /** Why a worker takes no inputs or queued work; null when it does. */
  public static Outcome.@Nullable Refused<?> refusalOfWork(Worker worker) {
    return switch (worker.status()) {
      case STOPPED, CANCELLED ->
        Outcome.refused(Reason.WORKER_NOT_RUNNING, "worker_status", worker.status().text());
      case QUARANTINED -> Outcome.refused(Reason.WORKER_QUARANTINED);
      case RUNNING -> null;
    };
  }
}
