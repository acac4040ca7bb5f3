package dev.holdfast.domain.integrity.contents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.integrity.stores.Criticality;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Reading;
import dev.holdfast.domain.integrity.stores.RebuildStrategy;
import dev.holdfast.domain.integrity.stores.StoreOwner;
import dev.holdfast.domain.workers.WorkerStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemasTest {
  private static final Map<Descriptor, Json> HEALTHY = HealthyContents.of(HealthyContents.identities(3));

  static Stream<Descriptor> stores() {
    return Descriptors.ALL.stream();
  }

  private static Reading read(Descriptor store, Json data) {
    return Reading.of(Schemas.of(store), Envelope.of(1, HealthyContents.NOW, data).bytes());
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("each store's content is taken as it is written, and with one member more or less it isn't")
  @MethodSource("stores")
  void strict(Descriptor store) {
    Json data = Objects.requireNonNull(HEALTHY.get(store));
    assertInstanceOf(Reading.Valid.class, read(store, data));
    String text = data.text();
    assertInstanceOf(Reading.Broken.class, read(store, Json.parse("{\"other\":1," + text.substring(1))));
    assertInstanceOf(Reading.Broken.class, read(store, Json.EMPTY_OBJECT));
    assertInstanceOf(Reading.Broken.class, read(store, Json.of(List.of())));
  }

  @Test
  @DisplayName("what is written reads as it was")
  void readBack() {
    assertReadsBack(Descriptors.LAUNCH_STATE, members -> LaunchState.read(members).json());
    assertReadsBack(Descriptors.SESSION_INDEX, members -> SessionIndex.read(members).json());
    assertReadsBack(Descriptors.LAUNCH_TRANSACTION, members -> LaunchTransaction.read(members).json());
    assertReadsBack(Descriptors.TASK_LEDGER, members -> TaskLedger.read(members).json());
    assertReadsBack(Descriptors.PROVIDER_TABLE, members -> SoftTable.read(members).json());
    assertReadsBack(Descriptors.ENGINE_TABLE, members -> EngineTable.read(members).json());
    assertReadsBack(Descriptors.CAPABILITY_SNAPSHOT, members -> CapabilitySnapshot.read(members).json());
    assertReadsBack(Descriptors.REVISION, members -> Revision.read(members).json());
    assertReadsBack(Descriptors.ARTIFACT_INDEX, members -> ArtifactIndex.read(members).json());
    assertReadsBack(Descriptors.JOURNAL_INDEX, members -> JournalIndex.read(members).json());
    assertReadsBack(Descriptors.DIAGNOSTICS, members -> SoftTable.read(members).json());
  }

  private static void assertReadsBack(Descriptor store, Function<JsonMembers, Json> again) {
    Json data = Objects.requireNonNull(HEALTHY.get(store));
    assertEquals(data, again.apply(JsonMembers.of(data)));
  }

  @Test
  @DisplayName("one thing told twice, a hole between segments, a checkpoint out of order: each is refused")
  void rules() {
    var worker = new LaunchState.WorkerStanding(HealthyContents.RUNNING, WorkerStatus.RUNNING);
    LaunchState launch = HealthyContents.launchState(HealthyContents.identities(3));
    assertThrows(IllegalArgumentException.class,
        () -> new LaunchState("filesystem", launch.runtime(), "epoch-3", "cap-1",
            LaunchState.Aggregate.READY, List.of(worker, worker), 0, launch.auditHead()));
    var session = HealthyContents.sessions(HealthyContents.identities(3)).sessions().values().iterator().next();
    assertThrows(IllegalArgumentException.class, () -> SessionIndex.of(0, List.of(session, session)));
    var task = new TaskLedger.Task("task-1", 1, "epoch-1", TaskLedger.Status.PENDING);
    assertThrows(IllegalArgumentException.class, () -> new TaskLedger(0, List.of(task, task)));
    assertThrows(IllegalArgumentException.class, () -> new JournalIndex(9, null, List.of(
        new JournalIndex.Segment(1, 3, HealthyContents.HASH), new JournalIndex.Segment(5, 9, HealthyContents.HASH))));
    var late = new LaunchTransaction.Checkpoint(LaunchStep.MIGRATED, HealthyContents.HASH, HealthyContents.NOW);
    var early = new LaunchTransaction.Checkpoint(LaunchStep.LOCK_TAKEN, HealthyContents.HASH, HealthyContents.NOW);
    assertThrows(IllegalArgumentException.class,
        () -> new LaunchTransaction("epoch-1", LaunchTransaction.Status.ACTIVE, List.of(late, early), null));
  }

  @Test
  @DisplayName("a store that isn't in the list has no schema")
  void unknown() {
    var other = new Descriptor("holdfast.other", 1, "stores/other.json", Criticality.DIAGNOSTIC_ONLY,
        StoreOwner.DIAGNOSTICS, RebuildStrategy.DROP_AFTER_QUARANTINE);
    assertThrows(IllegalArgumentException.class, () -> Schemas.of(other));
  }
}
