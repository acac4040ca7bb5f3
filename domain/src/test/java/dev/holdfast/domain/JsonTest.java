package dev.holdfast.domain;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("equal values have one text: sorted members, no space, shortest numbers, least escapes")
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "{\"b\":1,\"a\":2}|{\"a\":2,\"b\":1}",
    "[ 1 , 2 ]|[1,2]",
    "{\"a\":{\"z\":[],\"b\":{}}}|{\"a\":{\"b\":{},\"z\":[]}}",
    "1.0|1",
    "1e0|1",
    "-0|0",
    "-0.0|0",
    "0.10|0.1",
    "1E+2|100",
    "10e-1|1",
    "1e400|1E+400",
    "123456789012345678901234567890|123456789012345678901234567890",
    "9223372036854775807|9223372036854775807",
    "-9223372036854775808|-9223372036854775808",
    "9223372036854775808|9223372036854775808",
    "\"\\u0041\\/\"|\"A/\"",
    "\"\\u001f\\u0008\"|\"\\u001f\\b\"",
    "\"\\ud83d\\ude00\"|\"\ud83d\ude00\"",
    "\"\\u2028\"|\"\u2028\"",
    "true|true", "null|null", "\"\"|\"\"", "{}|{}"})
  void canonical(String text, String expected) {
    assertEquals(expected, Json.parse(text).text());
    assertEquals(expected, Json.parse(expected).text(), "canonical text is its own canonical form");
  }

  @Test
  @DisplayName("the four kinds of white space are read around a value, and none is written")
  void whiteSpace() {
    assertEquals("{\"a\":[1,2]}", Json.parse(" \t\r\n{\n\"a\" : [ 1 ,\t2 ]\r}\n ").text());
  }

  @Test
  @DisplayName("members are sorted by code unit, as RFC 8785 sorts them")
  void sorting() {
    assertEquals("{\"\":0,\"A\":1,\"a\":2,\"aa\":3,\"\u00e9\":4,\"\ud83d\ude00\":5,\"\ufb33\":6}",
        Json.parse("{\"\ufb33\":6,\"\ud83d\ude00\":5,\"\u00e9\":4,\"aa\":3,\"a\":2,\"A\":1,\"\":0}").text());
  }

  @Test
  @DisplayName("a fingerprint is equal for another order of members and another for another value")
  void fingerprint() {
    Json one = Json.parse("{\"a\":1,\"b\":[1,2]}");
    assertEquals(one.fingerprint(), Json.parse("{ \"b\":[1.0,2], \"a\":1 }").fingerprint());
    assertNotEquals(one.fingerprint(), Json.parse("{\"a\":1,\"b\":[2,1]}").fingerprint());
    assertEquals("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", Json.EMPTY_OBJECT.fingerprint());
  }

  @Test
  @DisplayName("absent members are dropped, in what is written from code")
  void dropped() {
    assertEquals("{\"a\":1,\"c\":{\"d\":true}}",
        Json.object("c", Json.object("d", true, "e", null), "b", null, "a", 1).text());
  }

  @Test
  @DisplayName("values of code and of text are the same")
  void values() {
    assertEquals("[1,2,3.5,4,\"x\",false,null,{\"k\":[]}]", Json.of(Arrays.asList(1, 2L, new BigDecimal("3.50"),
        BigInteger.valueOf(4), "x", false, null, Map.of("k", List.of()))).text());
    assertEquals(Arrays.asList(1L, new BigInteger("9223372036854775808"), new BigDecimal("1.5"), "x", true, null),
        Json.parse("[1,9223372036854775808,1.5,\"x\",true,null]").value());
    assertThrows(IllegalArgumentException.class, () -> Json.of(1.5f));
    assertThrows(IllegalArgumentException.class, () -> Json.of(Map.of("a", new Object())));
  }

  @Test
  @DisplayName("only an object has members")
  void members() {
    assertEquals(Map.of("a", 1L), Json.parse("{\"a\":1}").members());
    for (String other : List.of("[1]", "1", "\"a\"", "null")) {
      assertTrue(Json.parse(other).members().isEmpty());
    }
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("what is not one RFC 8259 value is refused, and the message names a place and nothing of the text")
  @ValueSource(strings = {"", " ", "{", "}", "[", "]", "[1", "[1,", "[,1]", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}",
    "{\"a\":1", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "{1:2}", "{null:1}", "\"secret", "'secret'",
    "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "\"\t\"", "\"\u0000\"", "tru", "True", "nul", "NaN",
    "Infinity", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "1 2", "{} {}", "[]]", "//c\n1", "/*c*/1",
    "\u00a01", "\ufeff1", "\u0000", "1\u0000", "undefined", "--1", "1.2.3", "1e5.5", "\"a\" \"b\"", "[\"a\",]",
    "\u0661", "{\"secret\":1,\"secret\":2}", "{\"a\":1,\"\\u0061\":2}", "\"\\ud800\"", "\"\\udc00\\ud800\"",
    "\"\\ud800x\"", "{\"\\udfff\":1}"})
  void malformed(String text) {
    var thrown = assertThrows(JsonException.class, () -> Json.parse(text));
    String message = String.valueOf(thrown.getMessage());
    assertTrue(message.matches("[a-z A-Z]+ at character [0-9]+"), message);
    assertFalse(message.contains("secret"));
  }

  @Test
  @DisplayName("a lone surrogate is refused in plain text too")
  void loneSurrogate() {
    for (String text : List.of("\ud800", "\udc00", "a\udbff", "\udc00\ud800")) {
      assertThrows(JsonException.class, () -> Json.parse('"' + text + '"'));
    }
    assertDoesNotThrow(() -> Json.parse("\"\ud83d\ude00\""));
  }

  @Test
  @DisplayName("nesting is read to 64 levels, and 20,000 levels are refused without a deep stack")
  void depth() {
    assertEquals("[".repeat(64) + "]".repeat(64), Json.parse("[".repeat(64) + "]".repeat(64)).text());
    assertDoesNotThrow(() -> Json.parse("{\"a\":".repeat(64) + "1" + "}".repeat(64)));
    assertThrows(JsonException.class, () -> Json.parse("[".repeat(65) + "]".repeat(65)));
    assertThrows(JsonException.class, () -> Json.parse("{\"a\":".repeat(65) + "1" + "}".repeat(65)));
    assertThrows(JsonException.class, () -> Json.parse("[".repeat(20_000)));
    assertThrows(JsonException.class, () -> Json.parse("{\"a\":[".repeat(20_000)));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("a number whose plain form would not fit anywhere is refused, whatever its sign")
  @ValueSource(strings = {"1e10001", "1e-10001", "-1e2147483647", "1e2147483647", "100e2147483647", "1e-2147483647",
    "1e2147483648", "1e99999999999999999999", "0.001e-2147483646", "0e2147483647"})
  void hugeExponents(String text) {
    assertThrows(JsonException.class, () -> Json.parse(text));
  }

  @Test
  @DisplayName("a number of at most 400 characters is read exactly")
  void longNumbers() {
    String digits = "9".repeat(400);
    assertEquals(digits, Json.parse(digits).text());
    assertThrows(JsonException.class, () -> Json.parse(digits + "9"));
    assertThrows(JsonException.class, () -> Json.parse("0." + "1".repeat(100_000)));
    assertDoesNotThrow(() -> Json.parse("1e10000"));
  }

  @Test
  @DisplayName("whatever is made of a value's bytes by flipping, cutting or doubling is read again or refused")
  void mutations() {
    String original = "{\"a\":[1,2.5e3,true,null,\"x\\u00e9\\n\"],\"b\":{\"c\":\"\ud83d\ude00\",\"d\":-0.1}}";
    for (long seed = 0; seed < 20_000; seed++) {
      var random = new SplittableRandom(seed);
      var text = new StringBuilder(original);
      for (int i = 0; i <= random.nextInt(3); i++) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(0x80));
          case 1 -> text.deleteCharAt(at);
          default -> text.insert(at, text.charAt(random.nextInt(text.length())));
        }
      }
      assertReadOrRefused(text.toString(), seed);
    }
  }

  private static void assertReadOrRefused(String text, long seed) {
    Json read;
    try {
      read = Json.parse(text);
    } catch (JsonException e) {
      return;
    }
    assertEquals(read, Json.parse(read.text()), "seed " + seed);
  }

  @Test
  @DisplayName("for people each member and item has its line, and the value is the same")
  void pretty() {
    Json json = Json.parse("{\"b\":[1,{\"x\":\"a,b:{[\\\"]}\"},[]],\"a\":{},\"c\":\"\\\\\"}");
    assertEquals("""
        {
          "a": {},
          "b": [
            1,
            {
              "x": "a,b:{[\\"]}"
            },
            []
          ],
          "c": "\\\\"
        }""", json.pretty());
    assertEquals(json, Json.parse(json.pretty()));
    assertEquals("7", Json.of(7).pretty());
  }
}
