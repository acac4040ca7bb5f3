package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a database says whose bytes are not those that were written. */
@Timeout(120)
class DamagedStoreTest extends StoreSuite {
  private static final int ROUNDS = 400;

  @TempDir
  private Path folder;

  @Override
  protected Store open() {
    return open("db");
  }

  private Store open(String name) {
    return SqliteStore.open(folder.resolve(name), START);
  }

  private Path fileOf(String name) {
    return folder.resolve(name).resolve("holdfast.db");
  }

  private WorkerId fill() {
    WorkerId worker = worker();
    for (int i = 0; i < 10; i++) {
      send(worker, "input " + i);
      runTurn(worker, "answer " + i);
    }
    send(worker, "one that waits");
    store().close();
    return worker;
  }

  private byte[] whole() throws IOException {
    fill();
    return Files.readAllBytes(fileOf("db"));
  }

  @Test
  @DisplayName("wherever bytes are flipped, a store answers or says that it is damaged, and breaks in no other way")
  void flippedBytes() throws IOException {
    byte[] whole = whole();
    var chance = new SplittableRandom(20_261_121);
    Files.createDirectory(folder.resolve("copy"));
    Map<Reason, Integer> seen = new EnumMap<>(Reason.class);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] damaged = whole.clone();
      int flips = 1 + chance.nextInt(40);
      for (int i = 0; i < flips; i++) {
        damaged[chance.nextInt(damaged.length)] ^= (byte) (1 + chance.nextInt(255));
      }
      Files.deleteIfExists(fileOf("copy").resolveSibling("holdfast.db-wal"));
      Files.deleteIfExists(fileOf("copy").resolveSibling("holdfast.db-shm"));
      Files.write(fileOf("copy"), damaged);
      try (Store store = open("copy")) {
        store.read(StateText::of);
      } catch (StoreException e) {
        seen.merge(e.reason(), 1, Integer::sum);
      } catch (RuntimeException e) {
        throw new AssertionError("round " + round, e);
      }
    }
    assertTrue(seen.getOrDefault(Reason.STORE_CORRUPT, 0) > ROUNDS / 10, seen.toString());
    assertTrue(seen.keySet().stream().noneMatch(Reason.STORE_IO::equals), seen.toString());
  }

  @Test
  @DisplayName("a row that can't have been written is told as damage with the file, and without what stands in it")
  void unreadableRow() throws SQLException {
    WorkerId worker = fill();
    sql("UPDATE input SET state = 'their secret' WHERE worker = " + worker.number());
    sql("UPDATE turn SET attempts = 'their secret'");
    sql("UPDATE head SET status = 'their secret'");
    try (Store store = open("db")) {
      for (StoreException e : new StoreException[] {
        assertThrows(StoreException.class, () -> store.read(state -> state.worker(worker))),
        assertThrows(StoreException.class, () -> store.read(state -> state.turns(worker, 0, 1))),
        assertThrows(StoreException.class, () -> store.read(state -> state.input(state.inputs(worker, 0, 1, null)
            .getFirst().id())))}) {
        assertEquals(Reason.STORE_CORRUPT, e.reason());
        assertEquals("the store is damaged: " + fileOf("db") + "; a row of it holds what can't have been written there",
            e.getMessage());
      }
      assertTrue(store.read(state -> state.runtime()).isPresent());
    }
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + fileOf("db"));
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA ignore_check_constraints = 1");
      statement.execute(text);
    }
  }
}
