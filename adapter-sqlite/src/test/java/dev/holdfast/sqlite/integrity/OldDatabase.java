package dev.holdfast.sqlite.integrity;

import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.Migrations;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A database as a version of schema 2 left it. */
final class OldDatabase {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final int SCHEMA = 2;

  private OldDatabase() {}

  /** A worker with a turn that was completed, one that is open under a live lease, and an input that waits. */
  static void write(Path folder) {
    try (Sql sql = Database.in(folder).openWriter()) {
      new Migrations(List.of("base", "access")).apply(sql, NOW);
      sql.run(
          "INSERT INTO runtime VALUES (1, 'rt-0123456789abcdef', NULL, 256, 256, 'running', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)");
      sql.run("INSERT INTO worker VALUES (1, 'default', NULL, 'builtin', 0, "
          + "'{\"intent\":{\"kind\":\"assistant\"},\"profile\":{\"kind\":\"runtime_default\"}}')");
      sql.run("INSERT INTO head VALUES (1, 'running', 4, 20, 3, 1, 9)");
      sql.run("INSERT INTO session VALUES (1, 1, '{}', 0, 2, 7, 2, 'builtin:node', '1', 'token', 0, ?)",
          NOW.plusSeconds(30));
      sql.run("INSERT INTO input VALUES (2, 1, 1, 1, 'user', 'completed', 3, NULL, NULL, NULL, NULL, 'next_turn', 0, "
          + "NULL, NULL, 'one')");
      sql.run("INSERT INTO input VALUES (6, 1, 2, 3, 'user', 'bound', 7, 'inc:7', 'secret', 2, 5, 'next_turn', 0, "
          + "NULL, NULL, 'two')");
      sql.run("INSERT INTO input VALUES (9, 1, 3, 4, 'user', 'deferred', NULL, NULL, NULL, NULL, NULL, 'next_turn', 0, "
          + "'key', NULL, 'three')");
      sql.run("INSERT INTO turn VALUES (3, 1, 1, '[2]', '[[1,1,\"builtin:node\",0,0,4,\"committed\",9]]', 0, 9, 1, 2, "
          + "'completed', NULL, 9, 1)");
      sql.run("INSERT INTO turn VALUES (7, 1, 2, '[6]', '[[1,2,\"builtin:node\",0,0,2,null,null]]', 0, 9, 0, 0, "
          + "NULL, NULL, NULL, NULL)");
      sql.run("INSERT INTO output VALUES (1, 3, 1, 4, 1, 0, '[[\"attempt_started\",{\"generation\":1}],"
          + "[\"delta\",{\"channel\":\"text\",\"text\":\"a\"}],[\"delta\",{\"text\":\"b\"}],"
          + "[\"end\",{\"head_revision\":1,\"outcome\":\"completed\"}]]')");
      sql.run("INSERT INTO output VALUES (2, 7, 1, 2, 1, 0, '[[\"attempt_started\",{\"generation\":2}],"
          + "[\"delta\",{\"channel\":\"text\",\"text\":\"a\"}]]')");
      sql.run("INSERT INTO provider VALUES ('old', 'https://example.org/v1', 'model:7b', 'env:KEY', 5)");
      sql.run("INSERT INTO setting VALUES ('default_model', 'old')");
      sql.run("INSERT INTO stamp VALUES (3, 0, 0, 1, 'hash', 1, 5, '[2]', '{}')");
    }
  }
}
