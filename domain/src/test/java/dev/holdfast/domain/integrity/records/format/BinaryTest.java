package dev.holdfast.domain.integrity.records.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Json;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of the fields themselves. */
class BinaryTest {
  private static final Codec<Long> NUMBER = new Codec<>((out, n) -> out.number("n", n), in -> in.number("n"));
  private static final Codec<String> TEXT = new Codec<>((out, t) -> out.text("t", t), in -> in.text("t"));
  private static final Codec<Instant> TIME = new Codec<>((out, t) -> out.time("t", t), in -> in.time("t"));
  private static final Codec<List<String>> TEXTS = new Codec<>((out, t) -> out.texts("t", t), in -> in.texts("t"));
  private static final Codec<List<Long>> NUMBERS = new Codec<>((out, n) -> out.numbers("n", n), in -> in.numbers("n"));
  private static final Codec<List<Long>> LIST = new Codec<>((out, n) -> out.list("n", NUMBER, n),
      in -> in.list("n", NUMBER));
  private static final Codec<Boolean> BOOL = new Codec<>((out, b) -> out.bool("b", b), in -> in.bool("b"));

  private enum Colour {
    RED,
    DARK_BLUE
  }

  private static final Codec<Colour> COLOUR = new Codec<>((out, c) -> out.constant("c", Constants.of(Colour.class), c),
      in -> in.constant("c", Constants.of(Colour.class)));

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static <T> void refused(Codec<T> codec, String bytes) {
    assertThrows(RecordException.class, () -> codec.ofBytes(hex(bytes)));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @DisplayName("a whole number is a varint of its zig-zag form")
  @CsvSource({"0,00", "-1,01", "1,02", "63,7e", "64,8001", "-65,8101", "9223372036854775807,feffffffffffffffff01",
    "-9223372036854775808,ffffffffffffffffff01"})
  void numbers(long number, String bytes) {
    assertArrayEquals(hex(bytes), NUMBER.bytes(number));
    assertEquals(number, NUMBER.ofBytes(hex(bytes)));
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("a number that is longer than it need be, or than 64 bits, is refused")
  @ValueSource(strings = {"8000", "808000", "ff00", "ffffffffffffffffff02", "ffffffffffffffffffff01", "80", ""})
  void overlongNumbers(String bytes) {
    refused(NUMBER, bytes);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a length or count beyond the bytes is refused before anything is made of that size")
  @ValueSource(strings = {"01", "0261", "ffffffff07", "ffffffffffffffff7f", "ffffffffffffffffff01", "8080808008"})
  void hostileLengths(String bytes) {
    refused(TEXT, bytes);
    refused(TEXTS, bytes);
    refused(NUMBERS, bytes);
    refused(LIST, bytes);
    refused(COLOUR, bytes);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("bytes that are not UTF-8 are refused: overlong, half a pair, beyond Unicode, cut off")
  @ValueSource(strings = {"01ff", "02c080", "03eda080", "04f4908080", "0180", "02e282", "0461c3c361"})
  void notUtf8(String bytes) {
    refused(TEXT, bytes);
  }

  @Test
  @DisplayName("a replacement sign that somebody wrote is a text like any other")
  void replacementSign() {
    assertEquals("a\uFFFDb", TEXT.ofBytes(TEXT.bytes("a\uFFFDb")));
  }

  @ParameterizedTest(name = "{index}")
  @DisplayName("half of a surrogate pair can't be kept, so it isn't written")
  @ValueSource(strings = {"\uD83D", "a\uDE00", "\uDE00\uD83D", "\uD83Dx", "ä\uD83D\uD83D\uDE00"})
  void halfPairs(String text) {
    assertThrows(RecordException.class, () -> TEXT.bytes(text));
    assertThrows(RecordException.class, () -> TEXT.json(text));
    assertThrows(RecordException.class, () -> TEXTS.json(List.of(text)));
  }

  @Test
  @DisplayName("a time has whole microseconds; one that 64 bits don't reach is neither written nor read")
  void times() {
    Instant fine = Instant.parse("2026-11-21T10:00:00.123456789Z");
    assertEquals(Instant.parse("2026-11-21T10:00:00.123456Z"), TIME.ofBytes(TIME.bytes(fine)));
    assertEquals("{\"t\":\"2026-11-21T10:00:00.123456Z\"}", TIME.json(fine).text());
    assertThrows(RecordException.class, () -> TIME.bytes(Instant.MAX));
    assertThrows(RecordException.class, () -> TIME.json(Instant.MIN));
    refused(TIME, "ffffffffffffffffff01");
  }

  @ParameterizedTest(name = "[{0}]")
  @DisplayName("a time in JSON has one form")
  @ValueSource(strings = {"2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000Z", "2026-11-21T10:00:00.0000000Z",
    "2026-11-21T11:00:00.000000+01:00", "2026-11-21t10:00:00.000000z", "2026-11-21",
    "+1000000000-12-31T00:00:00.000000Z",
    ""})
  void timesInJson(String text) {
    assertThrows(RecordException.class, () -> TIME.ofJson(Json.object("t", text)));
  }

  @Test
  @DisplayName("constants are their text; another text and another sign of truth than 0 and 1 are refused")
  void constants() {
    assertArrayEquals(hex("096461726b5f626c7565"), COLOUR.bytes(Colour.DARK_BLUE));
    assertEquals("{\"c\":\"dark_blue\"}", COLOUR.json(Colour.DARK_BLUE).text());
    refused(COLOUR, "03524544");
    refused(COLOUR, "00");
    assertThrows(RecordException.class, () -> COLOUR.ofJson(Json.object("c", "RED")));
    refused(BOOL, "02");
    refused(BOOL, "0100");
  }

  @Test
  @DisplayName("null is no value of a member, but a JSON value like any other")
  void nulls() {
    Codec<Json> json = new Codec<>((out, j) -> out.json("j", j), in -> in.json("j"));

    assertThrows(RecordException.class, () -> TEXT.ofJson(Json.parse("{\"t\":null}")));
    assertThrows(RecordException.class, () -> NUMBERS.ofJson(Json.parse("{\"n\":[1,null]}")));
    assertEquals(Json.of(null), json.ofJson(json.json(Json.of(null))));
    assertThrows(RecordException.class, () -> json.ofJson(Json.EMPTY_OBJECT));
  }

  @Test
  @DisplayName("what was written is there until the writer begins anew, however long it was")
  void reuse() {
    var out = new BinaryOut();
    String large = "x".repeat(3_000_000);
    TEXT.write(out, large);
    assertEquals(large, TEXT.ofBytes(out.array(), 0, out.size()));
    out.reset();
    assertEquals(0, out.size());
    TEXT.write(out, "ä");
    assertArrayEquals(hex("02c3a4"), out.toByteArray());
  }

  @Test
  @DisplayName("forms that are marked alike are no choice")
  void marks() {
    List<Choice.Option<? extends Object>> alike =
        List.of(Choice.option(1, "a", "x"), Choice.option(1, "b", 5L));
    assertThrows(IllegalArgumentException.class, () -> Choice.of("kind", alike));
  }
}
