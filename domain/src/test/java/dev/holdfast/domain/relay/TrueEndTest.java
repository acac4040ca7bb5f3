package dev.holdfast.domain.relay;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TrueEndTest {
  @Test
  @DisplayName("R-46 an end is told by a finish reason at any depth, however it is spaced, and by nothing that a text says")
  void ends() {
    assertTrue(TrueEnd.isTold("[DONE]"));
    assertTrue(TrueEnd.isTold("{\"choices\":[{\"finish_reason\":\"stop\"}]}"));
    assertTrue(TrueEnd.isTold("{ \"choices\" : [ { \"finish_reason\" :\n \"length\" } ] }"));
    assertFalse(TrueEnd.isTold("{\"choices\":[{\"finish_reason\":null}]}"));
    assertFalse(TrueEnd.isTold("{\"choices\":[{\"finish_reason\""));
    assertFalse(TrueEnd.isTold("{\"text\":\"\\\"finish_reason\\\":\\\"stop\\\"\"}"));
    assertFalse(TrueEnd.isTold("{\"a\":\"finish_reason\",\"b\":\"stop\"}"));
    assertTrue(TrueEnd.isTold("{\"a\":\"finish_reason\",\"finish_reason\":\"stop\"}"));
  }

  @Test
  @DisplayName("R-46 what follows an end takes it back when it is more of an answer, and not when it is nothing")
  void more() {
    assertTrue(TrueEnd.isTold(true, "{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}"));
    assertTrue(TrueEnd.isTold(true, "{\"choices\":[{\"delta\":{\"content\":\"\"}}]}"));
    assertTrue(TrueEnd.isTold(true, "{\"choices\":[{\"delta\":{\"tool_calls\":[]}}]}"));
    assertFalse(TrueEnd.isTold(true, "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}"));
    assertFalse(TrueEnd.isTold(true, "{\"choices\":[{\"delta\":{\"content\":\"\",\"reasoning\" : \"x\"}}]}"));
    assertFalse(TrueEnd.isTold(true, "{\"choices\":[{\"delta\":{\"tool_calls\": [ {\"index\":0}]}}]}"));
    assertFalse(TrueEnd.isTold(false, "{\"choices\":[]}"));
  }
}
