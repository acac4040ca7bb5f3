package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and the audit as people meet them: a real daemon, and commands against it. */
class KeyCommandsTest {
  @TempDir
  Path folder = Path.of(".");

  private DaemonProcess daemon;

  KeyCommandsTest(@TempDir Path data) {
    daemon = DaemonProcess.start(data.resolve("data"));
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  private Finished as(Path keyFile, String... words) {
    return Finished.inProcess(Map.of("HOLDFAST_URL", daemon.address().toString(), "HOLDFAST_KEY_FILE",
        keyFile.toString()), words);
  }

  private static Json done(Finished finished) {
    assertEquals(ExitCode.OK, finished.exitCode(), finished.err());
    return finished.json();
  }

  private static String member(Json json, String name) {
    return Objects.requireNonNull(Verb.text(json, name), name);
  }

  @Test
  @DisplayName("A key is made, used, rotated, revoked and removed, and the audit that tells of it is as it was sealed")
  void life() throws IOException {
    Path file = folder.resolve("ann.key");
    Json made = done(daemon.cli("key", "create", "--role", "consumer", "--subject", "ann", "--label", "Ann's laptop",
        "--expires", "30d", "--requests-per-minute", "90", "--out", file.toString(), "-o", "json"));
    String id = member(made, "key_id");
    assertEquals(file.toString(), member(made, "key_file"));
    assertFalse(made.members().containsKey("key_text"));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));

    assertEquals("ann", member(done(as(file, "whoami", "-o", "json")), "subject"));
    assertEquals(0, as(file, "worker", "create", "--task", "something").exitCode());
    Finished refused = as(file, "key", "create", "--role", "admin", "--label", "more", "--out",
        folder.resolve("more.key").toString());
    assertEquals(ExitCode.DENIED, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("(role_not_allowed)"), refused.err());
    assertFalse(Files.exists(folder.resolve("more.key")), "no file is left where no key was made");
    assertEquals(List.of(id), as(file, "key", "list", "-o", "name").out().lines().toList());

    Path next = folder.resolve("next.key");
    Finished rotated = daemon.cli("key", "rotate", id, "--out", next.toString(), "-o", "json");
    assertTrue(rotated.err().contains("it replaces " + id + " (Ann's laptop, subject ann), which works no longer"),
        rotated.err());
    Finished ended = as(file, "whoami");
    assertEquals(ExitCode.DENIED, ended.exitCode());
    assertTrue(ended.err().contains("(key_expired)"), ended.err());
    String nextId = member(done(as(next, "key", "show", "-o", "json")), "key_id");
    assertNotEquals(id, nextId);
    assertEquals(ExitCode.CONFLICT, daemon.cli("key", "rm", nextId).exitCode());
    assertEquals("revoked",
        member(done(daemon.cli("key", "revoke", nextId, "--note", "gone", "-o", "json")), "status"));
    assertEquals(ExitCode.DENIED, as(next, "whoami").exitCode());
    assertEquals(0, daemon.cli("key", "rm", nextId).exitCode());
    assertEquals(ExitCode.NOT_FOUND, daemon.cli("key", "show", nextId).exitCode());
    String admin = member(done(daemon.cli("whoami", "-o", "json")), "key_id");
    Finished last = daemon.cli("key", "revoke", admin);
    assertEquals(ExitCode.CONFLICT, last.exitCode());
    assertTrue(last.err().contains("(last_admin_key)") && last.err().contains("try: holdfast key create"), last.err());

