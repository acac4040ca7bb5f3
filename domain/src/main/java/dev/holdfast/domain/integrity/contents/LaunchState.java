package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.workers.WorkerStatus;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far the node's present run has come.
 *
 * @param backend memory, filesystem or sqlite
 * @param workers by id, each once
 * @param journalLow number of the last frame that the journal is known to have, 0 for none
 */
public record LaunchState(
    String backend, RuntimeId runtime, String runId, String capabilitySnapshotId, Aggregate aggregate,
    List<WorkerStanding> workers, long journalLow, AuditHead auditHead) {
  private static final Set<String> DURABLE = Set.of("filesystem", "sqlite");

  public LaunchState {
    Texts.requireText(backend, 100, "a backend");
    Texts.requireText(runId, 200, "a run id");
    Texts.requireText(capabilitySnapshotId, 200, "a capability snapshot id");
    Texts.requireAtLeast(journalLow, 0, "a frame number");
    var byId = new TreeMap<WorkerId, WorkerStanding>();
    workers.forEach(worker -> {
      if (byId.put(worker.id(), worker) != null) {
        throw new IllegalArgumentException("twice: " + worker.id());
      }
    });
    workers = List.copyOf(byId.values());
  }

  /** What the node as a whole is doing. */
  public enum Aggregate {
    LAUNCHING,
    READY,
    DRAINING,
    STOPPED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public record WorkerStanding(WorkerId id, WorkerStatus status) {
    Json json() {
      return Json.object("worker_id", id.value(), "status", status.text());
    }

    static WorkerStanding read(JsonMembers members) {
      return new WorkerStanding(members.parsed("worker_id", WorkerId::parse),
          members.constant("status", WorkerStatus.class));
    }
  }

  /** Whether what the stores hold outlives the process. */
  public boolean isDurable() {
    return DURABLE.contains(backend);
  }

  public LaunchState in(Aggregate next) {
    return new LaunchState(backend, runtime, runId, capabilitySnapshotId, next, workers, journalLow, auditHead);
  }

  public Json json() {
    return Json.object("backend", backend, "runtime_id", runtime.value(), "run_id", runId, "capability_snapshot_id",
        capabilitySnapshotId, "aggregate_state", aggregate.text(), "workers",
        workers.stream().map(WorkerStanding::json).toList(), "journal_low", journalLow, "audit_head",
        Json.object("seq", auditHead.seq(), "mac", auditHead.mac()));
  }

  /** The inverse of {@link #json}. */
  public static LaunchState read(JsonMembers members) {
    String backend = members.text("backend");
    RuntimeId runtime = members.parsed("runtime_id", RuntimeId::new);
    String runId = members.text("run_id");
    String capabilities = members.text("capability_snapshot_id");
    Aggregate aggregate = members.constant("aggregate_state", Aggregate.class);
    List<WorkerStanding> workers = members.objects("workers", WorkerStanding::read);
    long journalLow = members.whole("journal_low");
    JsonMembers head = members.object("audit_head");
    var auditHead = new AuditHead(head.whole("seq"), head.text("mac"));
    head.end();
    members.end();
    return members.checked("workers", () -> new LaunchState(backend, runtime, runId, capabilities, aggregate, workers,
        journalLow, auditHead));
  }
}
