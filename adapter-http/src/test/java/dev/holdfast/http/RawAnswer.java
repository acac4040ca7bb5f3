package dev.holdfast.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one HTTP answer from a socket. */
final class RawAnswer {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *([0-9]+)");

  private RawAnswer() {}

  /** Head and body as text; what there is when the server closes the connection or stays quiet. */
  static String read(InputStream in) throws IOException {
    var got = new ByteArrayOutputStream();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        got.write(b);
        if (isWhole(got.toString(StandardCharsets.ISO_8859_1))) {
          break;
        }
      }
    } catch (SocketTimeoutException e) {
      // What came is all there is.
    }
    return got.toString(StandardCharsets.UTF_8);
  }

  private static boolean isWhole(String text) {
    int head = text.indexOf("\r\n\r\n");
    if (head < 0) {
      return false;
    }
    Matcher length = LENGTH.matcher(text.substring(0, head));
    return length.find() && text.length() >= head + 4 + Integer.parseInt(length.group(1));
  }
}
