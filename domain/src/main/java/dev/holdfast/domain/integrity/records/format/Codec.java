package dev.holdfast.domain.integrity.records.format;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The one description of how a type is written: a function that writes its fields and one that reads them in the same order.
 *
 * @param writer the fields of a value, at least one
 * @param reader may throw {@link IllegalArgumentException} or {@link ArithmeticException} for fields that make no value
 */
public record Codec<T>(BiConsumer<RecordOut, T> writer, Function<RecordIn, T> reader) {

  public void write(RecordOut out, T value) {
    writer.accept(out, value);
  }

  public T read(RecordIn in) {
    return reader.apply(in);
  }

  /** The codec of a type that is another with a name of its own. */
  public <U> Codec<U> as(Function<? super U, ? extends T> unwrap, Function<? super T, ? extends U> wrap) {
    return new Codec<>((out, value) -> write(out, unwrap.apply(value)), in -> wrap.apply(read(in)));
  }

  /** @throws RecordException when the value can't be written */
  public byte[] bytes(T value) {
    var out = new BinaryOut();
    write(out, value);
    return out.toByteArray();
  }

  /** @throws RecordException when the bytes are anything but one such value */
  public T ofBytes(byte[] bytes) {
    return ofBytes(bytes, 0, bytes.length);
  }

  /**
   * Reads the bytes from {@code from} up to but not including {@code to}.
   *
   * @throws RecordException when they are anything but one such value
   */
  public T ofBytes(byte[] bytes, int from, int to) {
    var in = new BinaryIn(bytes, from, to);
    try {
      T value = read(in);
      in.end();
      return value;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new RecordException("the fields up to byte " + in.position() + " make no record", e);
    }
  }

  /** @throws RecordException when the value can't be written */
  public Json json(T value) {
    var out = new JsonOut();
    out.add(this, value);
    return Json.canonical(out.text());
  }

  /** @throws RecordException when the JSON is anything but one such value */
  public T ofJson(Json json) {
    try {
      var in = JsonIn.of("", json.recordValue());
      T value = read(in);
      in.end();
      return value;
    } catch (JsonException e) {
      throw new RecordException("not JSON", e);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new RecordException("the members make no record", e);
    }
  }
}
