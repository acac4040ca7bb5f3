package dev.holdfast.domain.integrity.records.format;

import dev.holdfast.domain.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as objects in canonical JSON, which is the same for equal records: as {@link Json} would write them, in UTF-8.
 * What is null is left out; times are RFC 3339 in UTC with six digits behind the second, durations a number of microseconds.
 * Not for use by several threads at once.
 */
public final class JsonOut implements RecordOut {
  static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

  private final JsonBytes out = new JsonBytes();
  private Members members = new Members(null);

  /** Writes one more object, behind those that were written since the beginning. */
  public <T> void add(Codec<T> codec, T value) {
    object(codec, value);
  }

  /** Ends a line. */
  public void newline() {
    out.ascii('\n');
  }

  /** The bytes that were written so far. */
  public int size() {
    return out.size();
  }

  /** Holds the written bytes from 0 on, until the next one is written; not a copy. */
  public byte[] array() {
    return out.array();
  }

  /** Begins anew. */
  public void reset() {
    out.reset();
    members = new Members(null);
  }

  /** All that was written. */
  public String text() {
    return new String(out.array(), 0, out.size(), StandardCharsets.UTF_8);
  }

  /** The members are written in the order of their names at last. */
  private <T> void object(Codec<T> codec, T value) {
    members = members.inner();
    members.begin(out);
    codec.write(this, value);
    members.end(out);
    members = members.outer();
  }

  private void name(String name) {
    members.member(out, name);
    out.ascii('"');
    out.ascii(name);
    out.ascii('"');
    out.ascii(':');
  }

  @Override
  public void number(String name, long value) {
    name(name);
    out.number(value);
  }

  @Override
  public void optionalNumber(String name, @Nullable Long value) {
    if (value != null) {
      number(name, value);
    }
  }

  @Override
  public void text(String name, String value) {
    name(name);
    out.quoted(value);
  }

  @Override
  public void optionalText(String name, @Nullable String value) {
    if (value != null) {
      text(name, value);
    }
  }

  @Override
  public void time(String name, Instant value) {
    name(name);
    long micros = Micros.of(value);
    if (!out.time(micros)) {
      out.quoted(TIME.format(Micros.instant(micros)));
    }
  }

  @Override
  public void optionalTime(String name, @Nullable Instant value) {
    if (value != null) {
      time(name, value);
    }
  }

  @Override
  public void duration(String name, Duration value) {
    number(name, Micros.of(value));
  }

  @Override
  public void bool(String name, boolean value) {
    name(name);
    out.ascii(Boolean.toString(value));
  }

  @Override
  public void json(String name, Json value) {
    name(name);
    out.utf8(value.text());
  }

  @Override
  public void optionalJson(String name, @Nullable Json value) {
    if (value != null) {
      json(name, value);
    }
  }

  @Override
  public <E extends Enum<E>> void constant(String name, Constants<E> spelled, E value) {
    text(name, spelled.text(value));
  }

  @Override
  public void numbers(String name, List<Long> values) {
    name(name);
    char separator = '[';
    for (long value : values) {
      out.ascii(separator);
      out.number(value);
      separator = ',';
    }
    end(separator);
  }

  /** @param separator that would come before one more item */
  private void end(char separator) {
    if (separator == '[') {
      out.ascii('[');
    }
    out.ascii(']');
  }

  @Override
  public void texts(String name, List<String> values) {
    name(name);
    char separator = '[';
    for (String value : values) {
      out.ascii(separator);
      out.quoted(value);
      separator = ',';
    }
    end(separator);
  }

  @Override
  public <T> void record(String name, Codec<T> codec, T value) {
    name(name);
    object(codec, value);
  }

  @Override
  public <T> void optionalRecord(String name, Codec<T> codec, @Nullable T value) {
    if (value != null) {
      record(name, codec, value);
    }
  }

  @Override
  public <T> void list(String name, Codec<T> codec, List<T> items) {
    name(name);
    char separator = '[';
    for (T item : items) {
      out.ascii(separator);
      object(codec, item);
      separator = ',';
    }
    end(separator);
  }

  @Override
  public void kind(String name, Choice.Option<?> option) {
    text(name, option.name());
  }
}
