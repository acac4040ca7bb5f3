package dev.holdfast.http.access.listener;

import dev.holdfast.domain.Reason;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a request's head line by line before it is decoded, for what the decoder would let pass or mend: two readers that
 * mend differently see different requests (spec A-30; RFC 9112 §2.2, §3, §5.2).
 */
final class RequestHead {
  /** Of all header lines with their ends; the request line and the empty line aren't counted. */
  static final int MAX_BYTES = 8_192;
  private static final Set<String> VERSIONS = Set.of("HTTP/1.0", "HTTP/1.1");
  private static final int DEL = 0x7f;

  private boolean begun;
  private boolean ended;
  private int bytes;
  private String target = "/";

  /**
   * Looks at what is there, from the reader's index on, and moves no index. Whole lines are looked at once: the decoder
   * takes them before this is asked again. The rest of a line comes again.
   *
   * @return why the request is refused, or null
   */
  @Nullable
  Reason look(ByteBuf in) {
    int from = in.readerIndex();
    while (!ended) {
      int end = in.indexOf(from, in.writerIndex(), (byte) '\n');
      if (end < 0) {
        return begun && bytes + in.writerIndex() - from > MAX_BYTES ? Reason.HEADERS_TOO_LARGE : null;
      }
      Reason refusal = line(in, from, end + 1);
      if (refusal != null) {
        return refusal;
      }
      from = end + 1;
    }
    return null;
  }

  private @Nullable Reason line(ByteBuf in, int from, int to) {
    boolean crlf = to - from >= 2 && in.getByte(to - 2) == '\r';
    int length = to - from - (crlf ? 2 : 1);
    if (!begun) {
      // A line end before the request may be the rest of an earlier body (RFC 9112 §2.2).
      return length == 0 ? null : requestLine(in, from, length);
    }
    if (length == 0) {
      ended = true;
      return null;
    }
    bytes += to - from;
    if (bytes > MAX_BYTES) {
      return Reason.HEADERS_TOO_LARGE;
    }
    boolean folded = isBlank(in.getByte(from));
    return crlf && !folded && isText(in, from, length) ? null : Reason.MALFORMED_REQUEST;
  }

  /** Method, target and version with one space between them, and nothing else that could count as one. */
  private @Nullable Reason requestLine(ByteBuf in, int from, int length) {
    begun = true;
    int spaces = 0;
    for (int i = from; i < from + length; i++) {
      byte c = in.getByte(i);
      if (c < ' ' || c == DEL) {
        return Reason.MALFORMED_REQUEST;
      }
      spaces += c == ' ' ? 1 : 0;
    }
    String[] parts = in.toString(from, length, StandardCharsets.US_ASCII).split(" ", -1);
    if (spaces != 2 || parts[0].isEmpty() || parts[1].isEmpty() || !VERSIONS.contains(parts[2])) {
      return Reason.MALFORMED_REQUEST;
    }
    target = parts[1];
    return null;
  }

  private static boolean isText(ByteBuf in, int from, int length) {
    for (int i = from; i < from + length; i++) {
      byte c = in.getByte(i);
      if ((c >= 0 && c < ' ' && c != '\t') || c == DEL) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t';
  }

  /** For the shape of the answer only. */
  String target() {
    return target;
  }
}
