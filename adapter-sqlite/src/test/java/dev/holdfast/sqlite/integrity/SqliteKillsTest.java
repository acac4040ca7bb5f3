package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.KillsAtWrites;
import dev.holdfast.domain.integrity.Store;
import java.nio.file.Path;
import java.time.Instant;

class SqliteKillsTest extends KillsAtWrites {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  protected Store open(Path folder) {
    return SqliteStore.open(folder.resolve("db"), START);
  }

  @Override
  protected boolean writesInOrder() {
    return false;
  }

  @Override
  protected Class<?> process() {
    return SqliteKillsTest.class;
  }

  /** @param args the folder */
  public static void main(String[] args) {
    work(SqliteStore.open(Path.of(args[0]).resolve("db"), START), System.out);
  }
}
