package dev.holdfast.domain;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value as canonical text: members sorted by code unit, no insignificant whitespace, integers exact. Equal values
 * have equal text, so that a fingerprint is a digest of it (spec A-8).
 *
 * <p>This is the only place that reads or writes JSON for the domain; it has one strict form, so every adapter computes
 * the same fingerprint.
 */
public record Json(String text) {

  /** The deepest nesting that is read, spec A-3. */
  public static final int MAX_DEPTH = 64;

  public static final Json EMPTY_OBJECT = new Json("{}");

  private static final String INDENT = "  ";

  public Json {
    Objects.requireNonNull(text);
  }

  /**
   * Reads strictly: one value, no duplicate members, nesting up to {@link #MAX_DEPTH}, RFC 8259 and nothing beside it.
   *
   * @throws JsonException when the text is anything else
   */
  public static Json parse(String text) {
    return of(new JsonReader(text).read());
  }

  /**
   * Reads as {@link #parse} does, for those who want the value and no canonical text.
   *
   * @return as {@link #value}
   * @throws JsonException when the text is anything else
   */
  public static @Nullable Object read(String text) {
    return new JsonReader(text).read();
  }

  /**
   * The value of a record that holds what callers sent, and so may be nested a few levels deeper than what they may send.
   *
   * @throws JsonException when the text is no JSON, or nested more than twice as deeply as {@link #MAX_DEPTH}
   */
  public @Nullable Object recordValue() {
    return new JsonReader(text, 2 * MAX_DEPTH).read();
  }

  /**
   * Text that is known to be canonical already, because this class wrote it before; it is not read again.
   */
  public static Json canonical(String text) {
    return new Json(text);
  }

  /**
   * @param value a {@link Map} with text keys, a {@link List}, text, a whole number, a {@link BigDecimal}, a boolean,
   *     another {@code Json}, or null, in any nesting
   */
  public static Json of(@Nullable Object value) {
    var out = new StringBuilder(64);
    write(out, value);
    return new Json(out.toString());
  }

  /** An object of members and values in turn; members whose value is null are left out. */
  public static Json object(@Nullable Object... membersAndValues) {
    var members = new TreeMap<String, @Nullable Object>();
    for (int i = 0; i < membersAndValues.length; i += 2) {
      if (membersAndValues[i + 1] != null) {
        members.put((String) Objects.requireNonNull(membersAndValues[i]), membersAndValues[i + 1]);
      }
    }
    return of(members);
  }

  /** The value as maps, lists, texts, {@link Long}, {@link BigInteger}, {@link BigDecimal}, booleans and null. */
  public @Nullable Object value() {
    return new JsonReader(text).read();
  }

  /** The members of an object; empty for any other value. */
  @SuppressWarnings("unchecked")
  public Map<String, @Nullable Object> members() {
    return value() instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
  }

  /** The same value for people: a line for each member and item, in the same order, with no line break at the end. */
  public String pretty() {
    var out = new StringBuilder(text.length() * 2);
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> {
          int end = endOfText(i);
          out.append(text, i, end + 1);
          i = end;
        }
        case '{', '[' -> {
          out.append(c);
          if (text.charAt(i + 1) == c + 2) { // Each closes two code units behind the one that opens.
            out.append(text.charAt(++i));
          } else {
            out.append('\n').repeat(INDENT, ++depth);
          }
        }
        case '}', ']' -> out.append('\n').repeat(INDENT, --depth).append(c);
        case ',' -> out.append(",\n").repeat(INDENT, depth);
        case ':' -> out.append(": ");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  private int endOfText(int start) {
    int end = start + 1;
    while (text.charAt(end) != '"') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    return end;
  }

  /** Lower-case hex of the SHA-256 of the canonical text. */
  public String fingerprint() {
    return Digests.sha256Hex(text);
  }

  @Override
  public String toString() {
    return text;
  }

  private static void write(StringBuilder out, @Nullable Object value) {
    switch (value) {
      case null -> out.append("null");
      case Json json -> out.append(json.text);
      case String text -> quote(out, text);
      case Boolean bool -> out.append(bool);
      case Integer number -> out.append(number.intValue());
      case Long number -> out.append(number.longValue());
      case BigInteger number -> out.append(number);
      case BigDecimal number -> writeDecimal(out, number);
      case Map<?, ?> map -> writeMembers(out, map);
      case Iterable<?> items -> {
        out.append('[');
        String separator = "";
        for (Object item : items) {
          out.append(separator);
          write(out, item);
          separator = ",";
        }
        out.append(']');
      }
      default -> throw new IllegalArgumentException("not a JSON value: " + value.getClass());
    }
  }

  private static void writeDecimal(StringBuilder out, BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    // A whole number is written as one, so that 1.0, 1e0 and 1 are equal; not where its digits would explode.
    boolean whole = shortest.scale() <= 0 && (long) shortest.precision() - shortest.scale() <= JsonReader.MAX_NUMBER;
    out.append(whole ? shortest.toPlainString() : shortest.toString());
  }

  private static void writeMembers(StringBuilder out, Map<?, ?> map) {
    var keys = new ArrayList<String>(map.size());
    for (Object key : map.keySet()) {
      keys.add((String) key);
    }
    keys.sort(null);
    out.append('{');
    String separator = "";
    for (String key : keys) {
      out.append(separator);
      quote(out, key);
      out.append(':');
      write(out, map.get(key));
      separator = ",";
    }
    out.append('}');
  }

  /**
   * Writes a text as JSON, for those who write an object member by member. RFC 8785 section 3.2.2.2: only what must be escaped
   * is, with the short form where there is one.
   */
  public static void quote(StringBuilder out, String text) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        out.append(text, written, i);
        written = i + 1;
        escape(out, c);
      }
    }
    if (written == 0) {
      out.append(text);
    } else {
      out.append(text, written, text.length());
    }
    out.append('"');
  }

  private static void escape(StringBuilder out, char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 0xf, 16));
    }
  }
}
