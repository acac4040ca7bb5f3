package dev.holdfast.cli.integrity.bench.relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection on a {@link Loop}: a request is sent when the answer before it has ended. */
final class Caller implements Message.Parts, AutoCloseable {
  private final Loop loop;
  private final Answers answers;
  private final SocketChannel channel;
  private final Message message = new Message(this);
  private int status;
  private volatile boolean over;

  /** What comes back, all on the loop's thread. */
  interface Answers {
    void body(int status, byte[] bytes, int from, int to);

    void end(int status);

    /** Nothing more comes. */
    void broken(IOException why);
  }

  /** It is connected on return. */
  Caller(Loop loop, InetSocketAddress to, Answers answers) throws IOException {
    this.loop = loop;
    this.answers = answers;
    channel = SocketChannel.open(to);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    loop.register(channel, SelectionKey.OP_READ, this::read);
  }

  /** By any thread, while no answer is under way. */
  void send(byte[] request) {
    try {
      write(channel, request);
    } catch (IOException e) {
      loop.execute(() -> broken(e));
    }
  }

  /** All of it; what is sent here is small, so a peer that takes none of it for so long is broken. */
  static void write(SocketChannel to, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    for (int tries = 0; buffer.hasRemaining(); tries++) {
      if (to.write(buffer) == 0) {
        if (tries > 100_000) {
          throw new IOException("the other side doesn't read");
        }
        Thread.onSpinWait();
      }
    }
  }

  private void read() {
    if (over) {
      return;
    }
    try {
      loop.read(channel, message);
    } catch (IOException e) {
      broken(e);
    }
  }

  private void broken(IOException why) {
    if (!over) {
      close();
      answers.broken(why);
    }
  }

  @Override
  public void head(String text) {
    int at = text.indexOf(' ') + 1;
    status = Integer.parseInt(text.substring(at, at + 3));
  }

  @Override
  public void body(byte[] bytes, int from, int to) {
    answers.body(status, bytes, from, to);
  }

  @Override
  public void end() {
    answers.end(status);
  }

  /** Leaves, also in the middle of an answer; on any thread. */
  @Override
  public void close() {
    over = true;
    try {
      channel.close();
    } catch (IOException e) {
      // It is of no further use either way.
      return;
    }
    // A closed channel is taken off its connection when the loop looks next.
    loop.execute(() -> {
    });
  }
}
