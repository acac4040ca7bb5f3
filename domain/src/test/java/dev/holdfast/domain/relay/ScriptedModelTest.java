package dev.holdfast.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.ScriptedModel.Delta;
import dev.holdfast.domain.relay.ScriptedModel.Script;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptedModelTest {
  private static Script script(String options, ModelCall.Message... messages) {
    return ScriptedModel.script(List.of(messages), Json.parse(options));
  }

  private static ModelCall.Message user(String content) {
    return new ModelCall.Message("user", content);
  }

  private static Script directed(String scripted) {
    return script("{\"scripted\":" + scripted + "}", user("hello"));
  }

  private static String text(Script script) {
    return script.deltas().stream().filter(delta -> !delta.reasoning()).map(Delta::text).collect(Collectors.joining());
  }

  @Test
  @DisplayName("equal calls get equal answers, which say that they are scripted and quote the last user")
  void usual() {
    var call = List.of(user("first"), new ModelCall.Message("assistant", "an answer"), user("second words"));
    Script script = ScriptedModel.script(call, Json.EMPTY_OBJECT);

    assertEquals(script, ScriptedModel.script(call, Json.EMPTY_OBJECT));
    assertTrue(text(script).contains("scripted model"));
    assertTrue(text(script).contains("\"second words\""));
    assertTrue(script.deltas().size() > 20, "small pieces");
    assertEquals(Duration.ofMillis(15), script.pause());
    assertEquals(new ModelEnd.Finished(new ModelEnd.Tokens(5, script.deltas().size())), script.end());
  }

  @Test
  @DisplayName("what is answered is the newest message that isn't the model's own, a wake's from the system too")
  void wake() {
    var wake = new ModelCall.Message("system", "Wake from mail (origin.wake): two new messages");
    String answer =
        text(script("{}", user("first"), new ModelCall.Message("assistant", "done"), wake));
    assertTrue(answer.contains("The last message is the system's: \"Wake from mail (origin.wake): two new messages\""));
    assertTrue(!answer.contains("You wrote"), answer);
    assertTrue(text(script("{}", wake, user("now me"))).contains("You wrote: \"now me\""));
  }

  @Test
  @DisplayName("the tokens of an answer are its words and those of its reasoning, also where it ends at a limit")
  void tokens() {
    assertEquals(new ModelEnd.Finished(new ModelEnd.Tokens(1, 5)),
        directed("{\"words\":3,\"reasoning\":\"let me\"}").end());
    assertEquals(new ModelEnd.LengthReached(new ModelEnd.Tokens(1, 2)),
        directed("{\"words\":3,\"length_after\":2}").end());
    assertEquals(new ModelEnd.Finished(new ModelEnd.Tokens(1, 0)), directed("{\"text\":\" \"}").end());
  }

  @Test
  @DisplayName("a call without a user's message is answered too, and a long message is quoted in part by whole characters")
  void edges() {
    assertTrue(text(script("{}")).contains("You wrote: nothing"));
    String answer = text(script("{}", user("\ud83d\ude00".repeat(500))));
    assertTrue(answer.contains("\ud83d\ude00".repeat(200) + "…"));
    assertTrue(!answer.contains("\ud83d\ude00".repeat(201)));
  }

  @Test
  @DisplayName("other options of a call leave the script as it is")
  void otherOptions() {
    assertEquals(script("{}", user("x")),
        script("{\"temperature\":0.5}", user("x")));
  }

  @Test
  @DisplayName("options.scripted directs text, words, pause and reasoning; pieces put together are the text")
  void directions() {
    Script told = directed("{\"text\":\"one  two\\nthree \",\"delay_ms\":0,\"reasoning\":\"let me think\"}");
    assertEquals("one  two\nthree ", text(told));
    assertEquals(Duration.ZERO, told.pause());
    assertEquals(List.of(new Delta(true, "let "), new Delta(true, "me "), new Delta(true, "think")),
        told.deltas().subList(0, 3));

    Script words = directed("{\"words\":3}");
    assertEquals("word1 word2 word3", text(words));
    assertEquals(3, words.deltas().size());
    assertEquals(100_000, directed("{\"words\":100000}").deltas().size());
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("a script can be told to fail, to be cut, or to end at a limit, behind a number of deltas")
  @CsvSource({"fail_after,Failed", "cut_after,Cut", "length_after,LengthReached", "filter_after,Filtered"})
  void endings(String option, String end) {
    for (int after : new int[] {0, 2, 5}) {
      Script script = directed("{\"words\":5,\"" + option + "\":" + after + "}");
      assertEquals(after, script.deltas().size());
      assertEquals(end, script.end().getClass().getSimpleName());
    }
    assertEquals(5, directed("{\"words\":5,\"" + option + "\":99}").deltas().size());
  }

  @Test
  @DisplayName("a failure that was told for is not worth a retry")
  void toldFailure() {
    assertEquals(false, assertInstanceOf(ModelEnd.Failed.class, directed("{\"fail_after\":1}").end()).retry());
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("wrong directions make a script that fails at once and names the option")
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "{\"words\":-1}|words", "{\"words\":100001}|words", "{\"words\":\"3\"}|words", "{\"delay_ms\":60001}|delay_ms",
    "{\"delay_ms\":-1}|delay_ms", "{\"text\":1}|text", "{\"speed\":1}|speed", "{\"reasoning\":[]}|reasoning",
    "{\"fail_after\":\"x\"}|fail_after"})
  void wrongDirections(String scripted, String field) {
    Script script = directed(scripted);

    assertEquals(List.of(), script.deltas());
    assertTrue(assertInstanceOf(ModelEnd.Failed.class, script.end()).note().contains(field));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("options that are no object, or a scripted that is none, make a script that fails")
  @ValueSource(strings = {"[]", "1", "{\"scripted\":true}", "{\"scripted\":\"fast\"}"})
  void noObject(String options) {
    assertInstanceOf(ModelEnd.Failed.class, script(options, user("x")).end());
  }
}
