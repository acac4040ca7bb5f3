package dev.holdfast.domain.relay;

import dev.holdfast.domain.Json;
import org.jspecify.annotations.Nullable;

/**
 * The name of a model, put in place of another: the provider's in a request, the caller's in an answer. Only the object's own
 * member {@code model} is the model's name; one that lies deeper is content, and stays as it is.
 */
public final class NamedModel {
  private static final String MEMBER = "\"model\"";

  private final String name;

  public NamedModel(String name) {
    this.name = Json.of(name).text();
  }

  /** @param object its text; one that names no model, or is no JSON, is given back as it is */
  public String in(String object) {
    String named = replaced(object);
    return named == null ? object : named;
  }

  /** As {@link #in}; null where there is no name that could be replaced. */
  @Nullable
  String replaced(String object) {
    if (!object.contains(MEMBER)) {
      return null;
    }
    int depth = 0;
    for (int i = 0; i < object.length(); i++) {
      switch (object.charAt(i)) {
        case '{', '[' -> depth++;
        case '}', ']' -> depth--;
        case '"' -> {
          int end = endOfText(object, i);
          int value = depth == 1 && object.startsWith(MEMBER, i) ? valueBehind(object, end) : 0;
          if (value > 0) {
            return object.substring(0, value) + name + object.substring(endOfText(object, value));
          }
          i = end - 1;
        }
        default -> {
          // Nothing begins or ends here.
        }
      }
    }
    return null;
  }

  /** Where the text begins that is the value of the member whose name ends there; 0 where there is none. */
  private static int valueBehind(String object, int end) {
    int colon = skipSpace(object, end);
    int value = skipSpace(object, colon + 1);
    return value < object.length() && object.charAt(colon) == ':' && object.charAt(value) == '"' ? value : 0;
  }

  private static int skipSpace(String object, int from) {
    int at = from;
    while (at < object.length() && object.charAt(at) <= ' ') {
      at++;
    }
    return at;
  }

  /** Behind the quotation mark that ends the text which begins there. */
  private static int endOfText(String object, int begin) {
    int end = begin + 1;
    while (end < object.length() && object.charAt(end) != '"') {
      end += object.charAt(end) == '\\' ? 2 : 1;
    }
    return Math.min(end + 1, object.length());
  }
}
