package dev.holdfast.http.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.relay.FakeProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProfileTest {
  private static final String PROFILES =
      "{\"reviewer\":{\"instructions\":\"Review, and say why.\",\"model\":\"fake\",\"options\":{\"seed\":1,\"top_p\":0.5}}}";

  @Test
  @DisplayName("W-13 a provider gets the profile's instructions as its system message and the options under the input's")
  void reachesTheProvider() throws Exception {
    try (var node = NodeUnderTest.started(Map.of("holdfast.profiles", PROFILES)); var fake = new FakeProvider()) {
      node.bean(Models.class)
          .add(NodeUnderTest.called(), FakeProvider.wanted("fake", fake.url("answers")), null).orThrow();
      NodeUnderTest.Answer worker =
          node.post("/api/v1/workers", "{\"profile\":{\"kind\":\"named\",\"name\":\"reviewer\"}}");
      assertEquals(true, worker.member("profile_resolved"));
      node.post("/api/v1/workers/" + worker.text("worker_id") + "/inputs",
          "{\"content\":\"this change\",\"options\":{\"seed\":2}}");

      Map<String, ?> body = fake.lastRequest().json().members();
      assertEquals(
          Json.of(List.of(Json.object("role", "system", "content", "Review, and say why."),
              Json.object("role", "user", "content", "this change"))),
          Json.of(body.get("messages")));
      assertEquals(2L, body.get("seed"));
      assertEquals("0.5", String.valueOf(body.get("top_p")));
      assertEquals("backend-model", body.get("model"));
    }
  }

  @Test
  @DisplayName("W-13 a worker says whether the node has its profile; one without is made with a warning")
  void unresolved() {
    try (var node = NodeUnderTest.started()) {
      NodeUnderTest.Answer worker =
          node.post("/api/v1/workers", "{\"profile\":{\"kind\":\"named\",\"name\":\"reviewer\"}}");
      assertEquals(200, worker.status());
      assertEquals(false, worker.member("profile_resolved"));
      assertEquals(true, node.post("/api/v1/workers", "{}").member("profile_resolved"));
      assertEquals(List.of("worker.profile_unresolved"), node.get("/api/v1/diagnostics?severity=warning").items()
          .stream().map(item -> item.get("code")).toList());
    }
  }
}
