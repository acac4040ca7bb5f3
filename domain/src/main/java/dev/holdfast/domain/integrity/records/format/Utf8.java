package dev.holdfast.domain.integrity.records.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts as UTF-8 that come back as they were: neither direction puts a sign in the place of what it can't keep. */
final class Utf8 {
  private static final char REPLACEMENT = '\uFFFD';

  private Utf8() {}

  /**
   * The bytes of a text.
   *
   * @throws RecordException when it has half of a surrogate pair
   */
  static int length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (!Character.isSurrogate(c)) {
        bytes += 3;
      } else if (Character.isHighSurrogate(c) && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
            bytes += 4;
            i++;
          } else {
            throw new RecordException("a text has half of a surrogate pair");
          }
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new RecordException("a text is too long");
    }
    return (int) bytes;
  }

  /**
   * Writes a text whose length was asked for before.
   *
   * @return the position behind it
   */
  static int write(String text, byte[] to, int position) {
    int at = position;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        to[at++] = (byte) c;
      } else if (c < 0x800) {
        to[at++] = (byte) (0xc0 | (c >> 6));
        to[at++] = (byte) (0x80 | (c & 0x3f));
      } else if (!Character.isSurrogate(c)) {
        to[at++] = (byte) (0xe0 | (c >> 12));
        to[at++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        to[at++] = (byte) (0x80 | (c & 0x3f));
      } else {
        int point = Character.toCodePoint(c, text.charAt(++i));
        to[at++] = (byte) (0xf0 | (point >> 18));
        to[at++] = (byte) (0x80 | ((point >> 12) & 0x3f));
        to[at++] = (byte) (0x80 | ((point >> 6) & 0x3f));
        to[at++] = (byte) (0x80 | (point & 0x3f));
      }
    }
    return at;
  }

  /** @throws RecordException when the bytes are not UTF-8 */
  static String read(byte[] bytes, int from, int length) {
    var text = new String(bytes, from, length, StandardCharsets.UTF_8);
    // A replacement was either written or stands for what is wrong.
    if (text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(
        text.getBytes(StandardCharsets.UTF_8), 0, length(text), bytes, from, from + length)) {
      throw new RecordException("a text is not UTF-8");
    }
    return text;
  }
}
