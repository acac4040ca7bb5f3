package dev.holdfast.domain.integrity.contents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.integrity.records.ProviderRecords;
import dev.holdfast.domain.integrity.recovery.Invariants;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Reading;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.RelayRows;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.workers.WorkerStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RunContentsTest extends StoreSuite {
  private static final Identities RUN = HealthyContents.identities(2);
  private static final RunContents CONTENTS = new RunContents(RUN, "filesystem", 3, 9);

  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }

  private SequencedMap<Descriptor, Json> contents() {
    var beside = new RunContents.Beside(LaunchState.Aggregate.LAUNCHING, LaunchRules.begin(null, RUN.runId()),
        HealthyContents.CAPABILITIES, JournalIndex.EMPTY);
    return read(state -> CONTENTS.of(state, beside));
  }

  @Test
  @DisplayName("all stores are there in their order, keep their rules, and break no invariant between them")
  void whole() {
    openRuntime();
    worker();
    end(worker(), LifecycleRules.Ending.STOP);

    SequencedMap<Descriptor, Json> contents = contents();

    assertEquals(Descriptors.ALL, List.copyOf(contents.keySet()));
    contents.forEach((store, data) -> assertInstanceOf(Reading.Valid.class,
        Reading.of(Schemas.of(store), Envelope.of(1, START, data).bytes()), store.schemaName()));
    assertEquals(List.of(), Invariants.broken(Contents.read(contents), RUN.runId(), 9));
  }

  @Test
  @DisplayName("launch state tells each worker's status, the session index where its session stands")
  void told() {
    openRuntime();
    WorkerId running = worker();
    WorkerId stopped = worker();
    send(running, "hello");
    end(stopped, LifecycleRules.Ending.STOP);

    LaunchState launch = read(state -> CONTENTS.launchState(state, LaunchState.Aggregate.READY));
    SessionIndex sessions = read(CONTENTS::sessions);

    assertEquals(List.of(new LaunchState.WorkerStanding(running, WorkerStatus.RUNNING),
        new LaunchState.WorkerStanding(stopped, WorkerStatus.STOPPED)), launch.workers());
    assertEquals(RUN.runId(), launch.runId());
    assertEquals(9, launch.journalLow());
    long length = read(state -> state.worker(running).orElseThrow().transcriptLength());
    assertEquals(length, sessions.session(running).orElseThrow().transcriptLength());
    long lastEvent = read(state -> state.lastEventId());
    assertEquals(lastEvent, read(CONTENTS::revision).lastEventId());
  }

  @Test
  @DisplayName("the task ledger has the open tasks as pending ones of the run, the provider table the virtual providers")
  void relay() {
    openRuntime();
    for (InferenceTask task : RelayRows.inEveryState(START)) {
      put(new TaskChange.Put(task));
    }
    put(new ProviderChange.VirtualPut(RelayRows.served("v", 'a', START)),
        new ProviderChange.PublicPut(RelayRows.plain("p", START)));

    SequencedMap<Descriptor, Json> contents = contents();

    TaskLedger ledger = TaskLedger.read(JsonMembers.of(Objects.requireNonNull(contents.get(Descriptors.TASK_LEDGER))));
    assertEquals(List.of(1, 2, 3).stream().map(number -> new TaskLedger.Task(RelayRows.taskId(number), 1, RUN.runId(),
        TaskLedger.Status.PENDING)).toList(), ledger.tasks());
    SoftTable table =
        SoftTable.read(JsonMembers.of(Objects.requireNonNull(contents.get(Descriptors.PROVIDER_TABLE))));
    assertEquals(Map.of("v", ProviderRecords.VIRTUAL.json(RelayRows.served("v", 'a', START))), table.records());
    assertEquals(List.of(), Invariants.broken(Contents.read(contents), RUN.runId(), 9));
  }
}
