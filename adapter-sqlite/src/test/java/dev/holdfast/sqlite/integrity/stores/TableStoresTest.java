package dev.holdfast.sqlite.integrity.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.Action;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.Plan;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.Readiness;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.recovery.RecoveryStep;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.recovery.StoreFilesContract;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableStoresTest extends StoreFilesContract {
  private static final Identities RUN = HealthyContents.identities(1);
  private static final String FUTURE =
      new String(new Envelope(99, "then", Json.EMPTY_OBJECT).bytes(), StandardCharsets.UTF_8);

  @TempDir
  private Path temp;

  private Directory directory;

  @BeforeEach
  void begin() {
    directory = Directory.empty(temp.resolve("db"));
  }

  @AfterEach
  void end() {
    directory.close();
  }

  @Override
  protected StoreFiles open() {
    return directory.stores();
  }

  private Plan plan() {
    return assertInstanceOf(Planning.Planned.class, directory.plan()).plan();
  }

  /** The only one that isn't none. */
  private Action action() {
    List<Action> actions = plan().actions().stream().filter(action -> action.reason() != null).toList();
    assertEquals(1, actions.size(), actions::toString);
    return actions.getFirst();
  }

  private static List<RecoveryStep> steps(Recovered recovered) {
    return recovered.steps().stream().map(StepTaken::step).toList();
  }

  private static Readiness readiness(Recovered recovered) {
    return Readiness.of(recovered.planning(), List.of());
  }

  private void set(Descriptor store, String column, String value) {
    directory.sql("UPDATE " + StoreTables.name(store) + " SET " + column + " = '" + value + "'");
  }

  @Test
  @DisplayName("a table that is made anew is the one that the schema's step made")
  void sameTables() {
    Map<String, String> before = tables();
    for (String table : before.keySet()) {
      directory.sql("DROP TABLE " + table);
    }
    directory.write(1);
    directory.stores().recover(Consents.NONE, null, Directory.LATER);

    assertEquals(before, tables());
    assertEquals(12, before.size());
  }

  private Map<String, String> tables() {
    return directory.rows(rows -> rows.read(sql -> {
      var found = new TreeMap<String, String>();
      for (Descriptor store : Descriptors.ALL) {
        sql.first("SELECT sql FROM sqlite_schema WHERE name = ?", row -> row.getString(1), StoreTables.name(store))
            .ifPresent(text -> found.put(StoreTables.name(store), text));
      }
      sql.first("SELECT sql FROM sqlite_schema WHERE name = 'store_meta'", row -> row.getString(1))
          .ifPresent(text -> found.put("store_meta", text));
      return found;
    }));
  }

  @Test
  @DisplayName("I-A5 a row of an older run is blocked as stale_run_id, likewise of other capabilities and another version; "
      + "the first difference wins")
  void stale() {
    directory.write(1);
    set(Descriptors.LAUNCH_STATE, "behavior_fingerprint", "0.0.1");
    assertEquals(Reason.STALE_BEHAVIOR_FINGERPRINT, action().reason());
    set(Descriptors.LAUNCH_STATE, "capability_snapshot_id", "cap-other");
    assertEquals(Reason.STALE_CAPABILITY_SNAPSHOT, action().reason());
    set(Descriptors.LAUNCH_STATE, "run_id", "epoch-7");
    assertEquals(Reason.STALE_RUN_ID, action().reason());
    assertEquals(Impact.BLOCKED, plan().impact());

    assertEquals(List.of(), steps(directory.recover(Consents.APPLY)));
    Recovered restamped = directory.recover(
        new Consents(true, false, Set.of("holdfast.launch_state"), Set.of(), false));
    assertEquals(List.of(RecoveryStep.RESTAMP), steps(restamped));
    assertTrue(readiness(restamped).ok());
  }

  @Test
  @DisplayName("a row that isn't JSON, isn't an envelope, or breaks its schema is quarantined with its fault; of a later "
      + "version, of another hash, or none at all is told as that")
  void rows() {
    directory.write(1);
    for (String[] damage : new String[][] {{"{bad", "invalid_json"}, {"[]", "invalid_envelope"},
      {new String(Envelope.of(1, Directory.NOW, Json.object("more", 1)).bytes(), StandardCharsets.UTF_8),
        "invalid_data"}}) {
      set(Descriptors.SESSION_INDEX, "envelope", damage[0]);
      assertEquals(Reason.QUARANTINED, action().reason());
      assertEquals(damage[1], plan().diagnostics().getFirst().reason().code());
    }
    set(Descriptors.SESSION_INDEX, "content_hash", "no hash");
    assertEquals(Reason.QUARANTINED, action().reason());
    directory.write(1);
    set(Descriptors.SESSION_INDEX, "content_hash", ContentHash.of(new byte[0]).text());
    assertEquals(Reason.HASH_MISMATCH, action().reason());
    set(Descriptors.SESSION_INDEX, "envelope", FUTURE);
    assertEquals(Reason.FUTURE_SCHEMA, action().reason());
    directory.sql("DELETE FROM session_index");
    assertEquals(Reason.MISSING, action().reason());
    directory.sql("DROP TABLE session_index");
    assertEquals(Reason.MISSING, action().reason());
  }

  @Test
  @DisplayName("a lost session index is rebuilt by itself, in its place; what was there is in quarantine")
  void rebuilt() {
    directory.write(1);
    directory.sql("UPDATE session_index SET envelope = '{bad'");
    directory.sql("DROP TABLE task_ledger");

    Recovered recovered = directory.recover(Consents.NONE);

    assertEquals(List.of(RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION,
        RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION), steps(recovered));
    assertTrue(readiness(recovered).ok());
    assertEquals(Map.of(recovered.steps().getFirst().evidence().getFirst(), "{bad"), directory.evidence().kept());
    assertEquals(3, directory.stores().highWatermark());
    assertEquals(List.of(), steps(directory.recover(Consents.NONE)));
  }

  @Test
  @DisplayName("I-97 provider and engine rows that can't be decoded are asked for anew; diagnostics are dropped behind a copy "
      + "in quarantine, and the node is ready all the same")
  void softTables() {
    directory.write(1);
    set(Descriptors.PROVIDER_TABLE, "envelope", "{bad providers");
    set(Descriptors.ENGINE_TABLE, "envelope", "{bad engines");
    set(Descriptors.DIAGNOSTICS, "envelope", "{bad diagnostics");
    assertEquals(Impact.DEGRADED, plan().impact());

    Recovered recovered = directory.recover(Consents.NONE);

    assertEquals(List.of(RecoveryStep.REBUILD_FROM_PROVIDER, RecoveryStep.REBUILD_FROM_PROVIDER,
        RecoveryStep.QUARANTINE_AND_EMPTY), steps(recovered));
    assertEquals(Set.of("{bad providers", "{bad engines", "{bad diagnostics"),
        Set.copyOf(directory.evidence().kept().values()));
    assertTrue(directory.evidence().kept().keySet().stream()
        .anyMatch(name -> name.startsWith("diagnostics.json.quarantined.")));
    assertTrue(readiness(recovered).ok());
  }

  @Test
  @DisplayName("a launch state that is lost waits for --relaunch, a broken one for --apply before; a broken revision is made "
      + "of the launch state with --apply")
  void operators() {
    directory.write(1);
    set(Descriptors.LAUNCH_STATE, "envelope", "{bad");
    set(Descriptors.REVISION, "envelope", "{bad");
    assertEquals(List.of(), steps(directory.recover(Consents.NONE)));

    assertEquals(List.of(RecoveryStep.QUARANTINE_ONLY, RecoveryStep.QUARANTINE_AND_REBUILD_FROM_LAUNCH_STATE),
        steps(directory.recover(Consents.APPLY)));
    assertEquals(Reason.MISSING, action().reason());
    assertEquals(List.of(), steps(directory.recover(Consents.APPLY)));
    Recovered relaunched = directory.recover(new Consents(true, true, Set.of(), Set.of(), false));

    assertEquals(List.of(RecoveryStep.RELAUNCH), steps(relaunched));
    assertTrue(readiness(relaunched).ok());
    assertEquals(2, directory.evidence().kept().size());
  }

  @Test
  @DisplayName("I-A4 capabilities of version 99 are touched by nobody; a session index of version 99 is dropped with a word, "
      + "behind a backup")
  void future() {
    directory.write(1);
    set(Descriptors.CAPABILITY_SNAPSHOT, "envelope", FUTURE);
    set(Descriptors.SESSION_INDEX, "envelope", FUTURE);
    var all =
        new Consents(true, true, Set.of(), Set.of("holdfast.capability_snapshot", "holdfast.session_index"), true);
    directory.sources().fallSilent();
    assertEquals(List.of(), steps(directory.recover(all)));
    directory.close();
    directory = Directory.empty(temp.resolve("db"));

    assertEquals(List.of(RecoveryStep.QUARANTINE_AND_REBUILD_FROM_CANONICAL_DESTINATION),
        steps(directory.recover(all)));
    assertEquals(1, directory.sources().backups());
    assertEquals(Reason.FUTURE_SCHEMA, action().reason());
    assertEquals("holdfast.capability_snapshot", action().schemaName());
    assertEquals(Impact.BLOCKED, plan().impact());
  }

  @Test
  @DisplayName("a lost store_meta makes every row nobody's; a broken one is no plan, and is made of the newest row with --apply")
  void meta() {
    directory.write(1);
    directory.write(2);
    directory.sql("UPDATE store_meta SET high_watermark = -1");
    assertEquals(Reason.MANIFEST_CORRUPT,
        assertInstanceOf(Planning.NoPlan.class, directory.plan()).reason());
    assertEquals(Reason.MANIFEST_CORRUPT,
        assertThrows(StoreException.class, () -> directory.stores().highWatermark()).reason());
    assertEquals(List.of(), steps(directory.recover(Consents.NONE)));

    Recovered rebuilt = directory.recover(Consents.APPLY);

    assertEquals(List.of(RecoveryStep.REBUILD_MANIFEST_FROM_RECEIPTS), steps(rebuilt));
    assertTrue(readiness(rebuilt).ok());
    assertEquals(2, directory.stores().highWatermark());
    assertEquals(HealthyContents.identities(2),
        assertInstanceOf(Survey.Read.class, directory.stores().survey()).active());
    directory.sql("DELETE FROM store_meta");
    assertTrue(assertInstanceOf(Survey.Read.class, directory.stores().survey()).looks().stream()
        .allMatch(look -> look.inspected().state() == StoreState.UNCOMMITTED_WRITE));
    assertEquals(Impact.BLOCKED, plan().impact());
  }

  @Test
  @DisplayName("I-A18 stores of another data directory are told as that")
  void another() {
    directory.write(1);
    directory.sql("UPDATE store_meta SET data_dir_id = 'dd-fedcba9876543210'");
    assertEquals(Reason.MANIFEST_IDENTITY_MISMATCH, action().reason());
  }

  @Test
  @DisplayName("I-A30 each launch restamps every row; a write that fails in its middle leaves all as it was")
  void atomic() {
    directory.write(1);
    Survey before = directory.stores().survey();
    directory.sql("CREATE TRIGGER fault BEFORE INSERT ON journal_index BEGIN SELECT RAISE(ABORT, 'fault'); END");
    assertThrows(StoreException.class, () -> directory.write(2));
    assertEquals(before, directory.stores().survey());
    directory.sql("DROP TRIGGER fault");

    directory.write(2);

    assertTrue(assertInstanceOf(Survey.Read.class, directory.stores().survey()).looks().stream()
        .allMatch(look -> HealthyContents.identities(2).equals(look.stamped())));
  }

  @Test
  @DisplayName("a database whose schema has just got the stores has them made of its rows, all at once and without a word, once "
      + "it has a runtime; they hold their invariants")
  void adopted() {
    var rows = new StoresOfRows(() -> directory.store(), () -> directory.stores().highWatermark() + 1);
    var first = new TableStores(() -> directory.store().transactions(),
        new TableStores.Place(Directory.DATA_DIR, 1, directory.evidence()),
        new Rebuilding(rows, directory.sources(), directory.sources(), () -> false), digits -> "0".repeat(digits));
    assertEquals(List.of(), steps(first.recover(Consents.NONE, RUN, Directory.LATER)));
    directory.makeRuntime();

    Recovered recovered = first.recover(Consents.NONE, RUN, Directory.LATER);

    assertEquals(Descriptors.ALL.size(), recovered.steps().size());
    assertTrue(readiness(recovered).ok());
    assertEquals(1, first.highWatermark());
  }
}
