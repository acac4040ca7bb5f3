package dev.holdfast.cli.access.configuration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a configuration file, with the line that it begins in. */
sealed interface Located {
  int line();

  /** As JSON's values are: maps, lists, texts, numbers, booleans and null. */
  @Nullable
  Object value();

  /** @param value text, a whole number, a decimal one, a boolean or null */
  record Scalar(int line, @Nullable Object value) implements Located {}

  /** @param line of the name, which may stand above the value */
  record Member(int line, Located value) {}

  /** An object. */
  record Members(int line, Map<String, Member> members) implements Located {
    @Override
    public Map<String, @Nullable Object> value() {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      members.forEach((name, member) -> values.put(name, member.value().value()));
      return values;
    }
  }

  /** A list. */
  record Items(int line, List<Located> items) implements Located {
    @Override
    public List<@Nullable Object> value() {
      List<@Nullable Object> values = new ArrayList<>();
      items.forEach(item -> values.add(item.value()));
      return values;
    }
  }
}
