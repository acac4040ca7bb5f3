package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a node with TLS: whom they believe. */
class TrustTest {
  @TempDir
  static Path folder = Path.of(".");

  @SuppressWarnings("NullAway.Init")
  private static SelfSigned node;
  @SuppressWarnings("NullAway.Init")
  private static SelfSigned other;

  @BeforeAll
  static void certificates() throws Exception {
    node = SelfSigned.made(folder, "node");
    other = SelfSigned.made(folder, "other");
  }

  private static Finished whoami(String url, String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "whoami";
    System.arraycopy(words, 0, all, 1, words.length);
    return Finished.inProcess(Map.of("HOLDFAST_URL", url, "HOLDFAST_DATA", "/nowhere"), all);
  }

  private static StubNode secure() {
    return new StubNode(node.tls(), StubNode.json(200, "{\"key_id\":\"k\"}"));
  }

  @Test
  @DisplayName("A-71 https with the authority of --ca-file")
  void believed() {
    try (StubNode stub = secure()) {
      Finished shown = whoami(stub.url(), "--ca-file", node.certificate().toString(), "-o", "name");
      assertEquals("k\n", shown.out(), shown.err());
    }
  }

  @Test
  @DisplayName("A-71 a stream of events over https")
  void stream() {
    try (StubNode stub = new StubNode(node.tls(), StubNode.json(200, "{\"session\":{\"open_turn_id\":\"turn-1\"}}"),
        StubNode.json(200, "{\"turn_id\":\"turn-1\",\"session_id\":\"w\"}"),
        StubNode.stream("id: 1-1\nevent: output.end\ndata: {\"attempt\":1,\"outcome\":\"completed\","
            + "\"reason\":null,\"head_revision\":1}\n\n"))) {
      Finished followed = Finished.inProcess(Map.of("HOLDFAST_URL", stub.url(), "HOLDFAST_CA_FILE",
          node.certificate().toString(), "HOLDFAST_DATA", "/nowhere"), "turn", "follow", "--worker", "w", "-o",
          "ndjson");
      assertEquals(ExitCode.OK, followed.exitCode(), followed.err());
    }
  }

  @Test
  @DisplayName("another authority, none at all, or another name: refused before anything is sent, with what to try")
  void notBelieved() {
    try (StubNode stub = secure()) {
      for (Finished refused : new Finished[] {whoami(stub.url()),
        whoami(stub.url(), "--ca-file", other.certificate().toString()),
        whoami(stub.url().replace("127.0.0.1", "localhost"), "--ca-file", node.certificate().toString())}) {
        assertEquals(ExitCode.UNREACHABLE, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains("can't show that it is the node"), refused.err());
        assertTrue(refused.err().contains("--ca-file"), refused.err());
      }
      assertEquals(0, stub.requests().size());
    }
  }

  @Test
  @DisplayName("the other scheme than the one that is spoken: exit 6, with the address to try, also for what changes something")
  void otherScheme() throws IOException {
    try (StubNode stub = secure(); var plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String there = stub.url().replace("https:", "http:");
      Finished created = Finished.inProcess(Map.of("HOLDFAST_URL", there, "HOLDFAST_TIMEOUT", "1"), "worker", "create");
      for (Finished refused : new Finished[] {whoami(there, "--timeout", "1"), created}) {
        assertEquals(ExitCode.UNREACHABLE, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains("may speak https\n  try: the same command with --url " + stub.url()),
            refused.err());
      }
      Thread.ofVirtual().start(() -> answerPlainly(plain));
      String place = "127.0.0.1:" + plain.getLocalPort();
      Finished refused = whoami("https://" + place);
      assertEquals(ExitCode.UNREACHABLE, refused.exitCode(), refused.err());
      assertTrue(refused.err().contains("may speak http\n  try: the same command with --url http://" + place),
          refused.err());
    }
  }

  /** As a server without TLS does that is greeted with a handshake. */
  private static void answerPlainly(ServerSocket server) {
    try (Socket caller = server.accept()) {
      caller.getInputStream().read();
      caller.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("a ca_file that is none is refused as such")
  void noAuthority() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    Path garbage = Files.writeString(folder.resolve("garbage.pem"), "-----BEGIN CERTIFICATE-----\nx\n");
    for (Path file : new Path[] {empty, garbage, folder.resolve("nowhere.pem")}) {
      Finished refused = whoami("https://127.0.0.1:1", "--ca-file", file.toString());
      assertEquals(ExitCode.USAGE, refused.exitCode(), refused.err());
      assertTrue(refused.err().contains("the ca_file " + file), refused.err());
    }
  }
}
