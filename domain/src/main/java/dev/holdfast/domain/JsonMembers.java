package dev.holdfast.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the members of a JSON object one by one and refuses what is left: every member must be known, and of its type.
 * An explicit null counts as absent. What is refused tells its field and, where that is known here, what was expected.
 */
public final class JsonMembers {
  private static final String TEXT = "a text";
  private static final String WHOLE = "a whole number";
  private static final String BOOL = "true or false";
  private static final String OBJECT = "an object";

  private final String path;
  private final Map<String, @Nullable Object> left;
  /** The names that the reader asked for so far, there or not. */
  private final Set<String> known = new LinkedHashSet<>();

  private JsonMembers(String path, Map<String, @Nullable Object> members) {
    this.path = path;
    this.left = new LinkedHashMap<>(members);
  }

  /** Why an object is not of the expected form. */
  public static final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Outcome.Refused<Object> refusal;

    Mismatch(Reason reason, String field, @Nullable String expected) {
      super(reason.code() + ": " + field);
      this.refusal = new Outcome.Refused<>(reason,
          expected == null ? Map.of("field", field) : Map.of("field", field, "expected", expected));
    }

    /** {@code unknown_field} or {@code invalid_request}, with the path of the field and, where it is known, what was expected. */
    public Outcome.Refused<Object> refusal() {
      return refusal;
    }
  }

  /** @throws Mismatch when the value is not an object */
  public static JsonMembers of(Json json) {
    return of("", json.value());
  }

  /**
   * The members of a text's object, without making the text canonical first.
   *
   * @throws JsonException when the text is no JSON
   * @throws Mismatch when the value is not an object
   */
  public static JsonMembers read(String text) {
    return of("", Json.read(text));
  }

  @SuppressWarnings("unchecked")
  private static JsonMembers of(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new JsonMembers(path, (Map<String, @Nullable Object>) map);
    }
    throw new Mismatch(Reason.INVALID_REQUEST, path.isEmpty() ? "body" : path, OBJECT);
  }

  public String text(String name) {
    return required(name, optionalText(name), TEXT);
  }

  public @Nullable String optionalText(String name) {
    Object value = take(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrong(name, TEXT);
  }

  public long whole(String name, long absent) {
    Long value = optionalLong(name);
    return value == null ? absent : value;
  }

  /** A whole number of any size that must be there. */
  public long whole(String name) {
    return required(name, optionalLong(name), WHOLE);
  }

  /** A whole number of 32 bits that must be there. */
  public int smallWhole(String name) {
    return required(name, optionalWhole(name), WHOLE);
  }

  /** A whole number, or null when absent. */
  public @Nullable Integer optionalWhole(String name) {
    Object value = take(name);
    if (value == null) {
      return null;
    }
    if (value instanceof Long number && number == number.intValue()) {
      return number.intValue();
    }
    throw wrong(name, WHOLE);
  }

  /** A whole number of any size, or null when absent. */
  public @Nullable Long optionalLong(String name) {
    Object value = take(name);
    if (value == null || value instanceof Long) {
      return (Long) value;
    }
    throw wrong(name, WHOLE);
  }

  public boolean bool(String name, boolean absent) {
    Boolean value = optionalBool(name);
    return value == null ? absent : value;
  }

  public @Nullable Boolean optionalBool(String name) {
    Object value = take(name);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    throw wrong(name, BOOL);
  }

  /** A list of texts; empty when absent. */
  public List<String> texts(String name) {
    Object value = take(name);
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> items) {
      for (Object item : items) {
        if (!(item instanceof String text)) {
          throw wrong(name, "a list of texts");
        }
        texts.add(text);
      }
    } else if (value != null) {
      throw wrong(name, "a list of texts");
    }
    return texts;
  }

  /** One of an enum's constants by its lower-case name. */
  public <E extends Enum<E>> E constant(String name, Class<E> type, E absent) {
    String text = optionalText(name);
    return text == null ? absent : constant(name, text, type);
  }

  /** The same, where it must be there. */
  public <E extends Enum<E>> E constant(String name, Class<E> type) {
    return constant(name, text(name), type);
  }

  /** The same, or null when absent. */
  public <E extends Enum<E>> @Nullable E optionalConstant(String name, Class<E> type) {
    String text = optionalText(name);
    return text == null ? null : constant(name, text, type);
  }

  private <E extends Enum<E>> E constant(String name, String text, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (onTheWire(constant).equals(text)) {
        return constant;
      }
    }
    throw wrong(name, "one of "
        + Arrays.stream(type.getEnumConstants()).map(JsonMembers::onTheWire).collect(Collectors.joining(", ")));
  }

  /** An instant exactly as {@link Texts#instant} writes it, so that what is read and written again is the same text. */
  public Instant instant(String name) {
    return required(name, optionalInstant(name), TEXT);
  }

  /** The same, or null when absent. */
  public @Nullable Instant optionalInstant(String name) {
    String text = optionalText(name);
    return text == null ? null : checked(name, () -> Texts.parseInstant(text));
  }

  /** A nested object that must be there. */
  public JsonMembers object(String name) {
    return required(name, optionalObject(name), OBJECT);
  }

  /** A nested object, or null when absent. */
  public @Nullable JsonMembers optionalObject(String name) {
    Object value = take(name);
    return value == null ? null : of(path(name), value);
  }

  /** A nested object kept as JSON, or null when absent. */
  public @Nullable Json optionalJsonObject(String name) {
    Object value = take(name);
    if (value != null && !(value instanceof Map)) {
      throw wrong(name, OBJECT);
    }
    return value == null ? null : Json.of(value);
  }

  /** A list of objects; empty when absent. Each object is taken whole by {@code item}. */
  public <T> List<T> objects(String name, Function<JsonMembers, T> item) {
    Object value = take(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> items)) {
      throw wrong(name, "a list of objects");
    }
    List<T> result = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      JsonMembers members = of(path(name) + "[" + i + "]", items.get(i));
      result.add(item.apply(members));
      members.end();
    }
    return result;
  }

  /** @throws Mismatch when a member is left that nobody took */
  public void end() {
    for (Map.Entry<String, @Nullable Object> member : left.entrySet()) {
      throw new Mismatch(Reason.UNKNOWN_FIELD, path(shortened(member.getKey())),
          known.isEmpty() ? "no members" : "no other members than " + String.join(", ", known));
    }
  }

  /** A value read from the member {@code name} by a parser that throws {@link IllegalArgumentException} for wrong ones. */
  public <T> T parsed(String name, Function<? super String, ? extends T> parser) {
    return checked(name, () -> parser.apply(text(name)));
  }

  /** A value made of the member {@code name}, whose rules throw {@link IllegalArgumentException} where they are broken. */
  public <T> T checked(String name, Supplier<? extends T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw wrong(name);
    }
  }

  /** The mismatch for a member whose value breaks a rule of its caller's. */
  public Mismatch wrong(String name) {
    return new Mismatch(Reason.INVALID_REQUEST, path(name), null);
  }

  /** @param expected what would be right, as it goes on behind "expected": of the rules, nothing of the value */
  public Mismatch wrong(String name, String expected) {
    return new Mismatch(Reason.INVALID_REQUEST, path(name), expected);
  }

  /** The mismatch for a member that has to be there and isn't. */
  public Mismatch missing(String name, String expected) {
    return wrong(name, expected + ", which must not be left out");
  }

  private @Nullable Object take(String name) {
    known.add(name);
    return left.remove(name);
  }

  private static String onTheWire(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private <T> T required(String name, @Nullable T value, String expected) {
    if (value == null) {
      throw missing(name, expected);
    }
    return value;
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** A stranger's member name is told back, but not at any length or with control characters in it. */
  private static String shortened(String name) {
    return name.codePoints().filter(c -> !Character.isISOControl(c)).limit(64)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
  }
}
