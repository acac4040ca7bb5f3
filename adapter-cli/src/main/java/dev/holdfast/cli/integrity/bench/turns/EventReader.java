package dev.holdfast.cli.integrity.bench.turns;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * One connection that follows an event stream. Of each frame it tells the id and the event's name; the data is taken off the
 * connection and left unread, so that the reader takes as little as can be of the cores that it shares with the node.
 */
final class EventReader implements AutoCloseable {
  private static final int MAX_KEPT = 64;
  private static final String ID = "id: ";
  private static final String EVENT = "event: ";

  private final Socket socket;
  private final InputStream in;
  /** Bytes left in the chunk of the body that is being read. */
  private int left;
  private final byte[] kept = new byte[MAX_KEPT];
  private final byte[] buffer = new byte[8_192];
  private int at;
  private int filled;

  /** Asks, and reads the head of the answer. */
  EventReader(URI node, String key, String path) throws IOException {
    socket = new Socket(InetAddress.getByName(node.getHost()), node.getPort());
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    out.write(("GET " + path + " HTTP/1.1\r\nHost: " + node.getHost() + ":" + node.getPort()
        + "\r\nAuthorization: Bearer " + key + "\r\nAccept: text/event-stream\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII));
    String status = headLine();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("answered with " + status);
    }
    String header;
    do {
      header = headLine();
    } while (!header.isEmpty());
  }

  record Frame(String id, String event) {}

  /** @return the next frame that has an event's name; comments are passed over */
  Frame next() throws IOException {
    String id = "";
    String event = "";
    while (true) {
      String line = bodyLine();
      if (line.startsWith(ID)) {
        id = line.substring(ID.length());
      } else if (line.startsWith(EVENT)) {
        event = line.substring(EVENT.length());
      } else if (line.isEmpty() && !event.isEmpty()) {
        return new Frame(id, event);
      }
    }
  }

  private String headLine() throws IOException {
    var line = new StringBuilder();
    for (int next = read(); next != '\n'; next = read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  /** The line's beginning; nothing else of it is asked for. */
  private String bodyLine() throws IOException {
    int length = 0;
    for (int next = bodyByte(); next != '\n'; next = bodyByte()) {
      if (length < MAX_KEPT) {
        kept[length++] = (byte) next;
      }
    }
    return new String(kept, 0, length, StandardCharsets.ISO_8859_1);
  }

  private int bodyByte() throws IOException {
    while (left == 0) {
      String size = headLine();
      // Each chunk ends with an empty line.
      left = size.isEmpty() ? 0 : Integer.parseInt(size, 16);
      if (!size.isEmpty() && left == 0) {
        throw new EOFException("the stream ended");
      }
    }
    left--;
    return read();
  }

  private int read() throws IOException {
    if (at == filled) {
      at = 0;
      filled = in.read(buffer);
      if (filled <= 0) {
        throw new EOFException("the node closed the connection");
      }
    }
    return buffer[at++];
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
