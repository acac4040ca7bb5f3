package dev.holdfast.http.relay.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Takes server-sent events out of an answer's bytes, wherever these are torn apart. */
public final class SseReader {
  /** More than any piece of an answer has. */
  static final int MAX_PIECE = 4 << 20;

  /** @param name null where the event says none */
  public record Event(@Nullable String name, String data) {}

  private final int maxEvent;
  private final Queue<Event> ready = new ArrayDeque<>();
  /** The beginning of a line whose end hasn't come. */
  private final ByteArrayOutputStream torn = new ByteArrayOutputStream(256);
  private @Nullable StringBuilder more;
  private @Nullable String data;
  private @Nullable String name;
  /** Of the data of the event so far. */
  private int held;
  private boolean afterReturn;

  /** @param maxEvent of one event's bytes, about */
  public SseReader(int maxEvent) {
    this.maxEvent = maxEvent;
  }

  /**
   * The next event that has data; null where the bytes end, also when they end in the middle of one.
   *
   * @param atMost how long to wait for its next bytes
   * @throws HttpTimeoutException when none came in that time; nothing is lost then, and it may be asked again
   * @throws IOException when the connection broke, or an event is too long
   */
  public @Nullable Event event(Incoming body, Duration atMost) throws IOException, InterruptedException {
    while (ready.isEmpty()) {
      ByteBuffer bytes = body.next(atMost);
      if (bytes == null) {
        return null;
      }
      take(bytes);
    }
    return ready.remove();
  }

  /** The next event of those that were taken; null when there is none. */
  @Nullable
  Event poll() {
    return ready.poll();
  }

  @Nullable
  Event peek() {
    return ready.peek();
  }

  /**
   * Takes all the bytes. Lines end with CR, LF or both.
   *
   * @throws IOException when an event is too long
   */
  void take(ByteBuffer bytes) throws IOException {
    byte[] all = bytes.array();
    int end = bytes.arrayOffset() + bytes.limit();
    int from = bytes.arrayOffset() + bytes.position();
    for (int at = from; at < end; at++) {
      byte b = all[at];
      if (b != '\n' && b != '\r') {
        afterReturn = false;
      } else if (b == '\n' && afterReturn) {
        afterReturn = false;
        from = at + 1;
      } else {
        afterReturn = b == '\r';
        line(all, from, at);
        from = at + 1;
      }
    }
    bytes.position(bytes.limit());
    keep(all, from, end);
  }

  private void keep(byte[] all, int from, int to) throws IOException {
    if (held + torn.size() + to - from >= maxEvent) {
      throw new IOException("an event is too long");
    }
    torn.write(all, from, to - from);
  }

  private void line(byte[] all, int from, int to) throws IOException {
    if (torn.size() == 0 && held + to - from < maxEvent) {
      endLine(new String(all, from, to - from, StandardCharsets.UTF_8));
    } else {
      keep(all, from, to);
      endLine(torn.toString(StandardCharsets.UTF_8));
      torn.reset();
    }
  }

  private void endLine(String text) {
    if (text.isEmpty()) {
      if (data != null) {
        ready.add(new Event(name, more == null ? data : more.toString()));
      }
      data = null;
      more = null;
      name = null;
      held = 0;
    } else if (text.startsWith("event:")) {
      name = text.substring(text.startsWith("event: ") ? 7 : 6);
    } else if (text.startsWith("data:")) {
      data(text.substring(text.startsWith("data: ") ? 6 : 5));
    }
  }

  private void data(String text) {
    held += text.length();
    if (data == null) {
      data = text;
      return;
    }
    StringBuilder all = more == null ? new StringBuilder(data) : more;
    more = all.append('\n').append(text);
  }
}
