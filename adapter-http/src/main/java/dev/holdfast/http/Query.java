package dev.holdfast.http;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request's query, read strictly: each parameter once, valid percent-encoding, valid UTF-8. */
public final class Query {
  private static final Query NONE = new Query(Map.of());

  private final Map<String, String> parameters;

  private Query(Map<String, String> parameters) {
    this.parameters = parameters;
  }

  /** @throws RefusalException with invalid_query */
  public static Query parse(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return NONE;
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      if (parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
        throw wrong(name);
      }
    }
    return new Query(parameters);
  }

  /** @throws RefusalException when there is a parameter that isn't among these */
  public void requireKnown(Collection<String> known) {
    for (String name : parameters.keySet()) {
      if (!known.contains(name)) {
        throw wrong(name);
      }
    }
  }

  public @Nullable String text(String name) {
    return parameters.get(name);
  }

  /** @throws RefusalException when the parameter is there and no whole number of at least 0 */
  public @Nullable Integer whole(String name) {
    String text = parameters.get(name);
    if (text == null) {
      return null;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw wrong(name);
    }
    return Integer.valueOf(text);
  }

  /** @throws RefusalException when the parameter is there and no position */
  public long position(String name) {
    String text = parameters.get(name);
    if (text != null && !text.matches("[0-9]{1,18}")) {
      throw wrong(name);
    }
    return text == null ? 0 : Long.parseLong(text);
  }

  /** One of an enum's constants by its lower-case name, or null when the parameter is absent. */
  public <E extends Enum<E>> @Nullable E constant(String name, Class<E> type) {
    String text = parameters.get(name);
    if (text == null) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    throw wrong(name);
  }

  public static RefusalException wrong(String name) {
    String shown = name.codePoints().filter(c -> !Character.isISOControl(c)).limit(64)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    return new RefusalException(Outcome.refused(Reason.INVALID_QUERY, "field", shown));
  }

  private static String decode(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw new RefusalException(Reason.INVALID_QUERY);
        }
        bytes.put((byte) (high << 4 | low));
        i += 2;
      } else {
        bytes.put(c == '+' ? new byte[] {' '} : String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new RefusalException(Reason.INVALID_QUERY);
    }
  }
}
