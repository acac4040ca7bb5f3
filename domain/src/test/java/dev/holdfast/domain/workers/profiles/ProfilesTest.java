package dev.holdfast.domain.workers.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfilesTest {
  private static final Profiles TWO = Profiles.read(Json.parse("""
      {"default": {"instructions": "Be brief."},
       "reviewer": {"model": "big", "options": {"temperature": 0, "stop": ["a"]}}}"""));

  @Test
  @DisplayName("W-13 a selector finds its profile, and what isn't there is replaced by the runtime's default")
  void resolves() {
    var usual = new Profile("Be brief.", null, Json.EMPTY_OBJECT);
    var reviewer = new Profile(null, "big", Json.parse("{\"temperature\":0,\"stop\":[\"a\"]}"));
    assertEquals(usual, TWO.resolve(new ProfileSelector.RuntimeDefault()));
    assertEquals(reviewer, TWO.resolve(new ProfileSelector.Named("reviewer")));
    assertEquals(usual, TWO.resolve(new ProfileSelector.Named("nobody's")));
    assertEquals(usual, TWO.resolve(new ProfileSelector.Builtin("reviewer")));
    assertEquals(Profile.NONE, TWO.resolve(ProfileSelector.RESPONSES));
    assertEquals(Profile.NONE, Profiles.NONE.resolve(new ProfileSelector.Named("reviewer")));
    assertEquals(Profile.NONE, Profiles.NONE.resolve(new ProfileSelector.RuntimeDefault()));
  }

  @Test
  @DisplayName("W-13 the runtime's default is always there, a name only where it is configured, of the builtins the responses' alone")
  void has() {
    assertTrue(Profiles.NONE.has(new ProfileSelector.RuntimeDefault()));
    assertTrue(TWO.has(new ProfileSelector.Named("reviewer")));
    assertFalse(TWO.has(new ProfileSelector.Named("Reviewer")));
    assertFalse(TWO.has(new ProfileSelector.Builtin("reviewer")));
    assertTrue(Profiles.NONE.has(new ProfileSelector.Builtin("responses")));
  }

  @Test
  @DisplayName("an input's options go before the profile's, member by member")
  void mergesOptions() {
    Profile reviewer = TWO.resolve(new ProfileSelector.Named("reviewer"));
    assertEquals(Json.parse("{\"temperature\":1,\"stop\":[\"a\"],\"seed\":7}"),
        reviewer.optionsUnder(Json.parse("{\"temperature\":1,\"seed\":7}")));
    assertEquals(reviewer.options(), reviewer.optionsUnder(null));
    assertEquals(Json.parse("{\"seed\":7}"), Profile.NONE.optionsUnder(Json.parse("{\"seed\":7}")));
    assertEquals(Json.EMPTY_OBJECT, Profile.NONE.optionsUnder(null));
  }

  @ParameterizedTest(name = "{0} → {1}")
  @CsvSource(delimiter = '|', value = {
    "[]|invalid_request: body",
    "{\"a b\":{}}|unknown_field: a b",
    "{\"\":{}}|unknown_field: ''",
    "{\"a\":3}|invalid_request: a",
    "{\"a\":{\"instruction\":\"x\"}}|unknown_field: a.instruction",
    "{\"a\":{\"instructions\":\" \"}}|invalid_request: a.instructions",
    "{\"a\":{\"instructions\":[\"x\"]}}|invalid_request: a.instructions",
    "{\"a\":{\"model\":\"\"}}|invalid_request: a.model",
    "{\"a\":{\"options\":[]}}|invalid_request: a.options"})
  @DisplayName("a configuration that is none is refused, with the place where it goes wrong")
  void refusesWrongOnes(String text, String message) {
    var mismatch = assertThrows(JsonMembers.Mismatch.class, () -> Profiles.read(Json.parse(text)));
    assertEquals(message.replace("''", ""), mismatch.getMessage());
  }

  @Test
  @DisplayName("instructions longer than 256 Ki characters are refused")
  void bounded() {
    String longest = "x".repeat(Profile.MAX_INSTRUCTIONS);
    assertTrue(Profiles.read(Json.object("a", Json.object("instructions", longest)))
        .has(new ProfileSelector.Named("a")));
    assertThrows(JsonMembers.Mismatch.class,
        () -> Profiles.read(Json.object("a", Json.object("instructions", longest + "x"))));
  }
}
