package dev.holdfast.sqlite.integrity.examination;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.sqlite.integrity.SqliteStore;
import dev.holdfast.sqlite.integrity.database.Database;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Opening a runtime whose own rows aren't what was written. */
class RuntimeDamageTest extends DamagedDatabase {

  /** As a node does, of a folder that had a store. */
  private Reason refused() {
    return assertThrows(StoreException.class, () -> {
      Database.requireThere(folder());
      try (Store store = SqliteStore.open(folder(), START)) {
        store.write(state -> WorkerRules.open(state, new RuntimeId("rt-fedcba9876543210"), null,
            RuntimeLimits.DEFAULT, START));
      }
    }).reason();
  }

  @Test
  @DisplayName("W-A17 rows of the runtime that can't be decoded: store_corrupt; a missing table, runtime or database: store_missing; the "
      + "file is unchanged, and the doctor tells it as blocking")
  void runtime() throws Exception {
    fill();
    byte[] whole = Files.readAllBytes(file());
    for (String damage : List.of("UPDATE runtime SET status = 'odd'", "UPDATE runtime SET id = ' '")) {
      check(whole, damage, Reason.STORE_CORRUPT);
    }
    for (String damage : List.of("DELETE FROM runtime", "DROP TABLE turn", "DROP TABLE audit_head")) {
      check(whole, damage, Reason.STORE_MISSING);
    }
    byte[] header = whole.clone();
    Arrays.fill(header, 0, 16, (byte) 0xa5);
    Files.write(file(), header);
    assertEquals(Reason.STORE_CORRUPT, refused());
    assertArrayEquals(header, Files.readAllBytes(file()));
    Files.delete(file());
    assertEquals(Reason.STORE_MISSING, refused());
    assertTrue(Files.notExists(file()));
    Files.write(file(), new byte[0]);
    assertEquals(Reason.STORE_MISSING, refused());
    assertEquals(0, Files.size(file()));
  }

  private void check(byte[] whole, String damage, Reason reason) throws Exception {
    Files.write(file(), whole);
    sql(damage);
    byte[] damaged = Files.readAllBytes(file());
    assertEquals(reason, refused(), damage);
    assertArrayEquals(damaged, Files.readAllBytes(file()), damage);
    assertEquals(Impact.BLOCKED, diagnosis().impact(), damage);
  }

  @Test
  @DisplayName("W-A17 a missing launch state refuses the opening with store_missing, one that can't be decoded with store_corrupt")
  void launchState() throws Exception {
    fill();
    sql("UPDATE launch_state SET envelope = '{'");
    assertEquals(Optional.of(Reason.STORE_CORRUPT), planned());
    sql("DELETE FROM launch_state");
    assertEquals(Optional.of(Reason.STORE_MISSING), planned());
  }

  private Optional<Reason> planned() throws Exception {
    return diagnosis().planning() instanceof Planning.Planned(var plan) ? plan.refusalOfOpening() : Optional.empty();
  }
}
