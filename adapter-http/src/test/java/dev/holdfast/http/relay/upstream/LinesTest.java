package dev.holdfast.http.relay.upstream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.AnswerStream.Piece;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.http.relay.FakeProvider;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of connections between calls, before a provider that writes what a test says, byte for byte. */
class LinesTest {
  private static final String STREAM = """
      HTTP/1.1 200 OK\r
      Content-Type: text/event-stream\r
      Transfer-Encoding: chunked\r
      \r
      e\r
      data: [DONE]

      \r
      0\r
      \r
      """;

  private final Upstream upstream = new Upstream(Duration.ofSeconds(5), Duration.ofSeconds(20));
  private final ServerSocket server;
  private final CopyOnWriteArrayList<Socket> connections = new CopyOnWriteArrayList<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Answering answering = (_, _) -> {
  };

  private interface Answering {
    /** @param request from 1, of all that came */
    void answer(Socket connection, int request) throws IOException;
  }

  LinesTest() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = server.accept();
        connections.add(connection);
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void serve(Socket connection) {
    try {
      var in = new BufferedInputStream(connection.getInputStream());
      while (request(in)) {
        answering.answer(connection, requests.incrementAndGet());
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private static boolean request(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return false;
      }
      head.append((char) b);
    }
    String length = head.toString().toLowerCase(Locale.ROOT).replaceAll("(?s).*content-length: (\\d+).*", "$1");
    in.skipNBytes(Integer.parseInt(length));
    return true;
  }

  private static void write(Socket connection, String text) throws IOException {
    connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    connection.getOutputStream().flush();
  }

  private static String whole(int number) {
    String body = "{\"n\":" + number + "}";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private PublicProvider provider() {
    return FakeProvider.provider("raw", "http://127.0.0.1:" + server.getLocalPort() + "/v1", null);
  }

  private ProviderAnswer call(boolean streaming) throws InterruptedException {
    return new UpstreamCalls(upstream).call(provider(), new InferenceRequest(InferenceRequest.CHAT,
        Json.object("model", "m", "stream", streaming), streaming));
  }

  private long answered() throws InterruptedException {
    var whole = assertInstanceOf(ProviderAnswer.Whole.class, call(false));
    return assertInstanceOf(Long.class, Json.parse(whole.body()).members().get("n"));
  }

  @Test
  @DisplayName("a connection is used again, behind a whole answer and behind a stream's true end")
  void reused() throws InterruptedException {
    answering = (connection, request) -> write(connection, request == 2
        ? STREAM
        : whole(request));
    assertEquals(1, answered());
    try (var stream = assertInstanceOf(ProviderAnswer.Streamed.class, call(true)).stream()) {
      assertEquals(new Piece.Event("[DONE]"), stream.next(Duration.ofSeconds(5)));
    }
    assertEquals(3, answered());
    assertEquals(1, connections.size());
  }

  @Test
  @DisplayName("a kept connection that the provider has closed meanwhile costs no call")
  void stale() throws InterruptedException {
    answering = (connection, request) -> {
      if (request == 2) {
        connection.close();
      } else {
        write(connection, whole(request));
      }
    };
    assertEquals(1, answered());
    assertEquals(3, answered());
    assertEquals(2, connections.size());
  }

  @Test
  @DisplayName("what comes behind an answer that nobody asked for is nobody's answer")
  void leftover() throws InterruptedException {
    answering = (connection, request) -> write(connection, request == 1 ? whole(1) + whole(666) : whole(request));
    assertEquals(1, answered());
    for (int i = 0; i < 5; i++) {
      assertTrue(answered() < 100);
    }
  }

  @Test
  @DisplayName("an answer to a request that isn't read ends its connection, and the next call has one of its own")
  void early() throws InterruptedException {
    answering = (connection, request) -> write(connection, request == 1
        ? "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        : whole(request));
    assertEquals(413, assertInstanceOf(ProviderAnswer.Whole.class, call(false)).status());
    assertEquals(2, answered());
    assertEquals(2, connections.size());
  }

  @Test
  @DisplayName("what is no answer is a failure of transport, and isn't asked for twice")
  void garbage() throws InterruptedException {
    answering = (connection, request) -> {
      if (request == 2) {
        write(connection, "SSH-2.0-x\r\n\r\n");
      } else {
        write(connection, whole(request));
      }
    };
    assertEquals(1, answered());
    assertTrue(assertInstanceOf(ProviderAnswer.Failed.class, call(false)).transport());
    assertEquals(2, requests.get());
  }

  @Test
  @DisplayName("one that closes each connection as it comes is a failure of transport, and leaves nothing open")
  void closed() throws InterruptedException {
    answering = (connection, _) -> connection.close();
    for (int i = 0; i < 50; i++) {
      assertTrue(assertInstanceOf(ProviderAnswer.Failed.class, call(false)).transport());
    }
    await().until(() -> connections.stream().allMatch(Socket::isClosed));
  }

  @Test
  @DisplayName("heads of 40 KiB and interim answers are taken")
  void large() throws InterruptedException {
    answering =
        (connection, request) -> write(connection, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a="
            + "x".repeat(40_000) + "\r\nContent-Length: 7\r\n\r\n{\"n\":" + request + "}");
    assertEquals(1, answered());
    assertEquals(2, answered());
    assertEquals(1, connections.size());
  }
}
