package dev.holdfast.domain.integrity.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.integrity.contents.CapabilitySnapshot;
import dev.holdfast.domain.integrity.contents.Contents;
import dev.holdfast.domain.integrity.contents.EngineTable;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.contents.LaunchRules;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.SessionIndex;
import dev.holdfast.domain.integrity.contents.TaskLedger;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InvariantsTest {
  private static final Identities PRESENT = HealthyContents.identities(3);
  private static final String RUN = "epoch-3";
  private static final String OLD = "epoch-2";

  private SequencedMap<Descriptor, Json> stores = HealthyContents.of(PRESENT);

  @BeforeEach
  void healthy() {
    stores = HealthyContents.of(PRESENT);
  }

  private List<Finding> broken(@Nullable String activeRun) {
    return Invariants.broken(Contents.read(stores), activeRun, HealthyContents.JOURNAL_END);
  }

  private List<Finding> broken() {
    return broken(RUN);
  }

  private void put(Descriptor store, Json data) {
    stores.put(store, data);
  }

  @Test
  @DisplayName("a healthy store breaks none")
  void none() {
    assertEquals(List.of(), broken());
  }

  @Test
  @DisplayName("I-51 a launch state of another run than the manifest's, or beside a manifest of none")
  void run() {
    assertEquals(List.of(Finding.of(Reason.LAUNCH_STATE_RUN_MISMATCH, null)), broken(OLD));
    assertEquals(List.of(Finding.of(Reason.LAUNCH_STATE_RUN_MISMATCH, null)), broken(null));
  }

  @Test
  @DisplayName("I-52 capabilities that are others than the launch state's, or are missing")
  void capabilities() {
    stores.remove(Descriptors.CAPABILITY_SNAPSHOT);
    assertEquals(List.of(Finding.of(Reason.LAUNCH_STATE_CAPABILITY_MISMATCH, null)), broken());
  }

  @Test
  @DisplayName("I-A7 a running worker without a session record: exactly worker_session_missing with the worker")
  void session() {
    put(Descriptors.SESSION_INDEX, SessionIndex.EMPTY.json());
    assertEquals(List.of(Finding.of(Reason.WORKER_SESSION_MISSING, "worker-00000001")), broken());
  }

  @Test
  @DisplayName("I-53 a session of another runtime, worker or run is none")
  void otherSession() {
    var missing = List.of(Finding.of(Reason.WORKER_SESSION_MISSING, "worker-00000001"));
    var runtime = new RuntimeId("rt-other");
    List<SessionIndex.Position> others = List.of(
        new SessionIndex.Position(runtime, HealthyContents.RUNNING, RUN, 0, 0, 0, null),
        new SessionIndex.Position(HealthyContents.RUNTIME, HealthyContents.STOPPED, RUN, 0, 0, 0, null),
        new SessionIndex.Position(HealthyContents.RUNTIME, HealthyContents.RUNNING, OLD, 0, 0, 0, null));
    for (SessionIndex.Position other : others) {
      put(Descriptors.SESSION_INDEX, SessionIndex.of(0, List.of(other)).json());
      assertEquals(missing, broken());
    }
  }

  private static Json tasks(String run, TaskLedger.Status status) {
    return new TaskLedger(0, List.of(new TaskLedger.Task("task-7", 1, run, status))).json();
  }

  private static Json engines(String run, EngineTable.Status status) {
    return new EngineTable(0, List.of(new EngineTable.Engine("engine-7", 1L, "then", run, status))).json();
  }

  @Test
  @DisplayName("I-54 a task of another run is stale unless it is committed")
  void task() {
    for (TaskLedger.Status status : TaskLedger.Status.values()) {
      put(Descriptors.TASK_LEDGER, tasks(OLD, status));
      assertEquals(status == TaskLedger.Status.COMMITTED
          ? List.of()
          : List.of(Finding.of(Reason.STALE_TASK_RECORD, "task-7")), broken());
      put(Descriptors.TASK_LEDGER, tasks(RUN, status));
      assertEquals(List.of(), broken());
    }
  }

  @Test
  @DisplayName("I-55 an engine of another run is stale while it is starting, ready or draining")
  void engine() {
    var live = List.of(EngineTable.Status.STARTING, EngineTable.Status.READY, EngineTable.Status.DRAINING);
    for (EngineTable.Status status : EngineTable.Status.values()) {
      put(Descriptors.ENGINE_TABLE, engines(OLD, status));
      assertEquals(live.contains(status)
          ? List.of(Finding.of(Reason.STALE_ENGINE_RECORD, "engine-7"))
          : List.of(), broken());
      put(Descriptors.ENGINE_TABLE, engines(RUN, status));
      assertEquals(List.of(), broken());
    }
  }

  @Test
  @DisplayName("I-56 a launch that is under way beside a launch state that is ready, and only then")
  void launch() {
    put(Descriptors.LAUNCH_TRANSACTION, LaunchRules.begin(null, RUN).json());
    assertEquals(List.of(Finding.of(Reason.LAUNCH_TRANSACTION_CONFLICT, null)), broken());
    put(Descriptors.LAUNCH_STATE,
        HealthyContents.launchState(PRESENT).in(LaunchState.Aggregate.LAUNCHING).json());
    assertEquals(List.of(), broken());
  }

  @Test
  @DisplayName("I-57 each store that tells of a frame behind the journal's end")
  void ahead() {
    List<Finding> broken = Invariants.broken(Contents.read(stores), RUN, 7);
    assertEquals(List.of("holdfast.session_index", "holdfast.task_ledger", "holdfast.provider_table",
        "holdfast.engine_table", "holdfast.artifact_index", "holdfast.journal_index"),
        broken.stream().map(Finding::subject).toList());
    assertEquals(Finding.of(Reason.JOURNAL_POSITION_AHEAD, "holdfast.launch_state"),
        Invariants.broken(Contents.read(stores), RUN, 6).getFirst());
  }

  @Test
  @DisplayName("I-A8 four conflicts at once, told in their order")
  void four() {
    put(Descriptors.CAPABILITY_SNAPSHOT, CapabilitySnapshot.of(new TreeSet<>(List.of("other")), new TreeMap<>(),
        List.of(), HealthyContents.CAPABILITIES.machine()).json());
    put(Descriptors.TASK_LEDGER, tasks(OLD, TaskLedger.Status.PENDING));
    put(Descriptors.ENGINE_TABLE, engines(OLD, EngineTable.Status.READY));
    put(Descriptors.LAUNCH_TRANSACTION, LaunchRules.begin(null, RUN).json());
    assertEquals(List.of(Finding.of(Reason.LAUNCH_STATE_CAPABILITY_MISMATCH, null),
        Finding.of(Reason.STALE_TASK_RECORD, "task-7"), Finding.of(Reason.STALE_ENGINE_RECORD, "engine-7"),
        Finding.of(Reason.LAUNCH_TRANSACTION_CONFLICT, null)), broken());
  }

  @Test
  @DisplayName("nothing is asked of a backend that keeps nothing, nor without a launch state")
  void notKept() {
    stores.remove(Descriptors.CAPABILITY_SNAPSHOT);
    String text = HealthyContents.launchState(PRESENT).json().text();
    put(Descriptors.LAUNCH_STATE, Json.canonical(text.replace("\"filesystem\"", "\"memory\"")));
    assertEquals(List.of(), broken(OLD));
    stores.remove(Descriptors.LAUNCH_STATE);
    assertEquals(List.of(), broken(OLD));
  }
}
