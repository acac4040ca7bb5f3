package dev.holdfast.domain.integrity.records.format;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a value is written that has one of several forms: which one, then the fields of that form. */
public final class Choice {
  private Choice() {}

  /**
   * One form.
   *
   * @param number its mark in bytes, from 1; never given to another form, also when this one is no longer written
   * @param name its mark in JSON
   * @param type what is written in this form; null for a form that is only read
   * @param fields of the form, perhaps none
   */
  public record Option<V>(int number, String name, @Nullable Class<V> type, Codec<V> fields) {
    void write(RecordOut out, Object value) {
      fields.write(out, Objects.requireNonNull(type).cast(value));
    }
  }

  public static <V> Option<V> option(int number, String name, Class<V> type, Codec<V> fields) {
    return new Option<>(number, name, type, fields);
  }

  /** A form that was written once and is only read now. */
  public static <V> Option<V> retired(int number, String name, Codec<V> fields) {
    return new Option<>(number, name, null, fields);
  }

  /** A form without fields. */
  public static <V> Option<V> option(int number, String name, V only) {
    @SuppressWarnings("unchecked") var type = (Class<V>) only.getClass();
    return new Option<>(number, name, type, new Codec<>((_, _) -> {
    }, _ -> only));
  }

  /**
   * The codec of a type with these forms.
   *
   * @param member the name under which a form's mark is a member of the record
   * @throws IllegalArgumentException when two forms have the same number, name or type
   */
  public static <T> Codec<T> of(String member, List<Option<? extends T>> options) {
    Set<Object> marks = new HashSet<>();
    for (Option<?> option : options) {
      if (!marks.add(option.number()) || !marks.add(option.name())
          || (option.type() != null && !marks.add(option.type()))) {
        throw new IllegalArgumentException("two forms are marked alike: " + option.name());
      }
    }
    return new Codec<>((out, value) -> {
      Option<?> option = of(options, value);
      out.kind(member, option);
      option.write(out, value);
    }, in -> in.kind(member, options).fields().read(in));
  }

  private static <T> Option<? extends T> of(List<Option<? extends T>> options, T value) {
    for (Option<? extends T> option : options) {
      if (option.type() == value.getClass()) {
        return option;
      }
    }
    throw new IllegalArgumentException("a form that is never written: " + value.getClass().getName());
  }
}
