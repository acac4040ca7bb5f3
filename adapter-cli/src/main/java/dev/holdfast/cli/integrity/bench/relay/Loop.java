package dev.holdfast.cli.integrity.bench.relay;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One thread that serves many connections, so that the bench's own part takes as little as can be of the cores which it shares
 * with what is measured.
 */
final class Loop implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;
  private static final long MILLI = 1_000_000;

  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
  /** For what is read at once; used on the loop's thread alone. */
  private final byte[] bytes = new byte[BUFFER];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private final Thread thread;
  private volatile boolean closed;

  /** @param at a time of the monotonic clock */
  private record Due(long at, Runnable task) {}

  Loop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name(name).start(this::run);
  }

  /** On the loop's thread, soon. */
  void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** On the loop's thread, at that time of the monotonic clock or up to a millisecond later. Called on that thread. */
  void at(long nanoTime, Runnable task) {
    due.add(new Due(nanoTime, task));
  }

  /** @param ready is called on the loop's thread when there is something to do */
  void register(SelectableChannel channel, int operations, Runnable ready) {
    execute(() -> {
      try {
        channel.register(selector, operations, ready);
      } catch (ClosedChannelException e) {
        ready.run();
      }
    });
  }

  /**
   * What has come in. Called on the loop's thread.
   *
   * @throws IOException when the connection is closed or broken, or what came is no message
   */
  void read(SocketChannel channel, Message message) throws IOException {
    int read = channel.read(buffer.clear());
    if (read < 0) {
      throw new EOFException("the connection was closed");
    }
    message.take(bytes, 0, read);
  }

  private void run() {
    while (!closed) {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      long now = System.nanoTime();
      for (Due first = due.peek(); first != null && first.at - now <= 0; first = due.peek()) {
        due.remove();
        first.task.run();
      }
      select(due.peek(), now);
    }
  }

  private void select(@Nullable Due next, long now) {
    try {
      selector.select(Loop::ready, next == null ? 0 : Math.max(1, (next.at - now) / MILLI));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void ready(SelectionKey key) {
    ((Runnable) key.attachment()).run();
  }

  /** What is connected is closed with it. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
