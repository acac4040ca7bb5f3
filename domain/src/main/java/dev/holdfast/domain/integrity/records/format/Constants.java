package dev.holdfast.domain.integrity.records.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the constants of an enum are spelled, in ASCII. */
public final class Constants<E extends Enum<E>> {
  private final E[] constants;
  private final String[] texts;
  private final byte[][] spelled;
  private final EnumMap<E, String> textOf;
  private final EnumMap<E, byte[]> spelledOf;

  private Constants(Class<E> type, Function<? super E, String> text) {
    this.constants = type.getEnumConstants();
    this.texts = new String[constants.length];
    this.spelled = new byte[constants.length][];
    this.textOf = new EnumMap<>(type);
    this.spelledOf = new EnumMap<>(type);
    for (int i = 0; i < constants.length; i++) {
      texts[i] = text.apply(constants[i]);
      spelled[i] = texts[i].getBytes(StandardCharsets.US_ASCII);
      textOf.put(constants[i], texts[i]);
      spelledOf.put(constants[i], spelled[i]);
    }
  }

  public static <E extends Enum<E>> Constants<E> of(Class<E> type, Function<? super E, String> text) {
    return new Constants<>(type, text);
  }

  /** By their names in lower case. */
  public static <E extends Enum<E>> Constants<E> of(Class<E> type) {
    return of(type, constant -> constant.name().toLowerCase(Locale.ROOT));
  }

  String text(E constant) {
    return Objects.requireNonNull(textOf.get(constant));
  }

  byte[] spelled(E constant) {
    return Objects.requireNonNull(spelledOf.get(constant));
  }

  @Nullable
  E constant(String text) {
    for (int i = 0; i < texts.length; i++) {
      if (texts[i].equals(text)) {
        return constants[i];
      }
    }
    return null;
  }

  @Nullable
  E constant(byte[] bytes, int from, int to) {
    for (int i = 0; i < spelled.length; i++) {
      if (spelled[i].length == to - from && Arrays.equals(spelled[i], 0, spelled[i].length, bytes, from, to)) {
        return constants[i];
      }
    }
    return null;
  }
}
