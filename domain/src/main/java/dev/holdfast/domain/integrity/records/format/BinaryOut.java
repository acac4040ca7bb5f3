package dev.holdfast.domain.integrity.records.format;

import dev.holdfast.domain.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes records into bytes, field behind field without their names. Not for use by several threads at once.
 *
 * <ul>
 * <li>A whole number is a varint of its zig-zag form, as in Protocol Buffers: seven bits in a byte, the lowest first.
 * <li>A length, a count and a kind are varints; a text is its length and its UTF-8.
 * <li>What may be null is a 0, or a 1 and the value; of a text that may be null it is a 0, or its length and one.
 * <li>A list is its count and its items, a nested record its fields, a constant its text, JSON its canonical text.
 * </ul>
 */
public final class BinaryOut implements RecordOut {
  private static final int VARINT = 10;
  private static final int INITIAL = 256;
  /** More than that isn't kept for the next record. */
  private static final int KEPT = 1 << 20;

  private byte[] bytes = new byte[INITIAL];
  private int size;

  /** The bytes that were written so far. */
  public int size() {
    return size;
  }

  /** Holds the written bytes from 0 on, until the next one is written; not a copy. */
  public byte[] array() {
    return bytes;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Begins anew. */
  public void reset() {
    size = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[INITIAL];
    }
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

  private void varint(long value) {
    reserve(VARINT);
    long left = value;
    while ((left & ~0x7fL) != 0) {
      bytes[size++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[size++] = (byte) left;
  }

  private void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  private void flag(boolean value) {
    reserve(1);
    bytes[size++] = (byte) (value ? 1 : 0);
  }

  /** Most texts are ASCII, and then have as many bytes as characters. */
  private void utf8(String text, int oneIfOptional) {
    int start = size;
    int length = text.length();
    varint((long) length + oneIfOptional);
    reserve(length);
    int at = size;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size = start;
        wide(text, oneIfOptional);
        return;
      }
      bytes[at++] = (byte) c;
    }
    size = at;
  }

  private void wide(String text, int oneIfOptional) {
    int length = Utf8.length(text);
    varint((long) length + oneIfOptional);
    reserve(length);
    size = Utf8.write(text, bytes, size);
  }

  @Override
  public void number(String name, long value) {
    zigzag(value);
  }

  @Override
  public void optionalNumber(String name, @Nullable Long value) {
    flag(value != null);
    if (value != null) {
      zigzag(value);
    }
  }

  @Override
  public void text(String name, String value) {
    utf8(value, 0);
  }

  @Override
  public void optionalText(String name, @Nullable String value) {
    if (value == null) {
      varint(0);
    } else {
      utf8(value, 1);
    }
  }

  @Override
  public void time(String name, Instant value) {
    zigzag(Micros.of(value));
  }

  @Override
  public void optionalTime(String name, @Nullable Instant value) {
    flag(value != null);
    if (value != null) {
      time(name, value);
    }
  }

  @Override
  public void duration(String name, Duration value) {
    zigzag(Micros.of(value));
  }

  @Override
  public void bool(String name, boolean value) {
    flag(value);
  }

  @Override
  public void json(String name, Json value) {
    utf8(value.text(), 0);
  }

  @Override
  public void optionalJson(String name, @Nullable Json value) {
    optionalText(name, value == null ? null : value.text());
  }

  @Override
  public <E extends Enum<E>> void constant(String name, Constants<E> spelled, E value) {
    byte[] text = spelled.spelled(value);
    varint(text.length);
    reserve(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
  }

  @Override
  public void numbers(String name, List<Long> values) {
    varint(values.size());
    for (long value : values) {
      zigzag(value);
    }
  }

  @Override
  public void texts(String name, List<String> values) {
    varint(values.size());
    for (String value : values) {
      utf8(value, 0);
    }
  }

  @Override
  public <T> void record(String name, Codec<T> codec, T value) {
    codec.write(this, value);
  }

  @Override
  public <T> void optionalRecord(String name, Codec<T> codec, @Nullable T value) {
    flag(value != null);
    if (value != null) {
      codec.write(this, value);
    }
  }

  @Override
  public <T> void list(String name, Codec<T> codec, List<T> items) {
    varint(items.size());
    for (T item : items) {
      codec.write(this, item);
    }
  }

  @Override
  public void kind(String name, Choice.Option<?> option) {
    varint(option.number());
  }
}
