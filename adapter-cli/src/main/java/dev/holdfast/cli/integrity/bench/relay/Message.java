package dev.holdfast.cli.integrity.bench.relay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** Takes requests or answers apart as their bytes come in, with a length or in chunks. No more of HTTP than that. */
final class Message {
  private static final String LENGTH = "\r\ncontent-length:";
  private static final String CHUNKED = "\r\ntransfer-encoding: chunked";
  private static final int MAX_HEAD = 16 * 1024;
  private static final int HEX = 16;

  private final Parts parts;
  private byte[] head = new byte[512];
  private int headLength;
  private State state = State.HEAD;
  /** Bytes of the body, or of its chunk, that are still to come. */
  private int left;
  private boolean chunked;

  /** What is told of messages, one behind the other. */
  interface Parts {
    /** @param text the whole head in lower case, from its first line to the empty one */
    void head(String text);

    void body(byte[] bytes, int from, int to);

    void end();
  }

  private enum State {
    HEAD,
    BODY,
    SIZE,
    REST_OF_SIZE,
    GAP,
    TRAILER
  }

  Message(Parts parts) {
    this.parts = parts;
  }

  /** @throws IOException when these are no messages */
  void take(byte[] bytes, int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      at = switch (state) {
        case HEAD -> head(bytes[at], at);
        case BODY -> body(bytes, at, to);
        case SIZE -> size(bytes[at], at);
        case REST_OF_SIZE -> restOfSize(bytes[at], at);
        case GAP -> gap(bytes[at], at);
        case TRAILER -> trailer(bytes[at], at);
      };
    }
  }

  private int head(byte next, int at) throws IOException {
    if (headLength == head.length) {
      head = Arrays.copyOf(head, 2 * headLength);
    }
    head[headLength++] = next;
    if (headLength > MAX_HEAD) {
      throw new IOException("a head that is too long");
    }
    if (next == '\n' && headLength > 3 && head[headLength - 3] == '\n') {
      begin(new String(head, 0, headLength, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT));
    }
    return at + 1;
  }

  private void begin(String text) {
    headLength = 0;
    parts.head(text);
    chunked = text.contains(CHUNKED);
    int length = text.indexOf(LENGTH);
    left = length < 0 ? 0
        : Integer.parseInt(text.substring(length + LENGTH.length(), text.indexOf('\r', length + 2)).strip());
    state = chunked ? State.SIZE : State.BODY;
    if (!chunked && left == 0) {
      end();
    } else if (chunked) {
      left = 0;
    }
  }

  private void end() {
    state = State.HEAD;
    parts.end();
  }

  private int body(byte[] bytes, int at, int to) {
    int until = Math.min(to, at + left);
    parts.body(bytes, at, until);
    left -= until - at;
    if (left == 0) {
      if (chunked) {
        state = State.GAP;
      } else {
        end();
      }
    }
    return until;
  }

  private int size(byte next, int at) throws IOException {
    int digit = Character.digit(next, HEX);
    if (digit >= 0) {
      left = left * HEX + digit;
      return at + 1;
    }
    if (next != '\r' && next != ';') {
      throw new IOException("a chunk without its size");
    }
    state = State.REST_OF_SIZE;
    return at;
  }

  private int restOfSize(byte next, int at) {
    if (next == '\n') {
      state = left == 0 ? State.TRAILER : State.BODY;
    }
    return at + 1;
  }

  private int gap(byte next, int at) {
    if (next == '\n') {
      state = State.SIZE;
      left = 0;
    }
    return at + 1;
  }

  /** Nothing but an empty line is expected behind the last chunk. */
  private int trailer(byte next, int at) {
    if (next == '\n') {
      end();
    }
    return at + 1;
  }
}
