package dev.holdfast.domain.integrity.records.format;

import dev.holdfast.domain.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members that {@link JsonOut} writes, in any order. Unlike a caller's request, a record has no members of other
 * types, none that nobody knows, and no null.
 */
final class JsonIn implements RecordIn {
  private final String path;
  private final Map<?, ?> left;

  private JsonIn(String path, Map<?, ?> members) {
    this.path = path;
    this.left = members;
  }

  /** @param path of the value in the whole record, empty for that itself */
  static JsonIn of(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> members) {
      return new JsonIn(path, new LinkedHashMap<>(members));
    }
    throw new RecordException(path.isEmpty() ? "the record is not an object" : path + " is not an object");
  }

  /** @throws RecordException when a member is left that nobody took */
  void end() {
    if (!left.isEmpty()) {
      throw new RecordException((path.isEmpty() ? "the record" : path) + " has a member that is not known");
    }
  }

  private RecordException wrong(String name) {
    return new RecordException(path(name) + " is missing or not of its kind");
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private <V> V take(String name, Class<V> type) {
    V value = optional(name, type);
    if (value == null) {
      throw wrong(name);
    }
    return value;
  }

  private <V> @Nullable V optional(String name, Class<V> type) {
    if (!left.containsKey(name)) {
      return null;
    }
    Object value = left.remove(name);
    if (!type.isInstance(value)) {
      throw wrong(name);
    }
    return type.cast(value);
  }

  @Override
  public long number(String name) {
    return take(name, Long.class);
  }

  @Override
  public @Nullable Long optionalNumber(String name) {
    return optional(name, Long.class);
  }

  @Override
  public String text(String name) {
    return take(name, String.class);
  }

  @Override
  public @Nullable String optionalText(String name) {
    return optional(name, String.class);
  }

  @Override
  public Instant time(String name) {
    Instant time = optionalTime(name);
    if (time == null) {
      throw wrong(name);
    }
    return time;
  }

  @Override
  public @Nullable Instant optionalTime(String name) {
    String text = optionalText(name);
    if (text == null) {
      return null;
    }
    try {
      Instant time = Micros.instant(Micros.of(Instant.parse(text)));
      if (JsonOut.TIME.format(time).equals(text)) {
        return time;
      }
    } catch (DateTimeException e) {
      throw new RecordException(path(name) + " is not a time", e);
    }
    throw wrong(name);
  }

  @Override
  public Duration duration(String name) {
    return Micros.duration(number(name));
  }

  @Override
  public boolean bool(String name) {
    return take(name, Boolean.class);
  }

  @Override
  public Json json(String name) {
    Json json = optionalJson(name);
    if (json == null) {
      throw wrong(name);
    }
    return json;
  }

  @Override
  public @Nullable Json optionalJson(String name) {
    return left.containsKey(name) ? Json.of(left.remove(name)) : null;
  }

  @Override
  public <E extends Enum<E>> E constant(String name, Constants<E> spelled) {
    E constant = spelled.constant(text(name));
    if (constant == null) {
      throw new RecordException(path(name) + " has a constant that is not known");
    }
    return constant;
  }

  @Override
  public List<Long> numbers(String name) {
    return all(name, Long.class);
  }

  @Override
  public List<String> texts(String name) {
    return all(name, String.class);
  }

  private <V> List<V> all(String name, Class<V> type) {
    List<V> values = new ArrayList<>();
    for (Object item : take(name, List.class)) {
      if (!type.isInstance(item)) {
        throw wrong(name);
      }
      values.add(type.cast(item));
    }
    return values;
  }

  @Override
  public <T> T record(String name, Codec<T> codec) {
    return read(path(name), codec, take(name, Map.class));
  }

  @Override
  public <T> @Nullable T optionalRecord(String name, Codec<T> codec) {
    return left.containsKey(name) ? record(name, codec) : null;
  }

  @Override
  public <T> List<T> list(String name, Codec<T> codec) {
    List<T> items = new ArrayList<>();
    for (Object item : take(name, List.class)) {
      items.add(read(path(name) + "[" + items.size() + "]", codec, item));
    }
    return items;
  }

  private static <T> T read(String path, Codec<T> codec, @Nullable Object value) {
    JsonIn in = of(path, value);
    T read = codec.read(in);
    in.end();
    return read;
  }

  @Override
  public <T> Choice.Option<? extends T> kind(String name, List<Choice.Option<? extends T>> options) {
    String text = text(name);
    for (Choice.Option<? extends T> option : options) {
      if (option.name().equals(text)) {
        return option;
      }
    }
    throw new RecordException(path(name) + " is not known");
  }
}
