package dev.holdfast.http.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderRoutesTest {
  private final NodeUnderTest node = NodeUnderTest.started();
  private final FakeProvider fake = new FakeProvider();

  @AfterEach
  void close() {
    node.close();
    fake.close();
  }

  private NodeUnderTest.Answer add(String name, String url) {
    return node.post("/api/v1/providers", Json.object("name", name, "url", url).text());
  }

  private NodeUnderTest.Answer add(String name, String url, String model) {
    return node.post("/api/v1/providers", Json.object("name", name, "url", url, "backend_model", model).text());
  }

  @Test
  @DisplayName("The only model of a provider is taken, and the first real provider becomes the default")
  void onlyModel() {
    NodeUnderTest.Answer added = add("local", fake.url("models") + "/");
    assertEquals(200, added.status(), added.body());
    assertEquals("only-one", added.text("backend_model"));
    assertEquals(fake.url("models"), added.text("url"));
    assertEquals(true, node.get("/api/v1/models").items().getFirst().get("default"));
    assertEquals("local", node.get("/api/v1/models").items().getFirst().get("name"));
  }

  @Test
  @DisplayName("Several models are named and none is taken; without one, or without an answer, the provider failed")
  void otherModels() {
    NodeUnderTest.Answer several = add("local", fake.url("several"));
    assertEquals(409, several.status());
    assertEquals("several_models", several.text("reason"));
    assertEquals("a,b", several.text("models"));
    for (String behaviour : new String[] {"none", "s500", "binary", "garbage"}) {
      NodeUnderTest.Answer failed = add("local", fake.url(behaviour));
      assertEquals(502, failed.status(), behaviour);
      assertEquals("provider_failed", failed.text("reason"));
    }
    assertEquals("provider_failed", add("local", "http://127.0.0.1:1/v1").text("reason"));
    assertEquals(1, node.get("/api/v1/providers").items().size());
  }

  @ParameterizedTest(name = "{0} {1}: {2} {3}")
  @CsvSource({"UPPER,http://127.0.0.1/v1,422,invalid_name", "ok,ftp://127.0.0.1/v1,403,scheme_not_allowed",
    "ok,http://example.org/v1,403,scheme_not_allowed", "ok,not a url,400,malformed_spec",
    "ok,https://user:pw@example.org/v1,400,malformed_spec", "ok,https://example.org/v1?key=1,400,malformed_spec",
    "scripted,https://example.org/v1,409,name_taken"})
  @DisplayName("A provider that can't be is refused with its reason")
  void wrong(String name, String url, int status, String reason) {
    NodeUnderTest.Answer answer = add(name, url, "m");
    assertEquals(status, answer.status(), answer.body());
    assertEquals(reason, answer.text("reason"));
  }

  @Test
  @DisplayName("A provider is removed once; the scripted one stays; the default can be set to a known model")
  void removeAndDefault() {
    add("local", fake.url("answers"), "m");
    assertEquals("scripted", node.send("PUT", "/api/v1/models/default", "{\"name\":\"scripted\"}").text("name"));
    assertEquals("model_not_found", node.send("PUT", "/api/v1/models/default", "{\"name\":\"x\"}").text("reason"));
    assertEquals(200, node.send("DELETE", "/api/v1/providers/local", null).status());
    assertEquals(404, node.send("DELETE", "/api/v1/providers/local", null).status());
    assertEquals(400, node.send("DELETE", "/api/v1/providers/scripted", null).status());
  }

  @Test
  @DisplayName("An observer sees no address, and where a key is found is seen by admins alone")
  void addresses() {
    node.post("/api/v1/providers", Json.object("name", "cloud", "url", "https://example.org/v1", "backend_model", "m",
        "credential_ref", "env:CLOUD_KEY").text());
    assertEquals("env:CLOUD_KEY", node.get("/api/v1/providers").items().getFirst().get("credential_ref"));
    NodeUnderTest.Answer seen =
        node.sendAs(node.key(Role.OBSERVER, "default", false), "GET", "/api/v1/providers", null);
    assertFalse(seen.body().contains("example.org") || seen.body().contains("CLOUD_KEY"), seen.body());
    assertNull(seen.items().getFirst().get("url"));
    assertTrue(seen.body().contains("cloud"));
  }
}
