package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.PresentedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** every verdict, provoked. */
class DoctorTest {
  private static final String NOBODY = "http://127.0.0.1:1";

  @TempDir
  Path parent = Path.of(".");

  private Path data() {
    return parent.resolve("data");
  }

  /** What was found, by check. */
  private record Diagnosis(int exitCode, Map<String, Json> findings) {
    /** All is well, but for what a busy machine's disk may be. */
    void isHealthy() {
      assertEquals(ExitCode.OK, exitCode, findings::toString);
      findings.forEach((check, finding) -> assertTrue(
          Set.of("sync", "space").contains(check) || "ok".equals(finding.members().get("level")), findings::toString));
    }

    void has(String check, String level, String... words) {
      Json finding = findings.getOrDefault(check, Json.EMPTY_OBJECT);
      assertEquals(level, finding.members().get("level"), () -> check + ": " + findings);
      for (String word : words) {
        assertTrue(finding.text().contains(word), () -> word + " in " + finding);
      }
    }
  }

  /** At no node, and at port 1, which nobody listens on, unless the environment says otherwise. */
  private Diagnosis diagnose(Map<String, String> environment, String... more) {
    Map<String, String> all = new TreeMap<>(Map.of("HOLDFAST_URL", NOBODY, "HOLDFAST_PORT", "1", "HOLDFAST_DATA",
        data().toString(), "HOME", parent.toString()));
    all.putAll(environment);
    List<String> words =
        Stream.concat(Stream.of("doctor", "-o", "ndjson", "--timeout", "60"), Stream.of(more)).toList();
    Finished doctor = Finished.inProcess(all, words.toArray(String[]::new));
    return new Diagnosis(doctor.exitCode(), doctor.out().lines().map(Json::parse)
        .collect(Collectors.toMap(finding -> String.valueOf(finding.members().get("check")), finding -> finding)));
  }

  private Diagnosis diagnose(String... more) {
    return diagnose(Map.of(), more);
  }

  /** A data directory as a node leaves it that was stopped. */
  private void used() throws Exception {
    try (var daemon = DaemonProcess.start(data())) {
      daemon.cli("worker", "create");
      daemon.signal("TERM");
    }
  }

