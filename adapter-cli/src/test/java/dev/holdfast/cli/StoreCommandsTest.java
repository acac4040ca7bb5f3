package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores of stopped nodes as people move them. */
class StoreCommandsTest {
  @TempDir
  Path folder = Path.of(".");

  private Path data() {
    return folder.resolve("data");
  }

  private Finished store(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "store";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--data";
    all[words.length + 2] = data().toString();
    return Finished.inProcess(Map.of(), all);
  }

  private static Finished done(Finished finished) {
    assertEquals(ExitCode.OK, finished.exitCode(), finished.err());
    return finished;
  }

  private List<String> exported() {
    return done(store("export")).out().lines().toList();
  }

  @Test
  @DisplayName("I-A34 (copy) a store goes to plain files and back, is the same each time, and a node goes on with it")
  void thereAndBack() throws Exception {
    String worker;
    try (var daemon = DaemonProcess.start(data())) {
      worker = done(daemon.cli("worker", "create", "--external", "-o", "name")).out().strip();
      done(daemon.cli("input", "send", worker, "hello"));
      Finished held = store("copy", "--to", "filesystem");
      assertEquals(ExitCode.UNREACHABLE, held.exitCode(), held.err());
      assertTrue(held.err().contains("try: kill " + daemon.pid()), held.err());
      daemon.signal("TERM");
    }
    List<String> before = exported();

    Finished copied = done(store("copy", "--to", "filesystem", "-o", "json"));
    assertEquals(before.getLast(), "{\"digest\":\"" + Verb.text(copied.json(), "digest") + "\",\"records\":"
        + Verb.text(copied.json(), "records") + "}");
    assertTrue(copied.err().contains("start the node with --store filesystem"), copied.err());
    assertEquals(before, exported());

    Finished again = store("copy", "--to", "filesystem");
    assertEquals(ExitCode.USAGE, again.exitCode());
    assertTrue(again.err().contains("is of the backend filesystem already"), again.err());
    Finished inTheWay = store("copy", "--to", "sqlite");
    assertEquals(ExitCode.USAGE, inTheWay.exitCode());
    assertTrue(inTheWay.err().contains(data().toRealPath().resolve("db") + " is there already"), inTheWay.err());

    try (var daemon = DaemonProcess.start(data(), "--store", "filesystem")) {
      assertTrue(done(daemon.cli("worker", "transcript", worker)).out().contains("hello"));
      done(daemon.cli("input", "send", worker, "again"));
      daemon.signal("TERM");
    }
    Files.move(data().resolve("db"), folder.resolve("old"));
    List<String> later = exported();
    assertTrue(later.size() > before.size());
    done(store("copy", "--to", "sqlite"));
    assertEquals(later, exported());
    assertFalse(Files.exists(data().resolve("copying")));
  }

  @Test
  @DisplayName("an export is a file for its owner alone, whose last line is the sum of those between it and the first")
  void exportedFile() throws Exception {
    try (var daemon = DaemonProcess.start(data())) {
      daemon.signal("TERM");
    }
    Path file = folder.resolve("all.ndjson");
    Finished told = done(store("export", "--out", file.toString(), "-o", "json"));

    List<String> lines = Files.readAllLines(file);
    assertEquals(exported(), lines);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertTrue(lines.getFirst().contains("\"format\":\"holdfast-export\",\"version\":1"), lines.getFirst());
    String rows = String.join("\n", lines.subList(1, lines.size() - 1)) + "\n";
    String digest = ContentHash.of(rows.getBytes(StandardCharsets.UTF_8)).text();
    assertEquals("{\"digest\":\"" + digest + "\",\"records\":" + (lines.size() - 2) + "}", lines.getLast());
    assertEquals(digest, Verb.text(told.json(), "digest"));

    Finished again = store("export", "--out", file.toString());
    assertEquals(ExitCode.USAGE, again.exitCode());
    assertEquals(lines, Files.readAllLines(file));
  }

