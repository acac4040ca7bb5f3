package dev.holdfast.cli.access;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Somebody on another address of this machine who speaks to a node by bare sockets. */
record Attacker(String address, InetSocketAddress node) {
  private static final int PATIENCE_MS = 30_000;

  private Socket connected() throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
    socket.connect(node, PATIENCE_MS);
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  /**
   * Sends one request on a connection of its own.
   *
   * @param head request line and headers, without Host and without the empty line
   * @return the answer's status, or 0 when the connection was closed without one
   */
  int send(String host, String body, String... head) throws IOException {
    try (Socket socket = connected()) {
      String text = head[0] + "\r\nHost: " + host + "\r\n" + String.join("\r\n", List.of(head).subList(1, head.length))
          + (head.length > 1 ? "\r\n" : "") + "Connection: close\r\n\r\n" + body;
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return status.length < 12 ? 0 : Integer.parseInt(new String(status, 9, 3, StandardCharsets.US_ASCII));
    } catch (java.net.SocketException e) {
      // Closed while it was still sending.
      return 0;
    }
  }

  /** Connections that each send a byte now and then and never a whole request. */
  static final class Drips implements AutoCloseable {
    private final List<Socket> sockets = new ArrayList<>();
    private int at;

    Drips(Attacker attacker, int count) throws IOException {
      for (int i = 0; i < count; i++) {
        sockets.add(attacker.connected());
      }
    }

    /** Every connection gets one byte more. */
    void drip() {
      byte[] head = "GET /api/v1/whoami HTTP/1.1\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII);
      int next = at < head.length ? head[at] : 'a';
      at++;
      sockets.forEach(socket -> write(socket, next));
    }

    private static void write(Socket socket, int next) {
      try {
        socket.getOutputStream().write(next);
      } catch (IOException e) {
        // The node has cut it, which is counted at the end.
      }
    }

    /** How many of them the node has closed. */
    int cut() throws IOException {
      int cut = 0;
      for (Socket socket : sockets) {
        try {
          if (socket.getInputStream().read() < 0) {
            cut++;
          }
        } catch (java.net.SocketTimeoutException e) {
          return cut;
        } catch (IOException e) {
          cut++;
        }
      }
      return cut;
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
