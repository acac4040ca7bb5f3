package dev.holdfast.domain.integrity.records.format;

import dev.holdfast.domain.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link BinaryOut} writes, and nothing that it doesn't: every value has one form. Whatever the bytes say, no more
 * memory is asked for than they can fill.
 */
public final class BinaryIn implements RecordIn {
  private static final int FIRST_ITEMS = 16;

  private final byte[] bytes;
  private final int to;
  private int at;

  /** The bytes from {@code from} up to but not including {@code to}. */
  public BinaryIn(byte[] bytes, int from, int to) {
    Objects.checkFromToIndex(from, to, bytes.length);
    this.to = to;
    this.bytes = bytes;
    this.at = from;
  }

  /** Of the next byte. */
  public int position() {
    return at;
  }

  /** @throws RecordException when bytes are left */
  public void end() {
    if (at != to) {
      throw wrong("bytes are left behind the record");
    }
  }

  private RecordException wrong(String what) {
    return new RecordException(what + ", at byte " + at);
  }

  private int next() {
    if (at == to) {
      throw wrong("the record ends too early");
    }
    return bytes[at++];
  }

  private long varint() {
    int first = next();
    if (first >= 0) {
      return first;
    }
    long value = first & 0x7f;
    for (int shift = 7; shift < 64; shift += 7) {
      int one = next();
      value |= (long) (one & 0x7f) << shift;
      if (one >= 0) {
        if (one == 0 || (shift == 63 && one > 1)) {
          break;
        }
        return value;
      }
    }
    throw wrong("a number is longer than it need be, or than 64 bits");
  }

  private long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A number of bytes, or of items that have at least one each. */
  private int length(long value, String what) {
    if (value < 0 || value > to - at) {
      throw wrong(what + " is longer than the record");
    }
    return (int) value;
  }

  private boolean flag() {
    int one = next();
    if (one != 0 && one != 1) {
      throw wrong("neither 0 nor 1");
    }
    return one == 1;
  }

  private String utf8(long bytesOfIt) {
    int length = length(bytesOfIt, "a text");
    String text = Utf8.read(bytes, at, length);
    at += length;
    return text;
  }

  private <T> List<T> items(Supplier<T> item) {
    int count = length(varint(), "a list");
    List<T> items = new ArrayList<>(Math.min(count, FIRST_ITEMS));
    for (int i = 0; i < count; i++) {
      items.add(item.get());
    }
    return items;
  }

  @Override
  public long number(String name) {
    return zigzag();
  }

  @Override
  public @Nullable Long optionalNumber(String name) {
    return flag() ? zigzag() : null;
  }

  @Override
  public String text(String name) {
    return utf8(varint());
  }

  @Override
  public @Nullable String optionalText(String name) {
    long length = varint();
    return length == 0 ? null : utf8(length - 1);
  }

  @Override
  public Instant time(String name) {
    return Micros.instant(zigzag());
  }

  @Override
  public @Nullable Instant optionalTime(String name) {
    return flag() ? time(name) : null;
  }

  @Override
  public Duration duration(String name) {
    return Micros.duration(zigzag());
  }

  @Override
  public boolean bool(String name) {
    return flag();
  }

  @Override
  public Json json(String name) {
    String text = text(name);
    return text.equals(Json.EMPTY_OBJECT.text()) ? Json.EMPTY_OBJECT : Json.canonical(text);
  }

  @Override
  public @Nullable Json optionalJson(String name) {
    String text = optionalText(name);
    return text == null ? null : Json.canonical(text);
  }

  @Override
  public <E extends Enum<E>> E constant(String name, Constants<E> spelled) {
    int length = length(varint(), "a constant");
    E constant = spelled.constant(bytes, at, at + length);
    if (constant == null) {
      throw wrong(name + " has a constant that is not known");
    }
    at += length;
    return constant;
  }

  @Override
  public List<Long> numbers(String name) {
    return items(this::zigzag);
  }

  @Override
  public List<String> texts(String name) {
    return items(() -> utf8(varint()));
  }

  @Override
  public <T> T record(String name, Codec<T> codec) {
    return codec.read(this);
  }

  @Override
  public <T> @Nullable T optionalRecord(String name, Codec<T> codec) {
    return flag() ? codec.read(this) : null;
  }

  @Override
  public <T> List<T> list(String name, Codec<T> codec) {
    return items(() -> codec.read(this));
  }

  @Override
  public <T> Choice.Option<? extends T> kind(String name, List<Choice.Option<? extends T>> options) {
    long number = varint();
    for (Choice.Option<? extends T> option : options) {
      if (option.number() == number) {
        return option;
      }
    }
    throw wrong(name + " is not known");
  }
}
