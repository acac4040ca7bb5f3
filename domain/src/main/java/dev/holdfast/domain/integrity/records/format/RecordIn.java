package dev.holdfast.domain.integrity.records.format;

import dev.holdfast.domain.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the fields of a record, in the order in which {@link RecordOut} took them. Every method throws
 * {@link RecordException} when the field isn't there or isn't of its kind.
 */
public sealed interface RecordIn permits BinaryIn, JsonIn {
  long number(String name);

  /** A number that fits an int. */
  default int count(String name) {
    long value = number(name);
    if (value != (int) value) {
      throw RecordException.impossible(name, "is out of range");
    }
    return (int) value;
  }

  @Nullable
  Long optionalNumber(String name);

  String text(String name);

  @Nullable
  String optionalText(String name);

  Instant time(String name);

  @Nullable
  Instant optionalTime(String name);

  Duration duration(String name);

  boolean bool(String name);

  /** As it was written: canonical. Bytes aren't looked into; whoever keeps them knows whether they are what was written. */
  Json json(String name);

  /** As {@link #json}. */
  @Nullable
  Json optionalJson(String name);

  <E extends Enum<E>> E constant(String name, Constants<E> spelled);

  List<Long> numbers(String name);

  List<String> texts(String name);

  <T> T record(String name, Codec<T> codec);

  <T> @Nullable T optionalRecord(String name, Codec<T> codec);

  <T> List<T> list(String name, Codec<T> codec);

  /** A list with at least one item. */
  default <T> List<T> items(String name, Codec<T> codec) {
    List<T> items = list(name, codec);
    if (items.isEmpty()) {
      throw RecordException.impossible(name, "is empty");
    }
    return items;
  }

  /** Which of the options was written. */
  <T> Choice.Option<? extends T> kind(String name, List<Choice.Option<? extends T>> options);
}
