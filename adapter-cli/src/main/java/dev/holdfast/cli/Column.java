package dev.holdfast.cli;

import dev.holdfast.domain.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table, or one line where a single object is shown.
 *
 * @param path of the member that it shows, with dots where it is nested
 * @param wide whether it is shown only when more was asked for
 */
public record Column(String header, String path, boolean wide) {

  public static Column of(String header, String path) {
    return new Column(header, path, false);
  }

  public static Column wide(String header, String path) {
    return new Column(header, path, true);
  }

  /** What the object has there, in one line; empty when it has nothing. */
  String in(Map<String, ? extends @Nullable Object> object) {
    Object value = object;
    for (String member : path.split("\\.")) {
      value = value instanceof Map<?, ?> map ? map.get(member) : null;
    }
    String text = switch (value) {
      case null -> "";
      case List<?> list -> String.join(",", list.stream().map(Column::item).toList());
      case Map<?, ?> map when map.isEmpty() -> "";
      case Map<?, ?> map -> Json.of(map).text();
      default -> value.toString();
    };
    return Output.oneLine(text);
  }

  private static String item(@Nullable Object value) {
    return value instanceof String text ? text : Json.of(value).text();
  }
}
