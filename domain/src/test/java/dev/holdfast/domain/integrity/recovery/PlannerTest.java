package dev.holdfast.domain.integrity.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.MapFolder;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Identities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final PlanId PLAN = new PlanId("hf-plan-00000000000000c1");
  private static final Identities PRESENT = HealthyContents.identities(3);

  private MapFolder folder = new MapFolder();

  @BeforeEach
  void healthy() {
    folder = new MapFolder();
    folder.batch(PRESENT, HealthyContents.of(PRESENT));
  }

  private static Planning planning(MapFolder folder, @Nullable Identities expected) {
    return Planner.plan(folder.survey(), new Planner.Asked(PLAN, MapFolder.DATA_DIR, expected, MapFolder.NOW));
  }

  private static Plan plan(MapFolder folder, @Nullable Identities expected) {
    return assertInstanceOf(Planning.Planned.class, planning(folder, expected)).plan();
  }

  private Plan plan() {
    return plan(folder, null);
  }

  /** With the invariants of whatever can be read. */
  private static Readiness readiness(MapFolder folder) {
    Planning planning = planning(folder, null);
    List<Finding> broken = folder.survey() instanceof Survey.Read read
        ? Invariants.broken(read.contents(), read.active() == null ? null : read.active().runId(),
            HealthyContents.JOURNAL_END)
        : List.of();
    return Readiness.of(planning, broken);
  }

  private static Action needed(Plan plan) {
    List<Action> needed = allNeeded(plan);
    assertEquals(1, needed.size(), needed::toString);
    return needed.getFirst();
  }

  private static List<Action> allNeeded(Plan plan) {
    return plan.actions().stream().filter(action -> action.kind() != ActionKind.NONE).toList();
  }

  private void write(Descriptor store, String text) {
    folder.put(store.relativePath(), text.getBytes(UTF_8));
  }

  @Test
  @DisplayName("I-A2 a session index that no batch wrote and no launch state: blocked, each with its action, recovery required")
  void writtenOutside() {
    var bare = new MapFolder();
    bare.put(Descriptors.SESSION_INDEX, HealthyContents.sessions(PRESENT).json());
    assertEquals(0, bare.manifest().highWatermark());
    assertEquals(List.of(), bare.manifest().entries());
    assertEquals(List.of(), bare.receipts().batches());
    Plan plan = plan(bare, null);
    assertFalse(plan.manifestHealthy());
    assertEquals(Impact.BLOCKED, plan.impact());
    assertTrue(plan.actions().contains(
        new Action(ActionKind.BLOCK_READINESS, "holdfast.launch_state", Reason.MISSING, null)));
    assertTrue(plan.actions().contains(new Action(ActionKind.REBUILD_FROM_CANONICAL_DESTINATION,
        "holdfast.session_index", Reason.UNCOMMITTED_WRITE, null)));
    assertEquals(Reason.STORE_RECOVERY_REQUIRED, readiness(bare).reason());
    assertTrue(readiness(bare).refusesMutations());
  }

  @Test
  @DisplayName("I-A3 a provider table that is broken: degraded, rebuilt from the providers, rebuild in progress")
  void brokenProviders() {
    write(Descriptors.PROVIDER_TABLE, "{bad");
    assertEquals(Impact.DEGRADED, plan().impact());
    assertEquals(
        new Action(ActionKind.REBUILD_FROM_PROVIDER, "holdfast.provider_table", Reason.QUARANTINED, null),
        needed(plan()));
    Readiness readiness = readiness(folder);
    assertEquals(Reason.STORE_REBUILD_IN_PROGRESS, readiness.reason());
    assertFalse(readiness.ok());
    assertFalse(readiness.refusesMutations());
    assertEquals(List.of(Reason.INVALID_JSON), readiness.diagnostics().stream().map(Finding::reason).toList());
  }

  @Test
  @DisplayName("§7 capabilities of a later version: blocked, quarantine, future_schema, which no consent permits")
  void futureCapabilities() {
    folder.put(Descriptors.CAPABILITY_SNAPSHOT.relativePath(),
        Envelope.of(99, MapFolder.NOW, HealthyContents.CAPABILITIES.json()).bytes());
    assertEquals(Impact.BLOCKED, plan().impact());
    Action action = needed(plan());
    assertEquals(
        new Action(ActionKind.QUARANTINE, "holdfast.capability_snapshot", Reason.FUTURE_SCHEMA, null), action);
    assertInstanceOf(Treatment.Stuck.class, RecoveryRules.treat(action, Consents.NONE));
    assertInstanceOf(Treatment.Stuck.class, RecoveryRules.treat(action, Consents.APPLY));
  }

  @Test
  @DisplayName("I-A5 an entry of an older run blocks as stale_run_id, likewise capability and fingerprint; the first difference wins")
  void stale() {
    var present = new Identities("epoch-4", "cap-new", "v2");
    var run = new Identities("epoch-4", PRESENT.capabilitySnapshotId(), PRESENT.behaviorFingerprint());
    var fingerprint = new Identities(PRESENT.runId(), PRESENT.capabilitySnapshotId(), "v2");
    var capability = new Identities(PRESENT.runId(), "cap-new", "v2");
    assertStale(present, Reason.STALE_RUN_ID);
    assertStale(run, Reason.STALE_RUN_ID);
    assertStale(capability, Reason.STALE_CAPABILITY_SNAPSHOT);
    assertStale(fingerprint, Reason.STALE_BEHAVIOR_FINGERPRINT);
  }

  /** Ten stores: diagnostics aren't held against any run. */
  private void assertStale(Identities expected, Reason reason) {
    Plan plan = plan(folder, expected);
    assertEquals(Impact.BLOCKED, plan.impact());
    List<Action> wanted = Descriptors.ALL.stream().map(store -> store.equals(Descriptors.DIAGNOSTICS)
        ? new Action(ActionKind.NONE, store.schemaName(), null, null)
        : new Action(ActionKind.BLOCK_READINESS, store.schemaName(), reason, null)).toList();
    assertEquals(wanted, plan.actions());
  }

  @Test
  @DisplayName("I-A6 a healthy store: manifest healthy, impact none, actions none, store_manifest_valid without diagnostics")
  void allHealthy() {
    assertTrue(plan().manifestHealthy());
    assertEquals(Impact.NONE, plan().impact());
    assertEquals(List.of(), allNeeded(plan()));
    assertEquals(Descriptors.ALL.stream().map(Descriptor::schemaName).toList(),
        plan().actions().stream().map(Action::schemaName).toList());
    assertEquals(new Readiness(Reason.STORE_MANIFEST_VALID, List.of()), readiness(folder));
    assertEquals(Optional.empty(), plan().refusalOfOpening());
  }

  @Test
  @DisplayName("I-A10 broken diagnostics: no impact, manifest not healthy, ready")
  void brokenDiagnostics() {
    write(Descriptors.DIAGNOSTICS, "{bad");
    assertEquals(Impact.NONE, plan().impact());
    assertFalse(plan().manifestHealthy());
    assertEquals(ActionKind.QUARANTINE, needed(plan()).kind());
    assertEquals(new Readiness(Reason.STORE_MANIFEST_VALID, List.of()), readiness(folder));
  }

  @Test
  @DisplayName("I-A18 the manifest of another data directory: manifest_identity_mismatch, and the other stores are still inspected")
  void otherDirectory() {
    write(Descriptors.PROVIDER_TABLE, "{bad");
    Plan plan = assertInstanceOf(Planning.Planned.class, Planner.plan(folder.survey(),
        new Planner.Asked(PLAN, "dd-other", null, MapFolder.NOW))).plan();
    assertEquals(Impact.BLOCKED, plan.impact());
    assertEquals(List.of(
        new Action(ActionKind.BLOCK_READINESS, "holdfast.launch_state", Reason.MANIFEST_IDENTITY_MISMATCH, null),
        new Action(ActionKind.REBUILD_FROM_PROVIDER, "holdfast.provider_table", Reason.QUARANTINED, null)),
        allNeeded(plan));
    assertEquals(List.of(Reason.MANIFEST_IDENTITY_MISMATCH, Reason.INVALID_JSON),
        plan.diagnostics().stream().map(Finding::reason).toList());
    assertEquals(Descriptors.ALL.size() + 1, plan.actions().size());
  }

  @Test
  @DisplayName("I-40 a manifest or receipts that can't be read: no plan, blocked; of a later version likewise, as future_schema")
  void noPlan() {
    assertNoPlan("manifest.json", "{bad", Reason.MANIFEST_CORRUPT);
    assertNoPlan("receipts.json", "{bad", Reason.RECEIPTS_CORRUPT);
    assertNoPlan("receipts.json", "{\"schema_version\":1,\"updated_at\":\"x\",\"data\":{\"other\":1}}",
        Reason.RECEIPTS_CORRUPT);
    assertNoPlan("manifest.json", "{\"schema_version\":2,\"updated_at\":\"x\",\"data\":{}}", Reason.FUTURE_SCHEMA);
  }

  private void assertNoPlan(String file, String text, Reason reason) {
    MapFolder damaged = folder.copy();
    damaged.put(file, text.getBytes(UTF_8));
    var none = assertInstanceOf(Planning.NoPlan.class, planning(damaged, null));
    assertEquals(reason, none.reason());
    assertEquals(Impact.BLOCKED, none.impact());
    assertEquals(Reason.STORE_RECOVERY_REQUIRED, readiness(damaged).reason());
    assertEquals(List.of(reason), readiness(damaged).diagnostics().stream().map(Finding::reason).toList());
  }

  @Test
  @DisplayName("I-40 each unresolved batch blocks, named by its id, behind what the stores need")
  void unresolved() {
    assertThrows(MapFolder.Stopped.class,
        () -> folder.stopAfter(4).batch(PRESENT, HealthyContents.of(PRESENT)));
    folder.stopAfter(Integer.MAX_VALUE);
    String batch = folder.receipts().batches().getLast().id().value();
    assertEquals(
        new Action(ActionKind.BLOCK_READINESS, "holdfast.launch_transaction", Reason.UNCOMMITTED_BATCH, batch),
        needed(plan()));
    assertEquals(List.of(Finding.of(Reason.UNCOMMITTED_BATCH, batch)), plan().diagnostics());
  }

  @Test
  @DisplayName("I-41 a folder without any store is blocked, and can't be opened for want of a launch state; other damage is corruption")
  void opening() {
    assertEquals(Impact.BLOCKED, plan(new MapFolder(), null).impact());
    assertEquals(Optional.of(Reason.STORE_MISSING), plan(new MapFolder(), null).refusalOfOpening());
    folder.put(Descriptors.LAUNCH_STATE, Json.object("changed", true));
    assertEquals(Optional.of(Reason.STORE_CORRUPT), plan().refusalOfOpening());
  }

  @Test
  @DisplayName("I-50 diagnostics are the plan's, then the broken invariants'; one broken invariant is enough to block")
  void diagnosticsInOrder() {
    write(Descriptors.DIAGNOSTICS, "{bad");
    var broken = Finding.of(Reason.STALE_TASK_RECORD, "task-9");
    Readiness readiness = Readiness.of(planning(folder, null), List.of(broken));
    assertEquals(Reason.STORE_RECOVERY_REQUIRED, readiness.reason());
    List<Finding> wanted = new ArrayList<>(plan().diagnostics());
    wanted.add(broken);
    assertEquals(wanted, readiness.diagnostics());
  }

  @Test
  @DisplayName("a plan is told with what it found and what it asks for")
  void told() {
    write(Descriptors.PROVIDER_TABLE, "{bad");
    Json json = plan().json();
    assertEquals("degraded", json.members().get("readiness_impact"));
    assertEquals(false, json.members().get("manifest_healthy"));
    assertTrue(json.text().contains("{\"kind\":\"rebuild_from_provider\",\"reason\":\"quarantined\","
        + "\"schema_name\":\"holdfast.provider_table\"}"), json::text);
  }
}
