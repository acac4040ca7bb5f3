package dev.holdfast.cli.integrity.bench;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import java.io.BufferedInputStream;
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
  private static final String LENGTH = "content-length:";
  /** Behind the protocol's name. */
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final byte[] BODY =
      Json.object("content", Plan.CONTENT).text().getBytes(StandardCharsets.UTF_8);

  private final Socket socket;
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
    in = new BufferedInputStream(socket.getInputStream(), 4_096);
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
    String status = line();
    int length = -1;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(header.substring(LENGTH.length()).strip());
      }
    }
    if (in.readNBytes(Math.max(0, length)).length != length) {
      throw new EOFException("the answer was cut");
    }
    return Integer.parseInt(status.substring(STATUS_AT, STATUS_AT + 3));
  }

  private String line() throws IOException {
    var line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the node closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
