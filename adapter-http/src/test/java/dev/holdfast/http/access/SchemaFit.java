package dev.holdfast.http.access;

import dev.holdfast.domain.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether an answer has the members that the document says, of the types that it says, and no others. */
public final class SchemaFit {
  private SchemaFit() {}

  /** What is wrong with an answer of the schema; empty when nothing is. */
  public static List<String> misfits(String at, String name, Json answer) {
    List<String> wrong = new ArrayList<>();
    fits(at, schema(name), answer.value(), wrong);
    return wrong;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
  }

  private static Map<String, @Nullable Object> schema(String name) {
    return object(OpenApi.schemas().members().get(name));
  }

  private static void fits(String at, Map<String, @Nullable Object> schema, @Nullable Object value,
      List<String> wrong) {
    if (schema.get("$ref") instanceof String reference) {
      fits(at, schema(reference.substring(reference.lastIndexOf('/') + 1)), value, wrong);
      return;
    }
    boolean right = switch (String.valueOf(schema.get("type"))) {
      case "object" -> value instanceof Map<?, ?>;
      case "array" -> value instanceof List<?>;
      case "string" -> value instanceof String;
      case "integer" -> value instanceof Long;
      case "boolean" -> value instanceof Boolean;
      default -> true;
    };
    boolean known = !(schema.get("enum") instanceof List<?> values) || values.contains(value);
    if (!right || !known) {
      wrong.add(at + " is " + value);
    } else if (value instanceof List<?> items) {
      items.forEach(item -> fits(at + "[]", object(schema.get("items")), item, wrong));
    } else if (value instanceof Map<?, ?> && schema.containsKey("properties")) {
      membersFit(at, schema, object(value), wrong);
    }
  }

  private static void membersFit(String at, Map<String, @Nullable Object> schema, Map<String, @Nullable Object> value,
      List<String> wrong) {
    Map<String, @Nullable Object> properties = object(schema.get("properties"));
    if (schema.get("required") instanceof List<?> required) {
      required.stream().filter(name -> !value.containsKey(name)).forEach(name -> wrong.add(at + " lacks " + name));
    }
    value.forEach((name, member) -> {
      if (properties.containsKey(name)) {
        fits(at + "." + name, object(properties.get(name)), member, wrong);
      } else if (Boolean.FALSE.equals(schema.get("additionalProperties"))) {
        wrong.add(at + " has " + name);
      }
    });
  }
}
