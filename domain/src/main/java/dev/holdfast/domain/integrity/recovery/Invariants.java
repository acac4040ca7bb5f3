package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.contents.CapabilitySnapshot;
import dev.holdfast.domain.integrity.contents.Contents;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.LaunchState.WorkerStanding;
import dev.holdfast.domain.integrity.contents.LaunchTransaction;
import dev.holdfast.domain.integrity.contents.TaskLedger;
import dev.holdfast.domain.workers.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What must be true between the stores, each healthy in itself (spec I-51 to I-57). */
public final class Invariants {
  private Invariants() {}

  /** As {@link #broken(Contents, String, long)}, of what there was to see; none where the lists can't be read. */
  public static List<Finding> broken(Survey survey, long journalEnd) {
    return survey instanceof Survey.Read read
        ? broken(read.contents(), read.active() == null ? null : read.active().runId(), journalEnd)
        : List.of();
  }

  /**
   * All that are broken, in the order of their ids; none without a launch state of a backend that keeps things.
   *
   * @param activeRun of the manifest; null before the first batch
   * @param journalEnd number of the last frame that the journal has, 0 for none; Long.MAX_VALUE for a backend without one
   */
  public static List<Finding> broken(Contents contents, @Nullable String activeRun, long journalEnd) {
    LaunchState launch = contents.launchState();
    List<Finding> broken = new ArrayList<>();
    if (launch == null || !launch.isDurable()) {
      return broken;
    }
    if (!launch.runId().equals(activeRun)) {
      broken.add(Finding.of(Reason.LAUNCH_STATE_RUN_MISMATCH, null));
    }
    CapabilitySnapshot capabilities = contents.capabilities();
    if (!Objects.equals(launch.capabilitySnapshotId(), capabilities == null ? null : capabilities.id())) {
      broken.add(Finding.of(Reason.LAUNCH_STATE_CAPABILITY_MISMATCH, null));
    }
    launch.workers().stream().filter(worker -> worker.status() == WorkerStatus.RUNNING)
        .filter(worker -> !hasSession(contents, launch, worker))
        .forEach(worker -> broken.add(Finding.of(Reason.WORKER_SESSION_MISSING, worker.id().value())));
    contents.tasks().tasks().stream()
        .filter(task -> !task.runId().equals(launch.runId()) && task.status() != TaskLedger.Status.COMMITTED)
        .forEach(task -> broken.add(Finding.of(Reason.STALE_TASK_RECORD, task.id())));
    contents.engines().engines().stream()
        .filter(engine -> !engine.runId().equals(launch.runId()) && engine.status().isLive())
        .forEach(engine -> broken.add(Finding.of(Reason.STALE_ENGINE_RECORD, engine.id())));
    LaunchTransaction transaction = contents.launch();
    if (transaction != null && transaction.status() == LaunchTransaction.Status.ACTIVE
        && launch.aggregate() == LaunchState.Aggregate.READY) {
      broken.add(Finding.of(Reason.LAUNCH_TRANSACTION_CONFLICT, null));
    }
    contents.frames().forEach((store, frame) -> {
      if (frame > journalEnd) {
        broken.add(Finding.of(Reason.JOURNAL_POSITION_AHEAD, store.schemaName()));
      }
    });
    return List.copyOf(broken);
  }

  private static boolean hasSession(Contents contents, LaunchState launch, WorkerStanding worker) {
    return contents.sessions().session(worker.id()).filter(session -> session.runtime().equals(launch.runtime())
        && session.runId().equals(launch.runId())).isPresent();
  }
}
