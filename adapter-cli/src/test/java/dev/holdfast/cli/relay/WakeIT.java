package dev.holdfast.cli.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.cli.Finished;
import dev.holdfast.cli.turns.OpenAiUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model server that runs only once somebody has called its model: node, publisher and server are processes of their own. */
@Timeout(180)
class WakeIT {
  private final Path temp;
  private final Path starts;
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  WakeIT(@TempDir Path temp) {
    this.temp = temp;
    starts = temp.resolve("starts");
  }

  /** The recipe leaves its servers behind. */
  @AfterEach
  void stop() throws IOException {
    http.shutdownNow();
    if (Files.exists(starts)) {
      for (String pid : Files.readAllLines(starts)) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  /** A script that starts the server at that port, and remembers that it did. */
  private Path recipe(int port) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return Files.writeString(temp.resolve("wake.sh"),
        "'" + java + "' -cp '" + System.getProperty("java.class.path") + "' "
            + OpenAiUpstream.class.getName() + " " + Laptop.WORDS + " 1 tiny " + port
            + " > /dev/null 2>&1 &\necho $! >> '" + starts
            + "'\n");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  @DisplayName("R-60 R-62 the model of a server that isn't running is there, asleep; the first call starts the server, once for all who "
      + "call meanwhile, and all are served")
  void woken() throws Exception {
    int port = freePort();
    try (DaemonProcess node = DaemonProcess.ofDistribution(temp.resolve("data"))) {
      Path key = temp.resolve("laptop.key");
      Finished made = node.cli("key", "create", "--role", "publisher", "--subject", "ann", "--label", "laptop", "--out",
          key.toString());
      assertEquals(0, made.exitCode(), made.err());
      try (var publisher = PublisherProcess.start(node, key, temp.resolve("home"), "--backend",
          "http://127.0.0.1:" + port, "--model", "tiny", "--shared", "--wake-command", "sh '" + recipe(port) + "'")) {
        await().atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> assertEquals(1, publisher.links(), publisher.told()));
        assertTrue(node.cli("provider", "list", "-o", "json").out().contains("hibernating"));
        assertFalse(Files.exists(starts), "nobody has called it");
        for (StreamedCall call : List.of(new StreamedCall(http, node, "tiny", "hi"),
            new StreamedCall(http, node, "tiny", "and hi"))) {
          call.assertWhole("tiny", Laptop.WORDS, 1);
        }
        new StreamedCall(http, node, "tiny", "again").assertWhole("tiny", Laptop.WORDS, 1);
        assertEquals(1, Files.readAllLines(starts).size(), "one start");
        assertFalse(node.cli("provider", "list", "-o", "json").out().contains("hibernating"));
        assertFalse(publisher.told().contains("wake.sh"), "R-A44");
      }
    }
  }
}
