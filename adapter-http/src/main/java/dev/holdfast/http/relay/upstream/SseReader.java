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

  private final UpstreamBody body;
  private final int maxEvent;
  private final Queue<Event> ready = new ArrayDeque<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final StringBuilder data = new StringBuilder();
  private @Nullable String name;
  private boolean hasData;
  private boolean afterReturn;

  /** @param maxEvent of one event's bytes, about */
  public SseReader(UpstreamBody body, int maxEvent) {
    this.body = body;
    this.maxEvent = maxEvent;
  }

  /** As {@link #event}, for those who look at the data alone. */
  @Nullable
  String next(Duration atMost) throws IOException, InterruptedException {
    Event event = event(atMost);
    return event == null ? null : event.data();
  }

  /**
   * The next event that has data; null where the bytes end, also when they end in the middle of one.
   *
   * @param atMost how long to wait for its next bytes
   * @throws HttpTimeoutException when none came in that time; nothing is lost then, and it may be asked again
   * @throws IOException when the connection broke, or an event is too long
   */
  public @Nullable Event event(Duration atMost) throws IOException, InterruptedException {
    while (ready.isEmpty()) {
      ByteBuffer bytes = body.next(atMost);
      if (bytes == null) {
        return null;
      }
      while (bytes.hasRemaining()) {
        take(bytes.get());
      }
    }
    return ready.remove();
  }

  /** Lines end with CR, LF or both. */
  private void take(byte b) throws IOException {
    boolean pair = b == '\n' && afterReturn;
    afterReturn = b == '\r';
    if (pair) {
      return;
    }
    if (b == '\n' || b == '\r') {
      endLine(line.toString(StandardCharsets.UTF_8));
      line.reset();
    } else if (line.size() + data.length() >= maxEvent) {
      throw new IOException("an event is too long");
    } else {
      line.write(b);
    }
  }

  private void endLine(String text) {
    if (text.isEmpty()) {
      if (hasData) {
        ready.add(new Event(name, data.toString()));
      }
      data.setLength(0);
      hasData = false;
      name = null;
    } else if (text.startsWith("event:")) {
      name = text.substring(text.startsWith("event: ") ? 7 : 6);
    } else if (text.startsWith("data:")) {
      if (hasData) {
        data.append('\n');
      }
      data.append(text, text.startsWith("data: ") ? 6 : 5, text.length());
      hasData = true;
    }
  }
}
