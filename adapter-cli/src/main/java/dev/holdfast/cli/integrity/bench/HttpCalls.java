package dev.holdfast.cli.integrity.bench;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection, without pipelining: a request is sent in one write, its answer is read whole. No more of HTTP
 * than that, so that the client takes as little as can be of the two cores that it shares with the node.
 */
final class HttpCalls implements AutoCloseable {
  private static final String LENGTH = "\r\ncontent-length:";
  /** Behind the protocol's name. */
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final byte[] BODY =
      Json.object("content", Plan.CONTENT).text().getBytes(StandardCharsets.UTF_8);

  private final Socket socket;
  private final byte[] buffer = new byte[8_192];
  private final InputStream in;
  private final OutputStream out;
  private final String host;
  private final String headers;
  private final String bare;

  HttpCalls(URI node, String key) throws IOException {
    this(node, key, null);
  }

  /** @param from the own address, or null for any */
  HttpCalls(URI node, String key, @Nullable InetAddress from) throws IOException {
    socket = new Socket(InetAddress.getByName(node.getHost()), node.getPort(), from, 0);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    out = socket.getOutputStream();
    host = " HTTP/1.1\r\nHost: " + node.getHost() + ":" + node.getPort() + "\r\nAuthorization: Bearer ";
    headers = host + key + "\r\nContent-Type: application/json\r\nContent-Length: " + BODY.length + "\r\n\r\n";
    bare = host + key + "\r\n\r\n";
  }

  /** An input that is stored. */
  void append(WorkerId worker) throws IOException {
    post("/api/v1/workers/" + worker + "/inputs");
  }

  /** The same, and nothing is stored. */
  void discard(WorkerId worker) throws IOException {
    post("/api/v1/bench/workers/" + worker + "/inputs");
  }

  private void post(String path) throws IOException {
    byte[] head = ("POST " + path + headers).getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[head.length + BODY.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(BODY, 0, request, head.length, BODY.length);
    require(2, exchange(request));
  }

  /** Of a path that needs no body. */
  void get(String path) throws IOException {
    require(2, exchange(("GET " + path + bare).getBytes(StandardCharsets.US_ASCII)));
  }

  /** With a key that isn't the node's. */
  void refused(String key) throws IOException {
    require(4, exchange(("GET /api/v1/runtime" + host + key + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
  }

  private static void require(int hundreds, int status) throws IOException {
    if (status / 100 != hundreds) {
      throw new IOException("answered with " + status);
    }
  }

  private int exchange(byte[] request) throws IOException {
    out.write(request);
    int filled = 0;
    int body;
    do {
      filled += read(filled, buffer.length - filled);
      body = body(filled);
    } while (body < 0);
    String head = new String(buffer, 0, body, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    int at = head.indexOf(LENGTH);
    int end = head.indexOf('\r', at + LENGTH.length());
    int left = body + Integer.parseInt(head.substring(at + LENGTH.length(), end).strip()) - filled;
    while (left > 0) {
      left -= read(0, Math.min(left, buffer.length));
    }
    return Integer.parseInt(head.substring(STATUS_AT, STATUS_AT + 3));
  }

  private int read(int at, int most) throws IOException {
    int read = in.read(buffer, at, most);
    if (read <= 0) {
      throw new EOFException("the node closed the connection");
    }
    return read;
  }

  /** Where the body begins, or -1 while the head isn't whole. */
  private int body(int filled) {
    for (int i = 3; i < filled; i++) {
      if (buffer[i] == '\n' && buffer[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
