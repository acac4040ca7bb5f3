package dev.holdfast.cli.integrity.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Senders that begin a request each, half of them only its head, and go on with a byte a second until they are cut. */
final class Drippers implements AutoCloseable {
  private static final int ADDRESSES = 8;
  private static final int LOOK_MS = 50;
  private static final int LOOKS_PER_BYTE = 20;
  private static final long GIVE_UP_NANOS = 60_000_000_000L;

  private final List<Sender> senders = new ArrayList<>();
  private final Thread dripping = new Thread(this::drip, "slow-drip");
  private volatile boolean closed;

  private Drippers() {}

  private static final class Sender {
    private final SocketChannel socket;
    private final long began = System.nanoTime();
    private volatile long cutNanos;

    Sender(SocketChannel socket) {
      this.socket = socket;
    }

    boolean isCut() {
      return cutNanos > 0;
    }

    /** @param sends whether it is time for a byte */
    void live(ByteBuffer spare, boolean sends) {
      try {
        spare.clear();
        boolean ended = socket.read(spare) < 0;
        if (sends && !ended) {
          socket.write(ByteBuffer.wrap(new byte[] {'x'}));
        }
        cutNanos = ended ? System.nanoTime() - began : 0;
      } catch (IOException e) {
        cutNanos = System.nanoTime() - began;
      }
    }
  }

  /** All are connected on return. */
  static Drippers open(URI node, String key, int count) {
    var all = new Drippers();
    String host = "Host: " + node.getHost() + ":" + node.getPort() + "\r\n";
    String head = "GET / HTTP/1.1\r\n" + host + "X-Drip: ";
    String body = "POST /api/v1/bench/workers/worker-00000001/inputs HTTP/1.1\r\n" + host + "Authorization: Bearer "
        + key + "\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{";
    try {
      for (int i = 0; i < count; i++) {
        InetAddress from = InetAddress.ofLiteral("127.0.0." + (2 + i % ADDRESSES));
        SocketChannel socket = SocketChannel.open().bind(new InetSocketAddress(from, 0));
        all.senders.add(new Sender(socket));
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral(node.getHost()), node.getPort()));
        socket.write(ByteBuffer.wrap((i % 2 == 0 ? head : body).getBytes(StandardCharsets.US_ASCII)));
        socket.configureBlocking(false);
      }
    } catch (IOException e) {
      all.close();
      throw new IllegalStateException("a slow sender could not connect", e);
    }
    all.dripping.start();
    return all;
  }

  private void drip() {
    ByteBuffer spare = ByteBuffer.allocate(4_096);
    for (int look = 0; !closed && cut() < senders.size(); look++) {
      boolean sends = look % LOOKS_PER_BYTE == 0;
      for (Sender sender : senders) {
        if (!sender.isCut()) {
          sender.live(spare, sends);
        }
      }
      try {
        Thread.sleep(LOOK_MS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  long cut() {
    return senders.stream().filter(Sender::isCut).count();
  }

  /** @return seconds from the connection to the cut, of the one that lasted longest; what is still there then lasts for ever */
  double untilAllCut() throws InterruptedException {
    dripping.join(GIVE_UP_NANOS / 1_000_000);
    return cut() < senders.size()
        ? Double.POSITIVE_INFINITY
        : senders.stream().mapToLong(sender -> sender.cutNanos).max().orElse(0) / 1e9;
  }

  @Override
  public void close() {
    closed = true;
    for (Sender sender : senders) {
      try {
        sender.socket.close();
      } catch (IOException e) {
        // It is of no further use either way.
      }
    }
  }
}
