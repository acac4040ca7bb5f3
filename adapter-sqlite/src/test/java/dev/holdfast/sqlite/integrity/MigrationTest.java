package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.Migrations;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier version has written is there when this one opens its database. */
class MigrationTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final WorkerId WORKER = new WorkerId(1);

  @TempDir
  private Path temp;

  /** A worker with a turn that was completed, one that is open under a live lease, and an input that waits. */
  private void writeSchema2() {
    try (Sql sql = Database.in(temp.resolve("db")).openWriter()) {
      new Migrations(List.of("base", "access")).apply(sql, NOW);
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
      sql.run("INSERT INTO stamp VALUES (3, 0, 0, 1, 'hash', 1, 5, '[2]', '{}')");
    }
  }

  @Test
  @DisplayName("a database of schema 2 is brought up to date, and its sessions, inputs and turns go on")
  void fromSchema2() {
    writeSchema2();
    try (Store store = SqliteStore.open(temp.resolve("db"), NOW)) {
      store.read(state -> {
        assertEquals(new WorkQueue(WORKER, 3, 1, 0, 0), state.workQueue(WORKER));
        assertEquals(new InputState.Completed(new TurnId(3), 1), state.input(new InputId(2)).orElseThrow().state());
        assertEquals(new InputState.Bound(new TurnId(7),
            new Claim("inc:7", "secret", 2, Instant.EPOCH.plusNanos(5000))),
            state.input(new InputId(6)).orElseThrow().state());
        assertEquals(List.of(9L),
            state.nextTurnInputs(WORKER, 10).stream().map(input -> input.id().number()).toList());
        var lease = (Lease.Held) state.lease(WORKER);
        assertEquals(Duration.ofSeconds(30), lease.ttl());
        assertEquals(new Liveness.Opaque(), lease.liveness());
        List<Turn> turns = state.turns(WORKER, 0, 10);
        assertEquals(List.of(4L, 2L), turns.stream().map(turn -> turn.lastAttempt().lastOutputSeq()).toList());
        assertEquals(new Turn.Start(List.of(new InputId(6)), List.of()), turns.getLast().start());
        Stamp stamp = state.stamp(Stamp.Key.terminal(WORKER, new TurnId(3))).orElseThrow();
        assertEquals(4, stamp.result().lastOutputSeq());
        assertEquals(4, state.output(new TurnId(3), OutputCursor.START, 10).size());
        return turns;
      });
    }
  }
}
