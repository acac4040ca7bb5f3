package dev.holdfast.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InferenceRequestTest {
  private static Json sent(Json body) {
    return new InferenceRequest(InferenceRequest.CHAT, body, false).bodyFor("theirs");
  }

  @Test
  @DisplayName("a provider gets its own model's name in the request's member, and a request that names none gets one")
  void named() {
    assertEquals(Json.object("model", "theirs", "messages", List.of()),
        sent(Json.object("model", "ours", "messages", List.of())));
    assertEquals(Json.object("model", "theirs", "max_tokens", 1L), sent(Json.object("max_tokens", 1L)));
    assertEquals(Json.object("model", "theirs", "metadata", Json.object("model", "deep")),
        sent(Json.object("metadata", Json.object("model", "deep"))));
    assertEquals(Json.object("model", "theirs", "metadata", Json.object("model", "deep")),
        sent(Json.object("model", 1L, "metadata", Json.object("model", "deep"))));
  }

  @Test
  @DisplayName("what is for the scripted model alone goes to no provider")
  void scripted() {
    assertEquals(Json.object("model", "theirs"), sent(Json.object("model", "ours", "scripted", Json.EMPTY_OBJECT)));
    assertEquals(Json.object("model", "theirs", "user", "scripted"),
        sent(Json.object("model", "ours", "user", "scripted")));
  }
}