  @Test
  @DisplayName("I-85 a copy into another folder holds the same, and the directory that was copied stays as it is")
  void intoAnother() throws Exception {
    try (var daemon = DaemonProcess.start(data())) {
      done(daemon.cli("worker", "create", "--external", "-o", "name"));
      daemon.signal("TERM");
    }
    List<String> before = exported();
    String identity = Files.readString(data().resolve("store.json"));
    Path copy = folder.resolve("copy");

    Finished copied = done(store("copy", "--to", "filesystem", "--into", copy.toString(), "-o", "json"));
    assertEquals(copy.toRealPath().toString(), Verb.text(copied.json(), "data"));
    assertEquals(before, exported());
    assertEquals(identity, Files.readString(data().resolve("store.json")));
    assertFalse(Files.exists(data().resolve("fs")));
    assertEquals(ExitCode.USAGE, store("copy", "--to", "filesystem", "--into", copy.toString()).exitCode());

    try (var daemon = DaemonProcess.start(copy, "--store", "filesystem")) {
      assertTrue(done(daemon.cli("worker", "list")).out().contains("worker-00000001"));
      daemon.signal("TERM");
    }
    Path back = folder.resolve("back");
    done(Finished.inProcess(Map.of(), "store", "copy", "--from", copy.toString(), "--to", "filesystem", "--into",
        back.toString()));
    assertEquals(done(Finished.inProcess(Map.of(), "store", "export", "--data", copy.toString())).out(),
        done(Finished.inProcess(Map.of(), "store", "export", "--data", back.toString())).out());
  }

  @Test
  @DisplayName("a folder that isn't there, and a backend that keeps nothing, are refused before anything is made")
  void refused() {
    assertEquals(ExitCode.USAGE, store("copy", "--to", "memory").exitCode());
    assertEquals(ExitCode.USAGE, store("copy", "--to", "filesystem").exitCode());
    assertEquals(ExitCode.USAGE, store("export").exitCode());
    assertFalse(Files.exists(data()));
  }

  @Test
  @DisplayName("A-105 with -o json every refusal is one object on standard error, also of words that nobody understands")
  void errorsForPrograms() {
    for (List<String> words : List.of(List.of("store", "export"), List.of("store", "copy", "--to", "memory"),
        List.of("store", "copy"), List.of("store"), List.of("stores"), List.of("worker", "list", "--limit", "many"),
        List.of("worker", "list", "--url", "http://127.0.0.1:9"), List.of("serve", "--store", "none"),
        List.of("store", "restore", "nowhere"))) {
      List<String> all = new ArrayList<>(words);
      all.addAll(List.of("--data", data().toString(), "-o", "json"));
      Finished ended = Finished.inProcess(Map.of(), all.toArray(String[]::new));
      Json error = Json.parse(ended.err().strip());
      assertEquals(Integer.toString(ended.exitCode()), Verb.text(error, "exit_code"), words::toString);
      assertFalse(String.valueOf(Verb.text(error, "error")).isEmpty(), words::toString);
      assertFalse(String.valueOf(Verb.text(error, "message")).isEmpty(), words::toString);
      assertEquals("", ended.out());
    }
    assertEquals(ExitCode.USAGE, Finished.inProcess(Map.of(), "serve", "--store", "none").exitCode());
  }

  @Test
  @DisplayName("I-A36 a look at a store whose named node is away is one at the folder, and says so")
  void nodeIsAway() throws Exception {
    try (var daemon = DaemonProcess.start(data())) {
      daemon.signal("TERM");
    }
    Map<String, String> environment =
        Map.of("HOLDFAST_URL", "http://127.0.0.1:9", "XDG_DATA_HOME", folder.toString());
    Files.move(data(), folder.resolve("holdfast"));
    for (String word : List.of("doctor", "recover")) {
      Finished looked = Finished.inProcess(environment, "store", word);
      assertEquals(ExitCode.OK, looked.exitCode(), looked.err());
      assertTrue(looked.err().contains("what follows is of the folder " + folder.resolve("holdfast")), looked.err());
    }
    assertEquals(ExitCode.UNREACHABLE,
        Finished.inProcess(environment, "store", "doctor", "--url", "http://127.0.0.1:9").exitCode());
    Files.delete(folder.resolve("holdfast/store.json"));
    assertEquals(ExitCode.UNREACHABLE, Finished.inProcess(environment, "store", "doctor").exitCode());
  }
}
