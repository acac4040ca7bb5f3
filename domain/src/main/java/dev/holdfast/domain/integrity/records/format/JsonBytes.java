package dev.holdfast.domain.integrity.records.format;

import dev.holdfast.domain.Json;
import java.time.LocalDate;
import java.util.Arrays;

/** JSON in UTF-8, piece by piece. */
final class JsonBytes {
  private static final int INITIAL = 1024;
  /** More than that isn't kept for what comes next. */
  private static final int KEPT = 1 << 20;
  private static final int LONGEST_NUMBER = 20;
  private static final long MICROS_IN_DAY = 86_400_000_000L;
  /** The first day of the years 0000 and 10000: before and from there on a year hasn't four digits. */
  private static final long FIRST_DAY = LocalDate.of(0, 1, 1).toEpochDay();
  private static final long END_DAY = LocalDate.of(10_000, 1, 1).toEpochDay();

  private byte[] bytes = new byte[INITIAL];
  private int size;
  private long knownDay = Long.MIN_VALUE;
  private LocalDate known = LocalDate.EPOCH;

  int size() {
    return size;
  }

  byte[] array() {
    return bytes;
  }

  void reset() {
    size = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[INITIAL];
    }
  }

  /** What was written from there on is forgotten. */
  void back(int to) {
    size = to;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      long wanted = Math.max(2L * bytes.length, (long) size + more);
      if ((long) size + more > Integer.MAX_VALUE - 8) {
        throw new RecordException("a record is too long");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
  }

  void ascii(char c) {
    reserve(1);
    bytes[size++] = (byte) c;
  }

  void ascii(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      bytes[size++] = (byte) text.charAt(i);
    }
  }

  void bytes(byte[] from, int start, int end) {
    reserve(end - start);
    System.arraycopy(from, start, bytes, size, end - start);
    size += end - start;
  }

  void utf8(String text) {
    reserve(Utf8.length(text));
    size = Utf8.write(text, bytes, size);
  }

  void number(long value) {
    if (value == Long.MIN_VALUE) {
      ascii(Long.toString(value));
      return;
    }
    reserve(LONGEST_NUMBER);
    long left = value;
    if (left < 0) {
      bytes[size++] = '-';
      left = -left;
    }
    int digits = 1;
    for (long above = left / 10; above > 0; above /= 10) {
      digits++;
    }
    digits(left, digits);
  }

  private void digits(long value, int count) {
    long left = value;
    for (int at = size + count - 1; at >= size; at--) {
      bytes[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
    size += count;
  }

  /** Most texts are ASCII without anything to escape. */
  void quoted(String text) {
    int length = text.length();
    reserve(length + 2);
    int start = size;
    bytes[size] = '"';
    int at = size + 1;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
        size = start;
        escaped(text);
        return;
      }
      bytes[at++] = (byte) c;
    }
    bytes[at++] = '"';
    size = at;
  }

  private void escaped(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    Json.quote(escaped, text);
    utf8(escaped.toString());
  }

  /** As RFC 3339 has it, in quotes; false, and nothing written, where the year hasn't four digits. */
  boolean time(long micros) {
    long day = Math.floorDiv(micros, MICROS_IN_DAY);
    if (day < FIRST_DAY || day >= END_DAY) {
      return false;
    }
    if (day != knownDay) {
      known = LocalDate.ofEpochDay(day);
      knownDay = day;
    }
    long inDay = Math.floorMod(micros, MICROS_IN_DAY);
    long seconds = inDay / 1_000_000;
    reserve(29);
    part('"', known.getYear(), 4);
    part('-', known.getMonthValue(), 2);
    part('-', known.getDayOfMonth(), 2);
    part('T', seconds / 3_600, 2);
    part(':', seconds / 60 % 60, 2);
    part(':', seconds % 60, 2);
    part('.', inDay % 1_000_000, 6);
    bytes[size++] = 'Z';
    bytes[size++] = '"';
    return true;
  }

  /** Where there is room. */
  private void part(char before, long value, int count) {
    bytes[size++] = (byte) before;
    digits(value, count);
  }
}
