package dev.holdfast.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JsonMembersTest {
  private enum Colour {
    RED,
    DARK_BLUE
  }

  private static JsonMembers members(String text) {
    return JsonMembers.of(Json.parse(text));
  }

  private static void assertMismatch(Reason reason, String field, String text, Consumer<JsonMembers> taking) {
    var mismatch = assertThrows(JsonMembers.Mismatch.class, () -> taking.accept(members(text)));
    assertEquals(reason, mismatch.refusal().reason());
    assertEquals(field, mismatch.refusal().facts().get("field"));
  }

  private static void assertExpected(@Nullable String expected, String text, Consumer<JsonMembers> taking) {
    var mismatch = assertThrows(JsonMembers.Mismatch.class, () -> taking.accept(members(text)));
    assertEquals(expected, mismatch.refusal().facts().get("expected"));
  }

  @Test
  @DisplayName("what is refused tells what was expected: the type, the constants, the members that there are")
  void expectations() {
    assertExpected("a text", "{\"a\":1}", m -> m.optionalText("a"));
    assertExpected("a text, which must not be left out", "{}", m -> m.text("a"));
    assertExpected("a whole number", "{\"a\":\"1\"}", m -> m.whole("a", 0));
    assertExpected("true or false", "{\"a\":1}", m -> m.bool("a", false));
    assertExpected("one of red, dark_blue", "{\"a\":\"green\"}", m -> m.constant("a", Colour.class, Colour.RED));
    assertExpected("a list of texts", "{\"a\":[1]}", m -> m.texts("a"));
    assertExpected("a list of objects", "{\"a\":{}}", m -> m.objects("a", i -> i));
    assertExpected("an object", "{\"a\":[]}", m -> m.optionalObject("a"));
    assertExpected("no other members than a, b", "{\"a\":\"x\",\"c\":1}", m -> {
      m.text("a");
      m.optionalText("b");
      m.end();
    });
    assertExpected("no members", "{\"c\":1}", JsonMembers::end);
    assertExpected(null, "{\"a\":\"x\"}", m -> {
      throw m.wrong("a");
    });
  }

  @Test
  @DisplayName("each kind of member is taken once, and then nothing is left")
  void takesAll() {
    JsonMembers members = members("""
        {"text":"t","whole":7,"bool":true,"colour":"dark_blue","object":{"inner":"i"},"json":{"b":1,"a":2},
         "list":[{"n":"1"},{"n":"2"}]}""");

    assertEquals("t", members.text("text"));
    assertEquals(7, members.whole("whole", 0));
    assertEquals(true, members.bool("bool", false));
    assertEquals(Colour.DARK_BLUE, members.constant("colour", Colour.class, Colour.RED));
    JsonMembers object = Objects.requireNonNull(members.optionalObject("object"));
    assertEquals("i", object.text("inner"));
    object.end();
    assertEquals(Json.parse("{\"a\":2,\"b\":1}"), members.optionalJsonObject("json"));
    assertEquals(List.of("1", "2"), members.objects("list", item -> item.text("n")));
    members.end();
  }

  @Test
  @DisplayName("absent and null are the same")
  void absent() {
    for (String text : List.of("{}",
        "{\"text\":null,\"whole\":null,\"bool\":null,\"colour\":null,\"object\":null,\"json\":null,\"list\":null}")) {
      JsonMembers members = members(text);
      assertNull(members.optionalText("text"));
      assertEquals(-1, members.whole("whole", -1));
      assertEquals(true, members.bool("bool", true));
      assertEquals(Colour.RED, members.constant("colour", Colour.class, Colour.RED));
      assertNull(members.optionalObject("object"));
      assertNull(members.optionalJsonObject("json"));
      assertEquals(List.of(), members.objects("list", item -> item.text("n")));
      members.end();
    }
  }

  @Test
  @DisplayName("a member of another type, or one that must be there and isn't, is an invalid request that names it")
  void wrongTypes() {
    Reason invalid = Reason.INVALID_REQUEST;
    assertMismatch(invalid, "a", "{\"a\":1}", m -> m.text("a"));
    assertMismatch(invalid, "a", "{}", m -> m.text("a"));
    assertMismatch(invalid, "a", "{\"a\":null}", m -> m.text("a"));
    assertMismatch(invalid, "a", "{\"a\":[]}", m -> m.optionalText("a"));
    assertMismatch(invalid, "a", "{\"a\":1.5}", m -> m.whole("a", 0));
    assertMismatch(invalid, "a", "{\"a\":\"1\"}", m -> m.whole("a", 0));
    assertMismatch(invalid, "a", "{\"a\":9223372036854775808}", m -> m.whole("a", 0));
    assertMismatch(invalid, "a", "{\"a\":\"true\"}", m -> m.bool("a", false));
    assertMismatch(invalid, "a", "{\"a\":\"RED\"}", m -> m.constant("a", Colour.class, Colour.RED));
    assertMismatch(invalid, "a", "{\"a\":\"green\"}", m -> m.constant("a", Colour.class, Colour.RED));
    assertMismatch(invalid, "a", "{\"a\":1}", m -> m.constant("a", Colour.class, Colour.RED));
    assertMismatch(invalid, "a", "{\"a\":[]}", m -> m.optionalObject("a"));
    assertMismatch(invalid, "a", "{\"a\":\"{}\"}", m -> m.optionalJsonObject("a"));
    assertMismatch(invalid, "a", "{\"a\":{}}", m -> m.objects("a", i -> i));
    assertMismatch(invalid, "a[1]", "{\"a\":[{},1]}", m -> m.objects("a", i -> i));
    assertMismatch(invalid, "a[0].n", "{\"a\":[{}]}", m -> m.objects("a", i -> i.text("n")));
    assertMismatch(invalid, "a.b", "{\"a\":{\"b\":1}}", m -> Objects.requireNonNull(m.optionalObject("a")).text("b"));
  }

  @Test
  @DisplayName("only an object has members to take")
  void notAnObject() {
    for (String text : List.of("[]", "1", "\"{}\"", "null")) {
      var mismatch = assertThrows(JsonMembers.Mismatch.class, () -> members(text));
      assertEquals(new Outcome.Refused<>(Reason.INVALID_REQUEST, Map.of("field", "body", "expected", "an object")),
          mismatch.refusal());
    }
  }

  @Test
  @DisplayName("a member that nobody took is unknown, at its whole path")
  void unknown() {
    assertMismatch(Reason.UNKNOWN_FIELD, "b", "{\"a\":\"x\",\"b\":null}", m -> {
      m.text("a");
      m.end();
    });
    assertMismatch(Reason.UNKNOWN_FIELD, "list[1].x", "{\"list\":[{},{\"x\":1}]}", m -> m.objects("list", i -> i));
  }

  @Test
  @DisplayName("a stranger's member name is told back without control characters and not at any length")
  void strangersName() {
    assertMismatch(Reason.UNKNOWN_FIELD, "ab" + "c".repeat(62), "{\"a\\u0000\\u001b\\nb" + "c".repeat(500) + "\":1}",
        JsonMembers::end);
  }

  @Test
  @DisplayName("a member that must be there is taken, and its absence is refused by its name")
  void required() {
    JsonMembers members = members(
        "{\"whole\":7,\"small\":8,\"colour\":\"red\",\"object\":{},\"at\":\"2026-01-01T00:00:00.000Z\"}");
    assertEquals(7, members.whole("whole"));
    assertEquals(8, members.smallWhole("small"));
    assertEquals(Colour.RED, members.constant("colour", Colour.class));
    members.object("object").end();
    assertEquals(Instant.EPOCH.plus(Duration.ofDays(20454)), members.instant("at"));
    members.end();
    assertMismatch(Reason.INVALID_REQUEST, "x", "{}", m -> m.whole("x"));
    assertMismatch(Reason.INVALID_REQUEST, "x", "{\"x\":4294967296}", m -> m.smallWhole("x"));
    assertMismatch(Reason.INVALID_REQUEST, "x", "{}", m -> m.smallWhole("x"));
    assertMismatch(Reason.INVALID_REQUEST, "x", "{}", m -> m.constant("x", Colour.class));
    assertMismatch(Reason.INVALID_REQUEST, "x", "{\"x\":null}", m -> m.object("x"));
    assertMismatch(Reason.INVALID_REQUEST, "x", "{}", m -> m.instant("x"));
  }

  @Test
  @DisplayName("an instant is taken in the one form that it is written in")
  void instants() {
    assertNull(members("{}").optionalInstant("at"));
    for (String other : List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.0001Z", "2026-01-01T01:00:00.000+01:00",
        "yesterday", "")) {
      assertMismatch(Reason.INVALID_REQUEST, "at", "{\"at\":\"" + other + "\"}", m -> m.optionalInstant("at"));
    }
  }
}
