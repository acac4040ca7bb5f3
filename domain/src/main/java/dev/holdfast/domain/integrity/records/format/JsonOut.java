package dev.holdfast.domain.integrity.records.format;

import dev.holdfast.domain.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as the members of an object, whose canonical text is the same for equal records. What is null is left out;
 * times are RFC 3339 in UTC with six digits behind the second, durations a number of microseconds.
 */
final class JsonOut implements RecordOut {
  static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

  private final Map<String, Object> members = new TreeMap<>();

  Json toJson() {
    return Json.of(members);
  }

  private void put(String name, Object value) {
    if (members.put(name, value) != null) {
      throw new IllegalStateException("a record has two members of this name: " + name);
    }
  }

  @Override
  public void number(String name, long value) {
    put(name, value);
  }

  @Override
  public void optionalNumber(String name, @Nullable Long value) {
    if (value != null) {
      put(name, value);
    }
  }

  @Override
  public void text(String name, String value) {
    Utf8.length(value);
    put(name, value);
  }

  @Override
  public void optionalText(String name, @Nullable String value) {
    if (value != null) {
      text(name, value);
    }
  }

  @Override
  public void time(String name, Instant value) {
    put(name, TIME.format(Micros.instant(Micros.of(value))));
  }

  @Override
  public void optionalTime(String name, @Nullable Instant value) {
    if (value != null) {
      time(name, value);
    }
  }

  @Override
  public void duration(String name, Duration value) {
    put(name, Micros.of(value));
  }

  @Override
  public void bool(String name, boolean value) {
    put(name, value);
  }

  @Override
  public void json(String name, Json value) {
    put(name, value);
  }

  @Override
  public void optionalJson(String name, @Nullable Json value) {
    if (value != null) {
      put(name, value);
    }
  }

  @Override
  public <E extends Enum<E>> void constant(String name, Constants<E> spelled, E value) {
    put(name, spelled.text(value));
  }

  @Override
  public void numbers(String name, List<Long> values) {
    put(name, values);
  }

  @Override
  public void texts(String name, List<String> values) {
    values.forEach(Utf8::length);
    put(name, values);
  }

  @Override
  public <T> void record(String name, Codec<T> codec, T value) {
    put(name, members(codec, value));
  }

  @Override
  public <T> void optionalRecord(String name, Codec<T> codec, @Nullable T value) {
    if (value != null) {
      record(name, codec, value);
    }
  }

  @Override
  public <T> void list(String name, Codec<T> codec, List<T> items) {
    List<Object> written = new ArrayList<>(items.size());
    for (T item : items) {
      written.add(members(codec, item));
    }
    put(name, written);
  }

  private static <T> Map<String, Object> members(Codec<T> codec, T value) {
    var nested = new JsonOut();
    codec.write(nested, value);
    return nested.members;
  }

  @Override
  public void kind(String name, Choice.Option<?> option) {
    put(name, option.name());
  }
}
