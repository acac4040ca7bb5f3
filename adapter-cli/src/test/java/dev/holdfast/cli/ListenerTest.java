package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a node listens, as real processes (spec A-71). */
class ListenerTest {
  @TempDir
  Path folder = Path.of(".");

  private Finished serve(String... options) throws InterruptedException {
    List<String> words = new ArrayList<>(List.of("serve", "--port", "0", "--data", folder.resolve("data").toString()));
    words.addAll(List.of(options));
    return Finished.of(DaemonProcess.command(Map.of(), words));
  }

  @Test
  @DisplayName("A-A10 beyond loopback without TLS: exit 2; behind a proxy but with no public host: exit 2; with both: it starts")
  void beyondLoopback() throws Exception {
    Finished bare = serve("--host", "0.0.0.0");
    assertEquals(ExitCode.USAGE, bare.exitCode(), bare.err());
    assertTrue(bare.err().contains("(insecure_bind)"), bare.err());
    Finished nameless = serve("--host", "0.0.0.0", "--behind-proxy");
    assertEquals(ExitCode.USAGE, nameless.exitCode(), nameless.err());
    assertTrue(nameless.err().contains("(insecure_bind)") && nameless.err().contains("--public-host"), nameless.err());
    assertTrue(Files.notExists(folder.resolve("data")));
    assumeTrue(new ProcessBuilder("unshare", "-rn", "true").start().waitFor() == 0, "no network of one's own here");
    try (
        var daemon = DaemonProcess.alone(folder.resolve("data"), "--host", "0.0.0.0", "--behind-proxy", "--public-host",
            "agents.example.com")) {
      String port = String.format("00000000:%04X", daemon.address().getPort());
      String table = Files.readString(Path.of("/proc", Long.toString(daemon.pid()), "net", "tcp"))
          + Files.readString(Path.of("/proc", Long.toString(daemon.pid()), "net", "tcp6"));
      assertTrue(table.contains(port), table);
      assertEquals(ExitCode.TERMINATED, daemon.signal("TERM"));
    }
  }

