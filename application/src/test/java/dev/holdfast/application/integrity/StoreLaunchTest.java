package dev.holdfast.application.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Entry;
import dev.holdfast.domain.integrity.batches.MapFolder;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.LaunchStep;
import dev.holdfast.domain.integrity.contents.LaunchTransaction;
import dev.holdfast.domain.integrity.rebuild.KnownSources;
import dev.holdfast.domain.integrity.recovery.MapStoreFiles;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StoreLaunchTest {
  private static StoreLaunch launch(MapFolder folder, long epoch, boolean fresh) {
    var node = new StoreLaunch.Node(MapFolder.DATA_DIR, HealthyContents.identities(epoch), fresh);
    var launch = new StoreLaunch(new MapStoreFiles(folder), new KnownSources(contents(epoch)).rebuilding(), node,
        digits -> "0".repeat(digits), () -> MapFolder.NOW);
    for (LaunchStep step : List.of(LaunchStep.DIRECTORY_CHECKED, LaunchStep.LOCK_TAKEN, LaunchStep.EPOCH_ADVANCED)) {
      launch.passed(step, Json.EMPTY_OBJECT);
    }
    return launch;
  }

  private static SequencedMap<Descriptor, Json> contents(long epoch) {
    return HealthyContents.of(HealthyContents.identities(epoch));
  }

  /** Up to the first of the two launch batches. */
  private static StoreLaunch restamped(MapFolder folder, long epoch) {
    StoreLaunch launch = launch(folder, epoch, epoch == 1);
    assertTrue(launch.inspect().ok());
    assertTrue(launch.recover().readiness().ok());
    for (LaunchStep step : List.of(LaunchStep.MIGRATED, LaunchStep.JOURNAL_REPLAYED, LaunchStep.LEFTOVERS_CLEARED,
        LaunchStep.CAPABILITIES_DISCOVERED)) {
      launch.passed(step, Json.EMPTY_OBJECT);
    }
    assertEquals(List.of(), launch.restamp().diagnostics());
    return launch;
  }

  private static void finish(StoreLaunch launch) {
    for (LaunchStep step : List.of(LaunchStep.KEYS_LOADED, LaunchStep.ROUTES_OPENED, LaunchStep.EXECUTORS_STARTED)) {
      launch.passed(step, Json.EMPTY_OBJECT);
    }
    launch.ready().orThrow();
  }

  private static LaunchTransaction written(MapFolder folder) {
    return Objects.requireNonNull(((Survey.Read) folder.survey()).contents().launch());
  }

  @Test
  @DisplayName("I-A29 checkpoints are in their order, can mark ready lists what is missing; a crash between the two launch "
      + "batches is told as reconciled")
  void checkpoints() {
    var folder = new MapFolder();
    StoreLaunch first = restamped(folder, 1);
    assertEquals(List.of(LaunchStep.KEYS_LOADED, LaunchStep.ROUTES_OPENED, LaunchStep.EXECUTORS_STARTED),
        first.missing());
    assertEquals(Outcome.refused(Reason.LAUNCH_TRANSACTION_CONFLICT, "missing", "keys_loaded"), first.ready());
    assertThrows(IllegalArgumentException.class, () -> first.passed(LaunchStep.RUN_READY, Json.EMPTY_OBJECT));
    assertEquals(LaunchTransaction.Status.ACTIVE, written(folder).status());

    // The process dies here, and the next one launches.
    finish(restamped(folder, 2));

    assertEquals(new LaunchTransaction.Previous("epoch-1", LaunchTransaction.Status.RECONCILED),
        written(folder).previous());
    assertEquals(LaunchTransaction.Status.READY, written(folder).status());
    assertEquals(List.of(LaunchStep.values()),
        written(folder).checkpoints().stream().map(LaunchTransaction.Checkpoint::step).toList());
    assertEquals(LaunchState.Aggregate.READY,
        Objects.requireNonNull(((Survey.Read) folder.survey()).contents().launchState()).aggregate());
    finish(restamped(folder, 3));
    assertEquals(new LaunchTransaction.Previous("epoch-2", LaunchTransaction.Status.READY), written(folder).previous());
  }

  @Test
  @DisplayName("I-A30 each launch restamps every non-diagnostic entry; an interrupted restamp leaves the old identities "
      + "consistent")
  void restamps() {
    var before = new MapFolder();
    finish(restamped(before, 1));
    boolean stopped = true;
    for (int change = 0; stopped; change++) {
      MapFolder folder = before.copy().stopAfter(change);
      try {
        restamped(folder, 2);
        stopped = false;
      } catch (MapFolder.Stopped _) {
        stopped = true;
      }
      MapFolder after = folder.copy();
      after.resolve();
      Set<String> runs = after.manifest().entries().stream().map(Entry::file).map(file -> file.identities().runId())
          .collect(Collectors.toSet());
      assertEquals(Set.of(Objects.requireNonNull(after.manifest().active()).runId()), runs);
      assertEquals(Descriptors.ALL.size(), after.manifest().entries().size());
      assertEquals(after.manifest().active().runId(),
          Objects.requireNonNull(((Survey.Read) after.survey()).contents().launchState()).runId());
      assertTrue(stopped || runs.equals(Set.of("epoch-2")));
      finish(restamped(after, 3));
    }
  }

  @Test
  @DisplayName("a launch whose stores are blocked doesn't pass, and changes nothing")
  void blocked() {
    var folder = new MapFolder();
    finish(restamped(folder, 1));
    folder.remove(Descriptors.LAUNCH_STATE.relativePath());
    var files = Set.copyOf(folder.files().keySet());
    StoreLaunch launch = launch(folder, 2, false);

    assertEquals(Reason.STORE_RECOVERY_REQUIRED, launch.inspect().reason());
    assertEquals(Reason.STORE_RECOVERY_REQUIRED, launch.recover().readiness().reason());

    assertTrue(launch.missing().contains(LaunchStep.STORE_RECOVERED));
    assertFalse(launch.missing().contains(LaunchStep.STORE_INSPECTED));
    assertEquals(files, folder.files().keySet());
  }

  @Test
  @DisplayName("a directory that isn't fresh and has no stores is blocked")
  void empty() {
    assertEquals(Reason.STORE_RECOVERY_REQUIRED, launch(new MapFolder(), 2, false).inspect().reason());
  }
}