    List<String> actions = daemon.cli("audit", "list", "--after", "0", "-o", "ndjson").out().lines()
        .map(Json::parse).map(line -> member(line, "action") + " " + member(line, "status")).toList();
    assertEquals(List.of("key.create 200", "worker.create 200", "key.create 403", "key.rotate 200", "key.whoami 401",
        "key.remove 409", "key.revoke 200", "key.whoami 401", "key.remove 204", "key.revoke 409"), actions);
    String head = daemon.cli("audit", "head").out().strip();
    Finished verified = daemon.cli("audit", "verify", "--head", head);
    assertEquals(ExitCode.OK, verified.exitCode(), verified.out() + verified.err());
    assertTrue(verified.out().contains("verified records    10\n"), verified.out());
  }

  @Test
  @DisplayName("A key's text goes to standard output only when asked, never over a file, and never as an argument")
  void places() throws IOException {
    Path taken = Files.writeString(folder.resolve("taken.key"), "mine");
    Finished refused =
        daemon.cli("key", "create", "--role", "observer", "--label", "l", "--out", taken.toString());
    assertEquals(ExitCode.USAGE, refused.exitCode());
    assertEquals("mine", Files.readString(taken));
    assertEquals(1, daemon.cli("key", "list", "-o", "name").out().lines().count(), "and no key was made");
    Finished king = daemon.cli("key", "create", "--role", "king", "--label", "l", "--out", "-");
    assertEquals(ExitCode.USAGE, king.exitCode());
    assertTrue(king.err().contains("admin, operator, publisher, consumer, executor, observer"), king.err());
    Finished told = daemon.cli("key", "create", "--role", "observer", "--label", "l", "--out", "-");
    assertTrue(told.out().matches("hfk_[0-9a-f]{16}_[0-9a-f]{64}_[0-9a-f]{8}\n"), told.out());
    assertFalse(told.err().contains("hfk_"), told.err());
  }

  @Test
  @DisplayName("A-66 A lost admin key is replaced on a stopped node, which a running one refuses, and the audit says so")
  void recover() throws Exception {
    String data = daemon.data().toString();
    String lost = daemon.key();
    Finished running = Finished.inProcess(Map.of(), "key", "recover", "--data", data);
    assertEquals(ExitCode.UNREACHABLE, running.exitCode());
    assertTrue(running.err().contains("(data_dir_locked)"), running.err());
    assertTrue(running.err().contains("\n  try: kill " + daemon.pid() + ", and the same command"), running.err());
    assertEquals(lost, daemon.key());
    daemon.signal("TERM");
    Json recovered = done(Finished.inProcess(Map.of(), "key", "recover", "--data", data, "-o", "json"));
    daemon.restart();
    assertNotEquals(lost, daemon.key());
    assertEquals(member(recovered, "key_id"), member(done(daemon.cli("whoami", "-o", "json")), "key_id"));
    Json entry = Json.parse(daemon.cli("audit", "list", "-o", "ndjson").out().lines().toList().getLast());
    assertEquals("key.recover " + member(recovered, "key_id"), member(entry, "action") + " " + member(entry, "target"));
    assertEquals(ExitCode.OK, daemon.cli("key", "revoke", lost.substring(4, 20)).exitCode());
    Finished none = Finished.inProcess(Map.of(), "key", "recover", "--data", folder.resolve("none").toString());
    assertEquals(ExitCode.USAGE, none.exitCode());
    assertFalse(Files.exists(folder.resolve("none")));
  }

  private record Damage(String sql, String fault, long seq) {}

  @Test
  @DisplayName("A-A21 On a stopped node's database a flipped byte, a deleted and a cut record are found with their seq")
  void damage() throws Exception {
    for (int i = 0; i < 8; i++) {
      assertEquals(0, daemon.cli("worker", "create", "--task", "t" + i).exitCode());
    }
    String noted = daemon.cli("audit", "head").out().strip();
    daemon.signal("TERM");
    Path database = daemon.data().resolve("db").resolve("holdfast.db");
    List<Damage> damages = new ArrayList<>();
    for (int seq = 1; seq <= 8; seq++) {
      damages
          .add(new Damage("UPDATE audit SET text = replace(text, 'worker.create', 'worker.creatf') WHERE seq = " + seq,
              "altered", seq));
      damages.add(new Damage("UPDATE audit SET mac = zeroblob(32) WHERE seq = " + seq, "altered", seq));
      damages.add(new Damage("DELETE FROM audit WHERE seq = " + seq, seq == 8 ? "truncated" : "missing", seq));
      damages.add(new Damage("DELETE FROM audit WHERE seq >= " + seq, "truncated", seq));
    }
    damages.add(new Damage("UPDATE audit_head SET mac = zeroblob(32)", "altered", 8));
    damages.add(new Damage("DELETE FROM audit_head", "altered", 1));
    // Whoever cuts the records and the node's own head together is found by the head that was noted elsewhere.
    damages.add(new Damage("UPDATE audit_head SET seq = 6, mac = (SELECT mac FROM audit WHERE seq = 6);"
        + "DELETE FROM audit WHERE seq > 6", "truncated", 7));
    byte[] sound = Files.readAllBytes(database);
    for (Damage damage : damages) {
      Files.write(database, sound);
      damaged(database, damage.sql());
      Finished found = Finished.inProcess(Map.of(), "audit", "verify", "--offline", "--data", daemon.data().toString(),
          "--head", noted, "-o", "json");
      assertEquals(ExitCode.STORE, found.exitCode(), damage + found.err());
      assertEquals(damage.fault() + " " + damage.seq(),
          member(found.json(), "fault") + " " + member(found.json(), "seq"), damage.toString());
    }
    Files.write(database, sound);
    Finished whole = Finished.inProcess(Map.of(), "audit", "verify", "--offline", "--data", daemon.data().toString(),
        "--head", noted);
    assertEquals(ExitCode.OK, whole.exitCode(), whole.out() + whole.err());
  }

  private static void damaged(Path database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      for (String one : sql.split(";", -1)) {
        statement.execute(one);
      }
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }
}
