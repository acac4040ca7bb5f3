package dev.holdfast.cli.integrity.bench.load;

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
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One keep-alive connection, without pipelining: a request is sent in one write, its answer is read whole. No more of HTTP
 * than that, so that the client takes as little as can be of the two cores that it shares with the node.
 */
public final class HttpCalls implements AutoCloseable {
  private static final int CONFLICT = 409;
  private static final String LENGTH = "\r\ncontent-length:";
  /** Behind the protocol's name. */
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final byte[] BODY =
      Json.object("content", Bed.CONTENT).text().getBytes(StandardCharsets.UTF_8);

  private final Socket socket;
  private byte[] buffer = new byte[8_192];
  private final InputStream in;
  private final OutputStream out;
  private final String host;
  private final String key;
  private final String headers;
  private final String bare;
  private String begun = "";

  public HttpCalls(URI node, String key) throws IOException {
    this(node, key, null);
  }

  /** @param from the own address, or null for any */
  public HttpCalls(URI node, String key, @Nullable InetAddress from) throws IOException {
    socket = new Socket(InetAddress.getByName(node.getHost()), node.getPort(), from, 0);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    out = socket.getOutputStream();
    this.key = key;
    host = " HTTP/1.1\r\nHost: " + node.getHost() + ":" + node.getPort() + "\r\nAuthorization: Bearer ";
    headers = host + key + "\r\nContent-Type: application/json\r\nContent-Length: " + BODY.length + "\r\n\r\n";
    bare = host + key + "\r\n\r\n";
  }

  /** @param headers sent with each request, each with its line's end but the last */
  public static HttpCalls with(URI node, String key, String headers) throws IOException {
    return new HttpCalls(node, key + "\r\n" + headers);
  }

  /** An input that is stored. */
  public void append(WorkerId worker) throws IOException {
    post("/api/v1/workers/" + worker + "/inputs");
  }

  /** The same, and nothing is stored. */
  public void discard(WorkerId worker) throws IOException {
    post("/api/v1/bench/workers/" + worker + "/inputs");
  }

  private void post(String path) throws IOException {
    byte[] head = ("POST " + path + headers).getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[head.length + BODY.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(BODY, 0, request, head.length, BODY.length);
    exchange(request).require(2);
  }

  /**
   * @param json in ASCII
   * @return the answer's body
   */
  public String post(String path, String json) throws IOException {
    return exchange(posting(path, json)).require(2);
  }

  /** The same of what may come too late; the answer is read, whatever it is. */
  public void either(String path, String json) throws IOException {
    exchange(posting(path, json));
  }

  /** The same of what has to be refused for what is stored. */
  public void conflicting(String path, String json) throws IOException {
    Answer answer = exchange(posting(path, json));
    if (answer.status != CONFLICT) {
      throw new IOException("not refused, but answered with " + answer.status);
    }
  }

  private byte[] posting(String path, String json) {
    return ("POST " + path + host + key + "\r\nContent-Type: application/json\r\nContent-Length: " + json.length()
        + "\r\n\r\n" + json).getBytes(StandardCharsets.US_ASCII);
  }

  /** Of a path that needs no body. */
  public String get(String path) throws IOException {
    return exchange(("GET " + path + bare).getBytes(StandardCharsets.US_ASCII)).require(2);
  }

  /** Begins a request whose body is sent piece by piece; its head goes out with the first one. */
  public void begin(String path) {
    begun =
        "POST " + path + host + key + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
  }

  /** @param text in ASCII */
  public void piece(String text) throws IOException {
    String piece = begun + Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    begun = "";
    out.write(piece.getBytes(StandardCharsets.US_ASCII));
  }

  /** @return the answer's body */
  public String end() throws IOException {
    return exchange("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).require(2);
  }

  /** With a key that isn't the node's. */
  public void refused(String key) throws IOException {
    exchange(("GET /api/v1/runtime" + host + key + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII)).require(4);
  }

  private record Answer(int status, String body) {
    String require(int hundreds) throws IOException {
      if (status / 100 != hundreds) {
        throw new IOException("answered with " + status + " " + body);
      }
      return body;
    }
  }

  private Answer exchange(byte[] request) throws IOException {
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
    int length = Integer.parseInt(head.substring(at + LENGTH.length(), end).strip());
    if (body + length > buffer.length) {
      buffer = Arrays.copyOf(buffer, body + length);
    }
    while (filled < body + length) {
      filled += read(filled, body + length - filled);
    }
    return new Answer(Integer.parseInt(head.substring(STATUS_AT, STATUS_AT + 3)),
        new String(buffer, body, length, StandardCharsets.UTF_8));
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
