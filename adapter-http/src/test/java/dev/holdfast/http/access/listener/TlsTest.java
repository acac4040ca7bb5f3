package dev.holdfast.http.access.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  private static final String NEVER = "1h";

  // Making them is what takes long here.
  private static TestCertificate rsa;
  private static TestCertificate ec;
  private static TestCertificate another;
  private static TestCertificate edwards;

  @TempDir
  Path folder;
  private Path certificateFile;
  private Path keyFile;

  @BeforeAll
  static void make(@TempDir Path made) throws Exception {
    rsa = TestCertificate.fresh(made, "RSA");
    ec = TestCertificate.fresh(made, "EC");
    another = TestCertificate.fresh(made, "EC");
    edwards = TestCertificate.fresh(made, "Ed25519");
  }

  @BeforeEach
  void name() {
    certificateFile = folder.resolve("cert.pem");
    keyFile = folder.resolve("key.pem");
  }

  private NodeUnderTest node(String lookEvery, String... more) {
    Map<String, Object> properties = new HashMap<>(Map.of("holdfast.tls.cert", certificateFile.toString(),
        "holdfast.tls.key", keyFile.toString(), "holdfast.tls.look-every", lookEvery));
    for (int i = 0; i < more.length; i += 2) {
      properties.put(more[i], more[i + 1]);
    }
    return NodeUnderTest.started(properties);
  }

  private static SSLSocket connect(NodeUnderTest node, SSLContext context) throws IOException {
    var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", node.port());
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private static BigInteger shown(SSLSocket socket) throws IOException {
    return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
  }

  /** @return the status line of the answer */
  private static String get(NodeUnderTest node, SSLSocket socket, String... headers) throws IOException {
    return send(socket, "GET /health/liveness HTTP/1.1\r\nHost: " + node.host() + "\r\n"
        + String.join("", headers) + "\r\n");
  }

  private static String send(SSLSocket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    byte[] answer = new byte[4_096];
    int length = socket.getInputStream().read(answer);
    return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8).lines().findFirst().orElse("");
  }

  private static BigInteger shownToAll(NodeUnderTest node, SSLContext context) throws IOException {
    try (SSLSocket socket = connect(node, context)) {
      assertEquals("HTTP/1.1 200 OK", get(node, socket));
      return shown(socket);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  @DisplayName("A-71 The node speaks TLS 1.2 and 1.3 with a certificate and key from PEM files")
  void speaks(String algorithm) throws Exception {
    TestCertificate certificate = switch (algorithm) {
      case "RSA" -> rsa;
      case "EC" -> ec;
      default -> edwards;
    };
    certificate.write(certificateFile, keyFile);
    try (NodeUnderTest node = node(NEVER)) {
      for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
        try (var socket = (SSLSocket) TestCertificate.trusting(certificate).getSocketFactory()
            .createSocket("127.0.0.1", node.port())) {
          socket.setEnabledProtocols(new String[] {version});
          assertEquals("HTTP/1.1 200 OK", get(node, socket));
          assertEquals(certificate.serial(), shown(socket));
        }
      }
      try (RawConnection plain = node.connect("127.0.0.1")) {
        plain.send("GET /health/liveness HTTP/1.1\r\nHost: " + node.host() + "\r\n\r\n");
        assertFalse(plain.untilClosed().contains("HTTP/1.1"));
      }
    }
  }

  @Test
  @DisplayName("A-71 Whoever speaks no newer TLS than 1.1 is refused for that")
  void oldVersions() throws Exception {
    rsa.write(certificateFile, keyFile);
    try (NodeUnderTest node = node(NEVER); var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.setSoTimeout(10_000);
      // A record with a ClientHello of version 1.1 that offers one suite, as RFC 4346 has it.
      byte[] hello = ByteBuffer.allocate(50).put(new byte[] {22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 2}).put(new byte[32])
          .put(new byte[] {0, 0, 2, (byte) 0xc0, 0x14, 1, 0}).array();
      socket.getOutputStream().write(hello);
      byte[] answer = socket.getInputStream().readNBytes(7);
      // An alert: fatal, protocol_version.
      assertEquals(21, answer[0]);
      assertArrayEquals(new byte[] {2, 70}, Arrays.copyOfRange(answer, 5, 7));
    }
  }

  @Test
  @DisplayName("A-71 Told to reload, the node shows the new certificate to whoever comes, and open connections go on")
  void reloaded() throws Exception {
    TestCertificate old = rsa;
    TestCertificate fresh = ec;
    SSLContext both = TestCertificate.trusting(old, fresh);
    old.write(certificateFile, keyFile);
    try (NodeUnderTest node = node(NEVER); SSLSocket open = connect(node, both)) {
      assertEquals("HTTP/1.1 200 OK", get(node, open));
      fresh.write(certificateFile, keyFile);
      assertEquals(old.serial(), shownToAll(node, both));
      node.bean(NodeState.class).reload();
      assertEquals(fresh.serial(), shownToAll(node, both));
      assertEquals("HTTP/1.1 200 OK", get(node, open));
      assertEquals(old.serial(), shown(open));
    }
  }

  @Test
  @DisplayName("A-71 Files that have changed are found by the node itself, also one after the other")
  void changed() throws Exception {
    TestCertificate old = ec;
    TestCertificate fresh = another;
    SSLContext both = TestCertificate.trusting(old, fresh);
    old.write(certificateFile, keyFile);
    try (NodeUnderTest node = node("20ms")) {
      Files.writeString(certificateFile, fresh.certificatePem());
      assertEquals(old.serial(), shownToAll(node, both));
      Files.writeString(keyFile, fresh.keyPem());
      await().until(() -> shownToAll(node, both).equals(fresh.serial()));
    }
  }

  @Test
  @DisplayName("A-71 Files that are broken change nothing, and the log says why and not what they hold")
  void broken() throws Exception {
    SSLContext context = TestCertificate.trusting(ec);
    ec.write(certificateFile, keyFile);
    PrintStream usual = System.err;
    var log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try (NodeUnderTest node = node(NEVER)) {
      for (String text : new String[] {"canary-pem", "", "-----BEGIN PRIVATE KEY-----\ncanary-pem\n"}) {
        Files.writeString(keyFile, text);
        node.bean(NodeState.class).reload();
        assertEquals(ec.serial(), shownToAll(node, context));
      }
      Files.delete(keyFile);
      node.bean(NodeState.class).reload();
      assertEquals(ec.serial(), shownToAll(node, context));
    } finally {
      System.setErr(usual);
    }
    String said = log.toString(StandardCharsets.UTF_8);
    assertEquals(4, said.split("the certificate stays as it was", -1).length - 1, said);
    assertFalse(said.contains("canary") || said.contains("\tat ") || said.contains(folder.toString()), said);
  }

  @Test
  @DisplayName("A-81 A handshake that doesn't come is cut as a head is")
  void slowHandshake() throws Exception {
    ec.write(certificateFile, keyFile);
    try (NodeUnderTest node = node(NEVER, "holdfast.listener.head-within", "200ms")) {
      for (String begun : new String[] {"", "\u0016\u0003\u0001"}) {
        try (RawConnection slow = node.connect("127.0.0.1")) {
          slow.send(begun);
          assertFalse(slow.untilClosed().contains("HTTP"));
        }
      }
    }
  }

  @Test
  @DisplayName("A-31, A-32 Where TLS is spoken names without a port are those of port 443")
  void names() throws Exception {
    ec.write(certificateFile, keyFile);
    try (NodeUnderTest node = node(NEVER, "holdfast.allowed-hosts", "Node.Example,other.example:8443");
        SSLSocket socket = connect(node, TestCertificate.trusting(ec))) {
      String own = "127.0.0.1:" + node.port();
      requireStatus(200, socket, own, "https://" + own);
      requireStatus(200, socket, "node.example", "https://node.example");
      requireStatus(200, socket, "node.example:443", "https://node.example:443");
      requireStatus(200, socket, "node.example:" + node.port(), "https://node.example:" + node.port());
      requireStatus(200, socket, "other.example:8443", "https://other.example:8443");
      requireStatus(403, socket, "other.example", "https://other.example:8443");
      requireStatus(403, socket, "node.example", "http://node.example");
      requireStatus(403, socket, "node.example", "https://node.example:1");
      requireStatus(403, socket, own, "https://evil.example");
      requireStatus(403, socket, "127.0.0.1", "https://" + own);
      String head = " HTTP/1.1\r\nHost: node.example\r\n\r\n";
      assertEquals("HTTP/1.1 200 OK", send(socket, "GET https://node.example/health/liveness" + head));
      assertEquals("HTTP/1.1 403 Forbidden", send(socket, "GET https://evil.example/health/liveness" + head));
    }
  }

  private static void requireStatus(int status, SSLSocket socket, String host, String origin) throws IOException {
    String line = send(socket,
        "GET /health/liveness HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin + "\r\n\r\n");
    assertTrue(line.startsWith("HTTP/1.1 " + status), host + " from " + origin + ": " + line);
  }

  @Test
  @DisplayName("A-71 A pair of files that no server could use is refused with what is wrong with it")
  void unusable() {
    TestCertificate one = ec;
    requireBroken("the key is not the certificate's", one.certificatePem(), another.keyPem());
    requireBroken("another kind", one.certificatePem(), rsa.keyPem());
    requireBroken("no certificate", "", one.keyPem());
    requireBroken("not in PEM form", "nonsense", one.keyPem());
    requireBroken("no key in PEM form", one.certificatePem(), one.certificatePem());
    requireBroken("encrypted", one.certificatePem(), one.keyPem().replace("PRIVATE", "ENCRYPTED PRIVATE"));
    requireBroken("openssl pkcs8", one.certificatePem(), one.keyPem().replace("PRIVATE", "EC PRIVATE"));
  }

  private static void requireBroken(String says, String certificate, String key) {
    String said = assertThrows(PemPair.Broken.class, () -> PemPair.read(certificate, key)).says();
    assertTrue(said.contains(says), said);
  }
}
