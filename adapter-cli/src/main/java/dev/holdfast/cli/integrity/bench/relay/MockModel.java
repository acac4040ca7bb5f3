package dev.holdfast.cli.integrity.bench.relay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A model server that has its answers ready, and sends them as a call wants them. All of it is one thread of this process.
 * What a proxy or gateway adds is the difference to calling this directly.
 */
final class MockModel implements AutoCloseable {
  private static final int BACKLOG = 4_096;
  private static final byte[] WHOLE = answer(Words.ANSWER);
  private static final byte[] MODELS = answer(Words.MODELS);
  private static final byte[] BEGUN = """
      HTTP/1.1 200 OK\r
      Content-Type: text/event-stream\r
      Transfer-Encoding: chunked\r
      \r
      """.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ENDED = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final long NANOS = 1_000;

  private final Loop loop = new Loop("bench-model");
  private final ServerSocketChannel server;
  private final InetSocketAddress address;
  private final Map<String, Visit> expected = new ConcurrentHashMap<>();

  /** A call that somebody waits for, and when its caller left. */
  record Visit(CompletableFuture<Long> came, CompletableFuture<Long> left) {
    Visit() {
      this(new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  MockModel() {
    try {
      server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), BACKLOG);
      server.configureBlocking(false);
      address = (InetSocketAddress) server.getLocalAddress();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    loop.register(server, SelectionKey.OP_ACCEPT, this::accept);
  }

  InetSocketAddress address() {
    return address;
  }

  /** The base address, as a provider is configured with. */
  String url() {
    return "http://127.0.0.1:" + address.getPort() + "/v1";
  }

  /** @param how what the call has as its {@code user} */
  Visit expect(String how) {
    var visit = new Visit();
    expected.put(how, visit);
    return visit;
  }

  private static byte[] answer(String json) {
    return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private void accept() {
    try {
      for (SocketChannel next = server.accept(); next != null; next = server.accept()) {
        next.setOption(StandardSocketOptions.TCP_NODELAY, true);
        next.configureBlocking(false);
        var talk = new Talk(next);
        loop.register(next, SelectionKey.OP_READ, talk::read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One connection. */
  private final class Talk implements Message.Parts {
    private final SocketChannel channel;
    private final Message message = new Message(this);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private String head = "";
    private boolean open = true;
    private CompletableFuture<Long> left = new CompletableFuture<>();
    // Of the answer that is under way.
    private long chunks;
    private long everyNanos;
    private long next;

    Talk(SocketChannel channel) {
      this.channel = channel;
    }

    void read() {
      if (!open) {
        return;
      }
      try {
        loop.read(channel, message);
      } catch (IOException e) {
        close();
      }
    }

    private void close() {
      open = false;
      left.complete(System.nanoTime());
      try {
        channel.close();
      } catch (IOException e) {
        // It is of no further use either way.
        return;
      }
    }

    @Override
    public void head(String text) {
      head = text;
      body.reset();
    }

    @Override
    public void body(byte[] bytes, int from, int to) {
      body.write(bytes, from, to - from);
    }

    @Override
    public void end() {
      String request = body.toString(StandardCharsets.ISO_8859_1);
      try {
        if (head.startsWith("get ")) {
          Caller.write(channel, MODELS);
        } else if (request.contains("\"stream\":true")) {
          stream(request);
        } else {
          Caller.write(channel, WHOLE);
        }
      } catch (IOException e) {
        close();
      }
    }

    private void stream(String request) throws IOException {
      String how = Words.text(request, "user");
      Visit visit = expected.remove(how);
      if (visit != null) {
        left = visit.left;
        visit.came.complete(System.nanoTime());
      }
      if (how.startsWith(Words.SILENT)) {
        return;
      }
      chunks = Words.number(request, "max_tokens");
      everyNanos = Words.number(request, "seed") * NANOS;
      next = System.nanoTime();
      Caller.write(channel, BEGUN);
      go();
    }

    /** Sends what is due. */
    private void go() {
      try {
        while (open && chunks > 0 && (everyNanos == 0 || next - System.nanoTime() <= 0)) {
          Caller.write(channel, Words.event(Words.chunk()));
          next += everyNanos;
          chunks--;
        }
        if (open && chunks > 0) {
          loop.at(next, this::go);
        } else if (open) {
          Caller.write(channel, Words.event(Words.LAST));
          Caller.write(channel, Words.event(Words.DONE));
          Caller.write(channel, ENDED);
        }
      } catch (IOException e) {
        close();
      }
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