  @ParameterizedTest
  @CsvSource({"--tls-cert,/c.pem,go together", "--tls-key,/c.key,go together",
    "--tls-cert=/c --tls-key,/k,can't be read",
    "--host,192.0.2.1,reachable from outside", "--behind-proxy --grace,1,--public-host",
    "--public-host,https://box,a name", "--proxy-address,box,an IP address"})
  @DisplayName("A-71 flags that don't make a listener: exit 2 and nothing is made")
  void noListener(String options, String last, String why) throws Exception {
    List<String> words = new ArrayList<>(List.of(options.split(" ")));
    words.add(last);
    Finished refused = serve(words.toArray(String[]::new));
    assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains(why), refused.err());
    assertTrue(Files.notExists(folder.resolve("data")));
  }

  @Test
  @DisplayName("A-71 a node takes its listener, limits and profiles from a configuration file")
  void fromFile() throws Exception {
    Path file = Files.createDirectories(folder.resolve("config").resolve("holdfast")).resolve("config.yaml");
    Files.writeString(file, """
        behind_proxy: true
        public_hosts: [Agents.example.com]
        grace: 1
        limits: {streams_per_key: 1}
        profiles:
          reviewer: {instructions: "Costs ${nothing}."}
        """);
    Map<String, String> configured = Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString());
    try (var daemon = DaemonProcess.start(folder.resolve("data"), configured)) {
      assertTrue(status(daemon.address(), "agents.example.com").startsWith("HTTP/1.1 200"));
      assertTrue(status(daemon.address(), "evil.example.com").startsWith("HTTP/1.1 403"));
      String known = daemon.cli("worker", "create", "--profile", "reviewer", "-o", "name").out().strip();
      String unknown = daemon.cli("worker", "create", "--profile", "nobody", "-o", "name").out().strip();
      assertEquals(true, daemon.cli("worker", "show", known, "-o", "json").json().members().get("profile_resolved"));
      assertEquals(false, daemon.cli("worker", "show", unknown, "-o", "json").json().members().get("profile_resolved"));
      try (Socket first = stream(daemon)) {
        assertEquals("HTTP/1.1 200 OK", firstLine(first).strip());
        try (Socket second = stream(daemon)) {
          assertEquals("HTTP/1.1 429 Too Many Requests", firstLine(second).strip());
        }
      }
      assertEquals(ExitCode.TERMINATED, daemon.signal("TERM"));
    }
  }

  @Test
  @DisplayName("A-71 TLS: clients with the authority are answered, others not; SIGHUP takes a new certificate, and the node goes on")
  void tls() throws Exception {
    SelfSigned first = SelfSigned.made(folder, "first");
    SelfSigned second = SelfSigned.made(folder, "second");
    Path certificate = Files.copy(first.certificate(), folder.resolve("tls.pem"));
    Path key = Files.copy(first.key(), folder.resolve("tls.key"));
    try (var daemon = DaemonProcess.start(folder.resolve("data"), "--tls-cert", certificate.toString(), "--tls-key",
        key.toString())) {
      assertEquals("https", daemon.address().getScheme());
      assertEquals(ExitCode.OK, whoami(daemon, first));
      assertEquals(ExitCode.UNREACHABLE, whoami(daemon, second));
      assertEquals(ExitCode.UNREACHABLE, daemon.cli("whoami").exitCode());
      Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
      Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
      daemon.nudge("HUP");
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> whoami(daemon, second) == ExitCode.OK);
      assertEquals(ExitCode.UNREACHABLE, whoami(daemon, first));
      assertEquals(ExitCode.TERMINATED, daemon.signal("TERM"));
    }
  }

  @Test
  @DisplayName("A-71 files that are no certificate: exit 2, and which of them is wrong")
  void noCertificate() throws Exception {
    SelfSigned good = SelfSigned.made(folder, "good");
    Finished refused = serve("--tls-cert", good.key().toString(), "--tls-key", good.key().toString());
    assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
    assertTrue(refused.err().startsWith("holdfast: The request is not valid (invalid_request)\n  TLS: "),
        refused.err());
    assertTrue(Files.notExists(folder.resolve("data")));
  }

  private static int whoami(DaemonProcess daemon, SelfSigned authority) {
    return daemon.cli("whoami", "--ca-file", authority.certificate().toString()).exitCode();
  }

  private static Socket stream(DaemonProcess daemon) throws IOException {
    Socket socket = connected(daemon.address(), daemon.address().getAuthority(),
        "/api/v1/events/stream", "Authorization: Bearer " + daemon.key() + "\r\n");
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static String status(URI address, String host) throws IOException {
    try (Socket socket = connected(address, host, "/health/liveness", "")) {
      return firstLine(socket);
    }
  }

  private static Socket connected(URI address, String host, String path, String header) throws IOException {
    Socket socket = new Socket(address.getHost(), address.getPort());
    socket.getOutputStream()
        .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAccept: text/event-stream, */*\r\n"
            + header + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String firstLine(Socket socket) throws IOException {
    var line = new StringBuilder();
    for (int c = socket.getInputStream().read(); c >= 0 && c != '\n'; c = socket.getInputStream().read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  @Test
  @DisplayName("every property of the node that a setting stands for is read by the node")
  void propertiesAreRead() throws IOException {
    List<String> sources = new ArrayList<>();
    try (var files = Files.walk(Path.of(".."))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java") && f.toString().contains("/src/main/"))
          .toList()) {
        sources.add(Files.readString(file));
      }
    }
    String commands =
        sources.stream().filter(text -> text.contains("final class Listener {")).findFirst().orElseThrow();
    List<String> names = Pattern.compile("\"(holdfast\\.[a-z.-]+)\"").matcher(commands).results()
        .map(match -> match.group(1)).toList();
    assertTrue(names.size() >= 9, names.toString());
    for (String name : names) {
      assertTrue(
          sources.stream()
              .anyMatch(text -> !text.contains("final class Listener {") && (text.contains("${" + name + ":")
                  || text.contains("${" + name + "}") || text.contains("\"" + name + "\""))),
          name + " is read by nobody");
    }
  }
}
