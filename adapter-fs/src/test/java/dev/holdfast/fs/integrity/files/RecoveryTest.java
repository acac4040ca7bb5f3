package dev.holdfast.fs.integrity.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchState;
import dev.holdfast.domain.integrity.batches.Manifest;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.recovery.Action;
import dev.holdfast.domain.integrity.recovery.ActionKind;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.Plan;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.Readiness;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.recovery.RecoveryStep;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private static final byte[] BROKEN = "{bad".getBytes(StandardCharsets.UTF_8);
  private static final byte[] FUTURE = new Envelope(99, "then", Json.EMPTY_OBJECT).bytes();

  private static Reason readiness(Stores stores) {
    return Readiness.of(stores.recovery().plan(Stores.LATER), List.of()).reason();
  }

  private static Action action(Stores stores, Descriptor store) {
    return stores.plan().actions().stream().filter(action -> action.schemaName().equals(store.schemaName())).findFirst()
        .orElseThrow();
  }

  private static List<RecoveryStep> steps(Recovered recovered) {
    return recovered.steps().stream().map(StepTaken::step).toList();
  }

  @Test
  @DisplayName("I-A2 a valid session_index written outside a batch, no launch_state: watermark 0, no entries, no batches; "
      + "blocked, each with its action, store_recovery_required")
  void outsideOfBatch() throws IOException {
    Stores stores = Stores.empty();
    stores.put(Descriptors.SESSION_INDEX,
        Envelope.of(1, Stores.NOW, HealthyContents.sessions(HealthyContents.identities(1)).json()).bytes());

    Plan plan = stores.plan();

    assertEquals(Manifest.EMPTY, stores.folder().manifest());
    assertEquals(List.of(), stores.folder().receipts().batches());
    assertFalse(plan.manifestHealthy());
    assertEquals(Impact.BLOCKED, plan.impact());
    assertEquals(ActionKind.BLOCK_READINESS, action(stores, Descriptors.LAUNCH_STATE).kind());
    assertEquals(ActionKind.REBUILD_FROM_CANONICAL_DESTINATION, action(stores, Descriptors.SESSION_INDEX).kind());
    assertEquals(Reason.STORE_RECOVERY_REQUIRED, readiness(stores));
  }

  @Test
  @DisplayName("I-A3 a broken provider_table: degraded, action rebuild_from_provider, reason quarantined, "
      + "store_rebuild_in_progress; a launch rebuilds it, and keeps what was there")
  void brokenProviders() throws IOException {
    Stores stores = Stores.healthy();
    byte[] whole = stores.file(Descriptors.PROVIDER_TABLE);
    stores.put(Descriptors.PROVIDER_TABLE, BROKEN);

    assertEquals(Impact.DEGRADED, stores.plan().impact());
    assertEquals(ActionKind.REBUILD_FROM_PROVIDER, action(stores, Descriptors.PROVIDER_TABLE).kind());
    assertEquals(Reason.QUARANTINED, action(stores, Descriptors.PROVIDER_TABLE).reason());
    assertEquals(Reason.STORE_REBUILD_IN_PROGRESS, readiness(stores));

    Recovered recovered = stores.recover(Consents.NONE);

    String copy = ContentHash.of(BROKEN).evidenceName("providers.json", Reason.QUARANTINED);
    assertEquals(List.of(new StepTaken(RecoveryStep.REBUILD_FROM_PROVIDER, "holdfast.provider_table", null,
        List.of(copy))), recovered.steps());
    assertArrayEquals(BROKEN, stores.evidence(copy));
    assertEquals(new String(whole, StandardCharsets.UTF_8).replace("00:00.000Z", "01:00.000Z"),
        new String(stores.file(Descriptors.PROVIDER_TABLE), StandardCharsets.UTF_8));
    assertEquals(Reason.STORE_MANIFEST_VALID, readiness(stores));
    assertEquals(2, stores.folder().manifest().highWatermark());
    assertTrue(stores.folder().manifest().lastRecoveryPlan() != null);
  }

  @Test
  @DisplayName("while nobody outside can be asked, a store waits, and the others are mended")
  void silent() throws IOException {
    Stores stores = Stores.healthy();
    stores.put(Descriptors.PROVIDER_TABLE, BROKEN);
    stores.remove(Descriptors.DIAGNOSTICS);
    stores.sources().fallSilent();

    assertEquals(List.of(RecoveryStep.QUARANTINE_AND_EMPTY), steps(stores.recover(Consents.NONE)));
    assertArrayEquals(BROKEN, stores.file(Descriptors.PROVIDER_TABLE));
    assertEquals(Reason.STORE_REBUILD_IN_PROGRESS, readiness(stores));
  }

  @Test
  @DisplayName("I-A4 a capability_snapshot of version 99: blocked, quarantine, future_schema; the file is untouched by what a "
      + "launch does and by recover --apply")
  void futureCapabilities() throws IOException {
    Stores stores = Stores.healthy();
    stores.put(Descriptors.CAPABILITY_SNAPSHOT, FUTURE);
    assertEquals(new Action(ActionKind.QUARANTINE, "holdfast.capability_snapshot", Reason.FUTURE_SCHEMA, null),
        action(stores, Descriptors.CAPABILITY_SNAPSHOT));

    for (Consents consents : List.of(Consents.NONE, Consents.APPLY, new Consents(true, true,
        Set.of("holdfast.capability_snapshot"), Set.of("holdfast.capability_snapshot"), true))) {
      assertEquals(List.of(), stores.recover(consents).steps());
      assertArrayEquals(FUTURE, stores.file(Descriptors.CAPABILITY_SNAPSHOT));
      assertEquals(Impact.BLOCKED, stores.plan().impact());
    }
    assertEquals(List.of(), stores.folder().quarantine().folder().list());
  }

  @Test
  @DisplayName("a later version's file of a rebuildable store goes with a word of its own, and only behind a backup")
  void dropFuture() throws IOException {
    Stores stores = Stores.healthy();
    stores.put(Descriptors.ENGINE_TABLE, FUTURE);
    var drop = new Consents(true, false, Set.of(), Set.of("holdfast.engine_table"), false);

    assertEquals(List.of(), stores.recover(Consents.APPLY).steps());
    stores.sources().fallSilent();
    assertEquals(List.of(), stores.recover(drop).steps());
    assertArrayEquals(FUTURE, stores.file(Descriptors.ENGINE_TABLE));

    Stores able = stores.next(stores.disk());
    assertEquals(List.of(RecoveryStep.QUARANTINE_AND_REBUILD_FROM_PROVIDER), steps(able.recover(drop)));
    assertEquals(1, able.sources().backups());
    assertArrayEquals(FUTURE,
        able.evidence(ContentHash.of(FUTURE).evidenceName("engines.json", Reason.FUTURE_SCHEMA)));
    assertTrue(able.plan().manifestHealthy());
  }

  @Test
  @DisplayName("I-A5 (files) entries of an older run block; a word for each restamps them, or rebuilds what can be rebuilt")
  void stale() throws IOException {
    Stores stores = Stores.healthy();
    stores.write(2, Stores.second()).orThrow();
    assertEquals(Reason.STALE_RUN_ID, action(stores, Descriptors.REVISION).reason());
    assertEquals(List.of(), stores.recover(Consents.NONE).steps());

    assertEquals(List.of(RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION, RecoveryStep.REBUILD_FROM_PROVIDER,
        RecoveryStep.REBUILD_FROM_PROVIDER, RecoveryStep.RESTAMP, RecoveryStep.RESTAMP,
        RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION, RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION),
        steps(stores.recover(new Consents(true, false, Set.of("holdfast.revision", "holdfast.capability_snapshot"),
            Set.of(), false))));
    assertTrue(stores.plan().manifestHealthy());
  }

  @Test
  @DisplayName("I-A6 healthy: manifest_healthy, impact none, actions none, store_manifest_valid, empty diagnostics")
  void healthy() throws IOException {
    Stores stores = Stores.healthy();

    assertTrue(stores.plan().manifestHealthy());
    assertEquals(Impact.NONE, stores.plan().impact());
    assertTrue(stores.plan().actions().stream().allMatch(action -> action.kind() == ActionKind.NONE));
    assertEquals(new Readiness(Reason.STORE_MANIFEST_VALID, List.of()),
        Readiness.of(stores.recovery().plan(Stores.LATER), List.of()));
    assertEquals(List.of(), stores.recover(Consents.APPLY).steps());
  }

  @Test
  @DisplayName("I-A10 broken diagnostics: impact none, manifest_healthy false, ready")
  void brokenDiagnostics() throws IOException {
    Stores stores = Stores.healthy();
    stores.put(Descriptors.DIAGNOSTICS, BROKEN);

    assertEquals(Impact.NONE, stores.plan().impact());
    assertFalse(stores.plan().manifestHealthy());
    assertEquals(Reason.STORE_MANIFEST_VALID, readiness(stores));
    assertEquals(List.of(RecoveryStep.QUARANTINE_AND_EMPTY), steps(stores.recover(Consents.NONE)));
    assertTrue(stores.plan().manifestHealthy());
  }

  @Test
  @DisplayName("I-A16 an unresolved batch with a changed target: blocked until recover --apply; abandoned; the original in "
      + "quarantine; afterwards not blocking")
  void changedTarget() throws IOException {
    var disk = SimulatedDisk.empty();
    Stores stores = Stores.on(disk);
    stores.write(1, HealthyContents.of(HealthyContents.identities(1))).orThrow();
    Batch batch = committedNotApplied(stores, disk);
    // The staged file is gone and its place holds what no batch wrote.
    stores.folder().stores().delete(StoreFolder.staged(batch.id(), Descriptors.SESSION_INDEX));
    stores.put(Descriptors.SESSION_INDEX, BROKEN);

    assertEquals(List.of(), stores.recover(Consents.NONE).steps());
    assertEquals(Impact.BLOCKED, stores.plan().impact());
    assertTrue(stores.plan().actions().stream().anyMatch(action -> action.reason() == Reason.UNCOMMITTED_BATCH));
    assertArrayEquals(BROKEN, stores.file(Descriptors.SESSION_INDEX));

    Recovered recovered = stores.recover(Consents.APPLY);

    assertEquals(RecoveryStep.ABANDON, recovered.steps().getFirst().step());
    assertEquals(batch.id().value(), recovered.steps().getFirst().subject());
    assertInstanceOf(BatchState.Abandoned.class,
        stores.folder().receipts().find(batch.id()).orElseThrow().state());
    assertArrayEquals(BROKEN,
        stores.evidence(ContentHash.of(BROKEN).evidenceName("session-index.json", Reason.UNCOMMITTED_BATCH)));
    assertTrue(stores.plan().manifestHealthy());
  }

  /** A batch whose process died behind step 4. */
  private static Batch committedNotApplied(Stores stores, SimulatedDisk disk) throws IOException {
    Batch batch = null;
    for (int operation = 1; batch == null; operation++) {
      disk.cutAfter(operation);
      try {
        stores.write(1, Stores.second());
      } catch (SimulatedDisk.PowerCut _) {
        disk.cutAfter(Long.MAX_VALUE);
      }
      Batch last = stores.folder().receipts().batches().getLast();
      if (last.state() instanceof BatchState.Committed && last.sequence() == 2) {
        batch = last;
      } else {
        stores.recover(Consents.NONE);
      }
    }
    return batch;
  }

  @Test
  @DisplayName("I-A17 rolled forward twice changes nothing; the watermark grows once")
  void forwardTwice() throws IOException {
    var disk = SimulatedDisk.empty();
    Stores stores = Stores.on(disk);
    stores.write(1, HealthyContents.of(HealthyContents.identities(1))).orThrow();
    Batch batch = committedNotApplied(stores, disk);

    assertEquals(List.of(RecoveryStep.ROLL_FORWARD), steps(stores.recover(Consents.NONE)));
    var files = stores.files();
    assertEquals(2, stores.folder().manifest().highWatermark());
    assertInstanceOf(BatchState.RolledForward.class,
        stores.folder().receipts().find(batch.id()).orElseThrow().state());
    assertEquals(List.of(), stores.recover(Consents.APPLY).steps());
    assertEquals(files, stores.files());
  }

  @Test
  @DisplayName("what stands where a batch is rolled forward to, and no batch wrote, is kept")
  void forwardOverForeign() throws IOException {
    var disk = SimulatedDisk.empty();
    Stores stores = Stores.on(disk);
    stores.write(1, HealthyContents.of(HealthyContents.identities(1))).orThrow();
    committedNotApplied(stores, disk);
    stores.put(Descriptors.SESSION_INDEX, BROKEN);

    assertEquals(List.of(ContentHash.of(BROKEN).evidenceName("session-index.json", Reason.QUARANTINED)),
        stores.recover(Consents.NONE).steps().getFirst().evidence());
    assertTrue(stores.plan().manifestHealthy());
  }

  @Test
  @DisplayName("I-A18 a manifest of another data directory: manifest_identity_mismatch, the other stores still inspected")
  void otherDirectory() throws IOException {
    Stores stores = Stores.healthy();
    stores.put(Descriptors.PROVIDER_TABLE, BROKEN);
    var other = new Recovery(stores.folder(), stores.writer(), stores.sources().rebuilding(), "dd-ffffffffffffffff",
        stores.ids());

    Plan plan = assertInstanceOf(Planning.Planned.class, other.plan(Stores.LATER)).plan();

    assertEquals(Reason.MANIFEST_IDENTITY_MISMATCH, plan.actions().getFirst().reason());
    assertEquals(Impact.BLOCKED, plan.impact());
    assertTrue(plan.actions().stream().anyMatch(action -> action.kind() == ActionKind.REBUILD_FROM_PROVIDER));
  }

  @Test
  @DisplayName("I-A19 a corrupt manifest: no plan, blocked; rebuilt from receipts by --apply; corrupt receipts likewise")
  void corruptLists() throws IOException {
    for (String list : List.of(StoreFolder.MANIFEST, StoreFolder.RECEIPTS)) {
      Stores stores = Stores.healthy();
      Manifest before = stores.folder().manifest();
      WholeFiles.replace(stores.folder().top(), list, BROKEN);
      boolean manifest = list.equals(StoreFolder.MANIFEST);
      Reason corrupt = manifest ? Reason.MANIFEST_CORRUPT : Reason.RECEIPTS_CORRUPT;

      assertEquals(corrupt,
          assertInstanceOf(Planning.NoPlan.class, stores.recover(Consents.NONE).planning()).reason());
      assertEquals(Reason.STORE_RECOVERY_REQUIRED, readiness(stores));

      assertEquals(
          List.of(manifest ? RecoveryStep.REBUILD_MANIFEST_FROM_RECEIPTS : RecoveryStep.BEGIN_RECEIPTS_ANEW),
          steps(stores.recover(Consents.APPLY)));
      assertArrayEquals(BROKEN, stores.evidence(ContentHash.of(BROKEN).evidenceName(list, corrupt)));
      assertEquals(before.entries(), stores.folder().manifest().entries());
      assertEquals(before.highWatermark(), stores.folder().manifest().highWatermark());
      assertTrue(stores.plan().manifestHealthy());
      stores.write(1, Stores.second()).orThrow();
      assertTrue(stores.plan().manifestHealthy());
    }
  }

  @Test
  @DisplayName("manifest and receipts both lost: nothing is guessed")
  void bothLost() throws IOException {
    Stores stores = Stores.healthy();
    WholeFiles.replace(stores.folder().top(), StoreFolder.MANIFEST, BROKEN);
    WholeFiles.replace(stores.folder().top(), StoreFolder.RECEIPTS, BROKEN);
    var files = stores.files();

    assertEquals(List.of(), stores.recover(Consents.APPLY).steps());
    assertEquals(files, stores.files());
  }

  @Test
  @DisplayName("I-A20 (files) a folder without stores is blocked; --relaunch writes it anew under the present run")
  void emptyStores() throws IOException {
    Stores stores = Stores.empty();
    assertEquals(Impact.BLOCKED, stores.plan().impact());
    assertEquals(Reason.STORE_MISSING, stores.plan().refusalOfOpening().orElseThrow());

    stores.recover(new Consents(true, true, Set.of(), Set.of(), false));

    assertTrue(stores.plan().manifestHealthy());
    assertEquals(HealthyContents.identities(1), stores.folder().manifest().active());
  }
}
