package dev.holdfast.cli.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.domain.Json;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM leaves behind when it is the JVM that crashes. */
class CrashDumpIT {
  private static final String CANARY = "canary-7f3a9c51";

  @TempDir
  private Path temp;

  @Test
  @DisplayName("A-A7 a node whose JVM crashes leaves no core, and a report for its owner only, without keys, inputs or URLs")
  void crash() throws Exception {
    Path report = temp.resolve("crash.log");
    try (DaemonProcess daemon = DaemonProcess.ofDistribution(temp.resolve("data"),
        Map.of("HOLDFAST_JAVA_OPTS", "-XX:ErrorFile=" + report))) {
      String key = daemon.key();
      var member = new Member(HttpClient.newHttpClient(), daemon.address(), key);
      member.post("/api/v1/providers",
          Json.object("name", "far", "url", "https://far.example/" + CANARY + "?k=" + CANARY),
          null);
      String worker = Member.text(member.post("/api/v1/workers", Json.EMPTY_OBJECT, null), "worker_id");
      member.post("/api/v1/workers/" + worker + "/inputs", Json.object("kind", "user", "content", "say " + CANARY,
          "options", Json.object("scripted", Json.object("words", 400, "delay_ms", 10))), null);
      member.get("/api/v1/workers/" + worker + "/transcript");

      assertTrue(daemon.signal("SEGV") != 0);

      String text = Files.readString(report);
      assertTrue(text.contains("SIGSEGV"), "no report of a crash");
      for (String secret : List.of(CANARY, key, key.substring(21, 85))) {
        assertFalse(text.contains(secret), () -> "found in " + report);
      }
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(report)));
      try (Stream<Path> here = Files.list(Path.of("."))) {
        assertEquals(List.of(), here.filter(file -> file.getFileName().toString().startsWith("core")).toList());
      }
    }
  }
}
