package dev.holdfast.cli.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between a publisher and its node: it carries bytes both ways, and breaks when a test says so. */
final class BreakableProxy implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;

  private final ServerSocket server;
  private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
  private volatile int node;

  BreakableProxy() throws IOException {
    server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** As requests through it name their host. */
  String host() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Where it leads to. */
  void to(URI address) {
    node = address.getPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket from = server.accept();
        Thread.ofVirtual().start(() -> carry(from));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void carry(Socket from) {
    try (from; var to = new Socket(InetAddress.getLoopbackAddress(), node)) {
      from.setTcpNoDelay(true);
      to.setTcpNoDelay(true);
      var wire = new Wire(from, to);
      wires.add(wire);
      Thread back = Thread.ofVirtual().start(() -> wire.pump(to, from));
      wire.pump(from, to);
      back.join();
      wires.remove(wire);
    } catch (IOException e) {
      // There is no node at the moment: the other side sees its connection end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One connection. */
  private static final class Wire {
    private final Socket from;
    private final Socket to;
    private volatile boolean silent;

    Wire(Socket from, Socket to) {
      this.from = from;
      this.to = to;
    }

    /** As long as both ends are there. What comes when it is silent is lost, an end too. */
    void pump(Socket in, Socket out) {
      var buffer = new byte[BUFFER];
      try {
        InputStream source = in.getInputStream();
        OutputStream sink = out.getOutputStream();
        for (int read = source.read(buffer); read >= 0; read = source.read(buffer)) {
          if (!silent) {
            sink.write(buffer, 0, read);
          }
        }
      } catch (IOException e) {
        // It ends like any other.
      }
      if (!silent) {
        close();
      }
    }

    void close() {
      for (Socket each : new Socket[] {from, to}) {
        try {
          each.close();
        } catch (IOException e) {
          // It is gone either way.
        }
      }
    }
  }

  /** Every connection ends, for both sides. New ones are carried. */
  void cut() {
    wires.forEach(Wire::close);
  }

  /** Nothing comes through the present connections any more, and nobody is told. New ones are carried. */
  void lose() {
    wires.forEach(wire -> wire.silent = true);
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