  /** Names, permissions, times and bytes of all files; of folders no times, as a measurement's file came and went. */
  private Map<String, String> everything() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(parent)) {
      for (Path path : tree.toList()) {
        boolean file = Files.isRegularFile(path);
        found.put(path.toString(), Files.getPosixFilePermissions(path) + (file
            ? Files.getLastModifiedTime(path) + Files.readString(path, StandardCharsets.ISO_8859_1)
            : ""));
      }
    }
    return found;
  }

  @Test
  @DisplayName("A-106 before the first start all is well, and nothing is made")
  void beforeTheFirstStart() throws Exception {
    Map<String, String> before = everything();
    Diagnosis healthy = diagnose();
    healthy.isHealthy();
    assertEquals(Set.of("configuration", "data_directory", "lock", "space", "sync", "store", "node", "port", "key",
        "version", "clock",
        "artifacts", "engines", "java", "tls"), healthy.findings().keySet());
    assertEquals(before, everything());
  }

  @Test
  @DisplayName("A-106 a stopped node's folder is well, and is left as it is by every form of output")
  void stopped() throws Exception {
    used();
    Map<String, String> before = everything();
    Diagnosis healthy = diagnose();
    healthy.isHealthy();
    healthy.has("store", "ok", "sound by SQLite's quick check");
    assertTrue(String.valueOf(healthy.findings().get("sync")).contains("ms a sync"));
    for (String form : List.of("json", "yaml", "table", "wide", "name")) {
      Finished doctor = Finished.inProcess(Map.of("HOLDFAST_URL", NOBODY, "HOLDFAST_PORT", "1", "HOLDFAST_DATA",
          data().toString()), "doctor", "--timeout", "60", "-o", form);
      assertEquals(ExitCode.OK, doctor.exitCode(), doctor.out());
      assertTrue(doctor.out().contains("data_directory"), doctor.out());
    }
    assertEquals(before, everything());
  }

  @Test
  @DisplayName("A-106 the files of a filesystem store are read as they are, without being told that it is one")
  void filesystem() throws Exception {
    try (var daemon = DaemonProcess.start(data(), "--store", "filesystem")) {
      daemon.cli("worker", "create");
      daemon.kill();
    }
    Map<String, String> before = everything();
    diagnose().has("store", "ok", "sound by reading the journal: one file");
    assertEquals(before, everything());
    Path journal = data().resolve("fs").resolve("journal").resolve("seg-0000000000000001.hfj");
    byte[] bytes = Files.readAllBytes(journal);
    bytes[70] ^= 1;
    Files.write(journal, bytes);
    diagnose().has("store", "fail", "the journal is damaged", "holdfast store doctor");
  }

  @Test
  @DisplayName("A-106 a running node: its process, its readiness, its port, its key; it isn't disturbed; once killed it is told apart")
  void running() throws Exception {
    try (var daemon = DaemonProcess.start(data())) {
      String port = Integer.toString(daemon.address().getPort());
      Diagnosis well = diagnose(daemon.clientEnvironment(), "--port", port);
      well.isHealthy();
      well.has("lock", "ok", "held by process " + daemon.pid());
      well.has("store", "ok", "a node holds it");
      well.has("node", "ok", "ready at " + daemon.address());
      well.has("port", "ok", "a Holdfast node listens");
      well.has("key", "ok", "role admin");
      well.has("version", "ok", "as the node");
      diagnose().has("node", "warn", "a node holds the data directory, and nothing answers", "--url");
      assertEquals(ExitCode.FAILED, diagnose("--strict").exitCode());
      Finished second = Finished.of(DaemonProcess.command(Map.of(), List.of("serve", "--port", "0", "--data",
          data().toString())));
      assertEquals(ExitCode.UNREACHABLE, second.exitCode(), second.err());
      daemon.cli("worker", "create");
      long pid = daemon.pid();
      daemon.kill();
      Diagnosis killed = diagnose();
      killed.has("lock", "ok", "left behind by process " + pid);
      killed.has("store", "ok", "sound by SQLite's quick check");
      assertEquals(ExitCode.OK, killed.exitCode());
    }
  }

  @Test
  @DisplayName("A-106 a folder that others can read, a damaged store and a clock behind the last start")
  void folder() throws Exception {
    used();
    Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwxr-xr-x"));
    Diagnosis loose = diagnose();
    loose.has("data_directory", "fail", "(data_dir_permissions)", "chmod 700 " + data());
    assertEquals(ExitCode.STORE, loose.exitCode());
    Files.setPosixFilePermissions(data(), PosixFilePermissions.fromString("rwx------"));

    Files.writeString(data().resolve("db").resolve("holdfast.db"), "not a database");
    Files.setLastModifiedTime(data().resolve("epoch"), FileTime.from(Instant.now().plus(Duration.ofDays(1))));
    Diagnosis damaged = diagnose();
    damaged.has("store", "fail", "it is not a database", "holdfast store doctor");
    damaged.has("clock", "warn", "behind the last start");
    assertEquals(ExitCode.STORE, damaged.exitCode());
  }

  @Test
  @DisplayName("A-106 a key that is lost, open to others, mistyped, or another node's")
  void keys() throws Exception {
    try (var daemon = DaemonProcess.start(data())) {
      Path mine = parent.resolve("my.key");
      Map<String, String> environment = new TreeMap<>(daemon.clientEnvironment());
      environment.put("HOLDFAST_KEY_FILE", mine.toString());
      diagnose(environment).has("key", "fail", "isn't there");
      Files.writeString(mine, daemon.key());
      Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rw-r--r--"));
      diagnose(environment).has("key", "fail", "chmod 600 " + mine);
      Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rw-------"));
      diagnose(environment).has("key", "ok", "role admin");
      Files.writeString(mine, daemon.key().replaceAll("[0-9a-f]$", "x"));
      diagnose(environment).has("key", "fail", "holds no key");
      Files.writeString(mine, PresentedKey.random("0"::repeat).text());
      diagnose(environment).has("key", "fail", "doesn't take", "invalid_key");
      daemon.signal("TERM");
      Files.delete(data().resolve("keys").resolve("admin.key"));
      diagnose().has("key", "fail", "isn't there", "holdfast key recover");
    }
  }

  @Test
  @DisplayName("A-106 another program on the port, a node of another version, and nodes that aren't ready")
  void others() {
    try (var other = new StubNode(StubNode.json(200, "<html>"))) {
      Diagnosis taken = diagnose("--port", other.url().replaceAll(".*:", ""));
      taken.has("port", "fail", "another program listens", "holdfast serve --port 0");
      assertEquals(ExitCode.STORE, taken.exitCode());
    }
    try (var newer = new StubNode(StubNode.json(200, "{\"status\":\"ready\",\"node_version\":\"99\"}"))) {
      diagnose(Map.of("HOLDFAST_URL", newer.url())).has("version", "warn", "the node 99");
    }
    for (String reason : List.of("node_starting", "node_draining", "store_poisoned")) {
      try (var node =
          new StubNode(StubNode.json(503, "{\"status\":\"not_ready\",\"reason\":\"" + reason + "\"}"))) {
        diagnose(Map.of("HOLDFAST_URL", node.url()))
            .has("node", reason.startsWith("node") ? "warn" : "fail", reason);
      }
    }
  }

  @Test
  @DisplayName("A-106 a mistake in a configuration file is a finding with its line, and the other checks go on")
  void configuration() throws Exception {
    Path file = Files.createDirectories(parent.resolve(".config").resolve("holdfast")).resolve("config.yaml");
    for (String mistake : List.of("timeout: soon", "context: nobody")) {
      Files.writeString(file, "# mine\n" + mistake + "\n");
      Diagnosis mistaken = diagnose();
      mistaken.has("configuration", "fail", file + ":2: ", "holdfast config check");
      mistaken.has("data_directory", "ok");
      mistaken.has("java", "ok");
      assertEquals(ExitCode.STORE, mistaken.exitCode());
    }
    Files.writeString(file, "output: wide\n");
    diagnose().has("configuration", "ok", "no problem");
  }

  @Test
  @DisplayName("A-106 a certificate that isn't trusted, the port of the address that is asked after, and a version without a key")
  void addressAndTrust() throws Exception {
    SelfSigned own = SelfSigned.made(parent, "own");
    try (var daemon = DaemonProcess.start(data(), "--tls-cert", own.certificate().toString(), "--tls-key",
        own.key().toString())) {
      Diagnosis untrusted = diagnose(Map.of("HOLDFAST_URL", daemon.address().toString()));
      untrusted.has("node", "fail", "the certificate isn't trusted", "--ca-file");
      untrusted.has("version", "ok", "certificate isn't trusted");
    }
    try (var daemon = DaemonProcess.start(parent.resolve("other"))) {
      String url = daemon.address().toString();
      Finished asked =
          Finished.inProcess(Map.of("HOME", parent.toString(), "HOLDFAST_DATA", data().toString()), "doctor",
              "--url", url, "--timeout", "60");
      assertTrue(asked.out().contains("a Holdfast node listens on " + url.replace("http://", "")), asked.out());
      assertTrue(asked.out().contains("tells its own only to a key that it takes"), asked.out());
    }
  }

  @Test
  @DisplayName("A-106 a certificate that is there, expires soon, has expired, can't be read, is none")
  void certificates() throws Exception {
    certificate("good", "-1d", "365").has("tls", "ok", "is valid until");
    certificate("soon", "-1d", "5").has("tls", "warn", "expires at", "kill -HUP");
    certificate("old", "-10d", "5").has("tls", "fail", "expired at");
    diagnose(Map.of("HOLDFAST_TLS_CERT", parent.resolve("none").toString())).has("tls", "fail", "can't be read");
    Files.writeString(parent.resolve("text"), "no certificate");
    diagnose(Map.of("HOLDFAST_TLS_CERT", parent.resolve("text").toString())).has("tls", "fail", "holds no certificate");
  }

  private Diagnosis certificate(String name, String start, String days) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String keys = parent.resolve(name + ".p12").toString();
    String file = parent.resolve(name + ".pem").toString();
    run(keytool, "-genkeypair", "-keyalg", "EC", "-alias", "a", "-dname", "CN=box", "-startdate", start, "-validity",
        days, "-keystore", keys, "-storepass", "changeit");
    run(keytool, "-exportcert", "-rfc", "-alias", "a", "-keystore", keys, "-storepass", "changeit", "-file", file);
    return diagnose(Map.of("HOLDFAST_TLS_CERT", file));
  }

  private static void run(String... command) throws Exception {
    Finished ended = Finished.of(new ProcessBuilder(command).start());
    assertEquals(0, ended.exitCode(), ended.out() + ended.err());
    assertFalse(ended.err().contains("error"), ended.err());
  }
}
