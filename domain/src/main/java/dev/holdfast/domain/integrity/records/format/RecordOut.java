package dev.holdfast.domain.integrity.records.format;

import dev.holdfast.domain.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fields of a record, in the order in which {@link RecordIn} gives them back. A name is unique in its record.
 *
 * <p>Times and durations are kept in whole microseconds, as far as 64 bits of them reach; what is smaller is cut off.
 */
public sealed interface RecordOut permits BinaryOut, JsonOut {
  void number(String name, long value);

  void optionalNumber(String name, @Nullable Long value);

  /** @throws RecordException when the text has half of a surrogate pair, which no encoding can keep */
  void text(String name, String value);

  /** @throws RecordException as {@link #text} */
  void optionalText(String name, @Nullable String value);

  /** @throws RecordException when the time is out of range */
  void time(String name, Instant value);

  /** @throws RecordException when the time is out of range */
  void optionalTime(String name, @Nullable Instant value);

  /** @throws RecordException when the duration is out of range */
  void duration(String name, Duration value);

  void bool(String name, boolean value);

  /** @param value canonical, as all of them are */
  void json(String name, Json value);

  /** @param value canonical, as all of them are */
  void optionalJson(String name, @Nullable Json value);

  <E extends Enum<E>> void constant(String name, Constants<E> spelled, E value);

  void numbers(String name, List<Long> values);

  void texts(String name, List<String> values);

  <T> void record(String name, Codec<T> codec, T value);

  <T> void optionalRecord(String name, Codec<T> codec, @Nullable T value);

  /** @param codec of items with at least one field */
  <T> void list(String name, Codec<T> codec, List<T> items);

  /** Which of several forms the fields behind it have. */
  void kind(String name, Choice.Option<?> option);
}
