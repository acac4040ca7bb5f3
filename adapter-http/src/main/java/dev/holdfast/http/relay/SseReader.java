package dev.holdfast.http.relay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Takes the data of server-sent events out of a provider's bytes, wherever these are torn apart. */
final class SseReader {
  static final int MAX_EVENT = 4 << 20;

  private final Upstream.Answer answer;
  private final Queue<String> ready = new ArrayDeque<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final StringBuilder data = new StringBuilder();
  private boolean hasData;
  private boolean afterReturn;

  SseReader(Upstream.Answer answer) {
    this.answer = answer;
  }

  /**
   * The data of the next event; null where the bytes end, also when they end in the middle of one.
   *
   * @param atMost how long to wait for its next bytes
   * @throws HttpTimeoutException when none came in that time; nothing is lost then, and it may be asked again
   * @throws IOException when the connection broke, or an event is too long
   */
  @Nullable
  String next(Duration atMost) throws IOException, InterruptedException {
    while (ready.isEmpty()) {
      ByteBuffer bytes = answer.body().next(atMost);
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
    } else if (line.size() + data.length() >= MAX_EVENT) {
      throw new IOException("an event is too long");
    } else {
      line.write(b);
    }
  }

  private void endLine(String text) {
    if (text.isEmpty()) {
      if (hasData) {
        ready.add(data.toString());
      }
      data.setLength(0);
      hasData = false;
    } else if (text.startsWith("data:")) {
      if (hasData) {
        data.append('\n');
      }
      data.append(text, text.startsWith("data: ") ? 6 : 5, text.length());
      hasData = true;
    }
  }
}
