package dev.holdfast.domain.integrity.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Resolution;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The executor's table of spec integrity §9. */
class RecoveryRulesTest {
  private static final Consents ALL = new Consents(true, true, names(), names(), true);

  private static Set<String> names() {
    return Descriptors.ALL.stream().map(Descriptor::schemaName).collect(Collectors.toSet());
  }

  private static Descriptor store(String name) {
    return Descriptors.find("holdfast." + name).orElseThrow();
  }

  private static Action damage(Descriptor store, StoreState state) {
    return Action.of(ActionKind.of(store.rebuildStrategy(), state), store, state.reason().orElse(null));
  }

  /** What is done, and behind which consents. */
  private static String told(Action action) {
    return switch (RecoveryRules.treat(action, Consents.NONE)) {
      case Treatment.Nothing _ -> "nothing";
      case Treatment.Stuck _ -> "stuck";
      case Treatment.Do(RecoveryStep step, boolean _) -> step.text();
      case Treatment.Waits(RecoveryStep step, List<Consent> missing) ->
        step.text() + missing.stream().map(consent -> " " + consent.option("S")).collect(Collectors.joining());
    };
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @DisplayName("§9 damage of a store: what is done by itself, and what waits for whose word")
  @CsvSource(delimiter = '|', textBlock = """
      launch_state | missing | relaunch --apply --relaunch
      launch_state | uncommitted_write | relaunch --apply --relaunch
      launch_state | quarantined | quarantine_only --apply
      launch_state | hash_mismatch | quarantine_only --apply
      launch_state | future_schema | stuck
      launch_transaction | missing | relaunch --apply --relaunch
      launch_transaction | uncommitted_write | relaunch --apply --relaunch
      launch_transaction | quarantined | quarantine_only --apply
      launch_transaction | hash_mismatch | quarantine_only --apply
      launch_transaction | future_schema | stuck
      revision | missing | relaunch --apply --relaunch
      revision | uncommitted_write | relaunch --apply --relaunch
      revision | quarantined | quarantine_and_rebuild_from_launch_state --apply
      revision | hash_mismatch | quarantine_and_rebuild_from_launch_state --apply
      revision | future_schema | stuck
      capability_snapshot | missing | rerun_capability_discovery
      capability_snapshot | uncommitted_write | rerun_capability_discovery
      capability_snapshot | quarantined | quarantine_and_rerun_capability_discovery --apply
      capability_snapshot | hash_mismatch | quarantine_and_rerun_capability_discovery --apply
      capability_snapshot | future_schema | stuck
      session_index | missing | rebuild_from_canonical_destination
      session_index | uncommitted_write | rebuild_from_canonical_destination
      session_index | quarantined | rebuild_from_canonical_destination
      session_index | hash_mismatch | quarantine_and_rebuild_from_canonical_destination --apply
      session_index | future_schema | quarantine_and_rebuild_from_canonical_destination --apply --drop-future S
      task_ledger | missing | rebuild_from_canonical_destination
      artifact_index | hash_mismatch | quarantine_and_rebuild_from_canonical_destination --apply
      journal_index | quarantined | rebuild_from_canonical_destination
      provider_table | missing | rebuild_from_provider
      provider_table | uncommitted_write | rebuild_from_provider
      provider_table | quarantined | rebuild_from_provider
      provider_table | hash_mismatch | quarantine_and_rebuild_from_provider --apply
      provider_table | future_schema | quarantine_and_rebuild_from_provider --apply --drop-future S
      engine_table | missing | rebuild_from_provider
      diagnostics | missing | quarantine_and_empty
      diagnostics | uncommitted_write | quarantine_and_empty
      diagnostics | quarantined | quarantine_and_empty
      diagnostics | hash_mismatch | quarantine_and_empty
      diagnostics | future_schema | quarantine_and_empty --apply --drop-future S
      """)
  void damage(String name, String state, String wanted) {
    StoreState found = Stream.of(StoreState.values()).filter(s -> s.text().equals(state)).findFirst().orElseThrow();
    assertEquals(wanted, told(damage(store(name), found)));
  }

  static Stream<Arguments> damages() {
    return Descriptors.ALL.stream().flatMap(store -> EnumSet.complementOf(EnumSet.of(StoreState.HEALTHY)).stream()
        .map(state -> Arguments.of(store, state)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @DisplayName("§9 with every consent all is done but what a later version wrote of a store that blocks; each consent counts")
  @MethodSource("damages")
  void consents(Descriptor store, StoreState state) {
    Action action = damage(store, state);
    Treatment alone = RecoveryRules.treat(action, Consents.NONE);
    Treatment allowed = RecoveryRules.treat(action, ALL);
    switch (alone) {
      case Treatment.Waits(RecoveryStep step, List<Consent> missing) -> {
        assertEquals(step, assertInstanceOf(Treatment.Do.class, allowed).step());
        if (missing.size() == 2) {
          assertEquals(new Treatment.Waits(step, List.of(missing.getLast())),
              RecoveryRules.treat(action, Consents.APPLY));
        }
      }
      case Treatment.Do _,Treatment.Stuck _,Treatment.Nothing _ -> assertEquals(alone, allowed);
    }
  }

  @Test
  @DisplayName("§9 what a later version wrote is dropped only behind a backup, and only where it is named")
  void future() {
    Action action = damage(Descriptors.TASK_LEDGER, StoreState.FUTURE_SCHEMA);
    var named = new Consents(true, false, Set.of(), Set.of("holdfast.task_ledger"), false);
    assertTrue(assertInstanceOf(Treatment.Do.class, RecoveryRules.treat(action, named)).afterBackup());
    var another = new Consents(true, false, Set.of(), Set.of("holdfast.session_index"), false);
    assertInstanceOf(Treatment.Waits.class, RecoveryRules.treat(action, another));
  }

  @Test
  @DisplayName("§9 a store of another run is rebuilt where it can be, else restamped by name")
  void stale() {
    for (Reason reason : List.of(Reason.STALE_RUN_ID, Reason.STALE_CAPABILITY_SNAPSHOT,
        Reason.STALE_BEHAVIOR_FINGERPRINT)) {
      assertEquals("rebuild_from_canonical_destination --apply",
          told(Action.blocks(Descriptors.SESSION_INDEX, reason, null)));
      assertEquals("rebuild_from_provider --apply", told(Action.blocks(Descriptors.ENGINE_TABLE, reason, null)));
      assertEquals("restamp --apply --restamp S", told(Action.blocks(Descriptors.LAUNCH_STATE, reason, null)));
      assertEquals("restamp --apply --restamp S", told(Action.blocks(Descriptors.CAPABILITY_SNAPSHOT, reason, null)));
    }
  }

  @Test
  @DisplayName("§9 another directory's manifest, or a store of no descriptor, is for a backup to mend")
  void stuck() {
    assertEquals("stuck", told(Action.blocks(Descriptors.LAUNCH_STATE, Reason.MANIFEST_IDENTITY_MISMATCH, null)));
    assertEquals("stuck", told(new Action(ActionKind.QUARANTINE, "holdfast.other", Reason.QUARANTINED, null)));
    assertEquals("nothing", told(Action.none(Descriptors.REVISION)));
  }

  @Test
  @DisplayName("§9 a batch is resolved by itself unless a target has to be moved")
  void batches() {
    assertEquals(new Treatment.Nothing(), RecoveryRules.treat(new Resolution.Settled(), Consents.NONE));
    assertEquals(new Treatment.Do(RecoveryStep.ROLL_FORWARD, false),
        RecoveryRules.treat(new Resolution.Forward(List.of(), List.of()), Consents.NONE));
    assertEquals(new Treatment.Do(RecoveryStep.ABANDON, false),
        RecoveryRules.treat(new Resolution.Abandon(List.of("stores/revision.json"), List.of()), Consents.NONE));
    var moving = new Resolution.Abandon(List.of(), List.of("stores/revision.json"));
    assertEquals(new Treatment.Waits(RecoveryStep.ABANDON, List.of(Consent.APPLY)),
        RecoveryRules.treat(moving, Consents.NONE));
    assertEquals(new Treatment.Do(RecoveryStep.ABANDON, false), RecoveryRules.treat(moving, Consents.APPLY));
    assertThrows(IllegalArgumentException.class, () -> RecoveryRules.treat(
        Action.blocks(Descriptors.LAUNCH_TRANSACTION, Reason.UNCOMMITTED_BATCH, "hf-batch-1"), Consents.NONE));
  }

  @Test
  @DisplayName("§9 manifest and receipts are made of each other with a word, receipts only where nothing hangs on them")
  void unreadable() {
    var manifest = new Planning.NoPlan(Reason.MANIFEST_CORRUPT, "");
    var receipts = new Planning.NoPlan(Reason.RECEIPTS_CORRUPT, "");
    var later = new Planning.NoPlan(Reason.FUTURE_SCHEMA, "");
    assertEquals(new Treatment.Waits(RecoveryStep.REBUILD_MANIFEST_FROM_RECEIPTS, List.of(Consent.APPLY)),
        RecoveryRules.treat(manifest, false, Consents.NONE));
    assertEquals(new Treatment.Do(RecoveryStep.REBUILD_MANIFEST_FROM_RECEIPTS, false),
        RecoveryRules.treat(manifest, false, Consents.APPLY));
    assertEquals(new Treatment.Do(RecoveryStep.BEGIN_RECEIPTS_ANEW, false),
        RecoveryRules.treat(receipts, true, Consents.APPLY));
    assertInstanceOf(Treatment.Stuck.class, RecoveryRules.treat(receipts, false, ALL));
    assertInstanceOf(Treatment.Stuck.class, RecoveryRules.treat(later, true, ALL));
  }

  @Test
  @DisplayName("what would be done is told as the command that does it")
  void advice() {
    assertEquals("holdfast store recover --apply --restamp holdfast.revision   # restamp", RecoveryRules
        .treat(Action.blocks(Descriptors.REVISION, Reason.STALE_RUN_ID, null), Consents.NONE)
        .advice("holdfast.revision"));
    assertEquals("the next start does it by itself: rebuild from provider", RecoveryRules
        .treat(damage(Descriptors.ENGINE_TABLE, StoreState.MISSING), Consents.NONE).advice("holdfast.engine_table"));
    assertEquals("the next start does it by itself: quarantine and empty", RecoveryRules
        .treat(damage(Descriptors.DIAGNOSTICS, StoreState.MISSING), Consents.NONE).advice("holdfast.diagnostics"));
    assertEquals("restore the data directory from a backup", RecoveryRules
        .treat(Action.blocks(Descriptors.LAUNCH_STATE, Reason.MANIFEST_IDENTITY_MISMATCH, null), ALL).advice("x"));
  }

  @Test
  @DisplayName("§9 a damaged journal is cut only by who accepts the loss")
  void journal() {
    assertEquals(new Treatment.Waits(RecoveryStep.CUT_JOURNAL, List.of(Consent.ACCEPT_LOSS)),
        RecoveryRules.treatJournal(Consents.APPLY));
    assertEquals(new Treatment.Do(RecoveryStep.CUT_JOURNAL, false), RecoveryRules.treatJournal(ALL));
  }
}
