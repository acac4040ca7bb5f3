package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRoutesTest {
  private static final String KEYS = "/api/v1/keys";
  private final NodeUnderTest node = NodeUnderTest.started();

  @AfterEach
  void close() {
    node.close();
  }

  private NodeUnderTest.Answer made(String json) {
    NodeUnderTest.Answer answer = node.post(KEYS, json);
    assertEquals(200, answer.status(), answer.body());
    return answer;
  }

  private static Map<?, ?> key(NodeUnderTest.Answer made) {
    return (Map<?, ?>) Objects.requireNonNull(made.member("key"));
  }

  private static String path(NodeUnderTest.Answer made) {
    return KEYS + "/" + key(made).get("key_id");
  }

  private static String adminId(NodeUnderTest node) {
    return node.adminKey().substring(4, 20);
  }

  @Test
  @DisplayName("A-61 A new key is told once, works at once, and is shown without its text ever after")
  void create() {
    NodeUnderTest.Answer made = made("{\"role\":\"consumer\",\"label\":\"Ann's laptop\",\"subject\":\"ann\","
        + "\"models\":[\"scripted\"],\"max_in_flight\":2,\"requests_per_minute\":90,"
        + "\"expires_at\":\"2999-01-01T00:00:00Z\"}");
    assertEquals("no-store", made.header("Cache-Control"));
    String text = made.text("key_text");
    assertTrue(text.startsWith("hfk_" + key(made).get("key_id") + "_"), text);
    Json me = node.sendAs(text, "GET", "/api/v1/whoami", null).json();
    assertEquals(Json.parse("{\"key_id\":\"" + key(made).get("key_id") + "\",\"subject\":\"ann\",\"role\":\"consumer\","
        + "\"label\":\"Ann's laptop\",\"content\":true,\"models\":[\"scripted\"],\"limits\":{\"max_in_flight\":2,"
        + "\"requests_per_minute\":90},\"created_at\":\"" + key(made).get("created_at")
        + "\",\"expires_at\":\"2999-01-01T00:00:00.000Z\"}"), me);
    NodeUnderTest.Answer shown = node.get(path(made));
    assertEquals("\"1\"", shown.header("ETag"));
    assertEquals("active", shown.text("status"));
    assertEquals(adminId(node), shown.text("created_by"));
    for (NodeUnderTest.Answer answer : List.of(shown, node.get(KEYS))) {
      assertFalse(answer.body().contains(text.substring(21, 85)) || answer.body().contains("secret"), answer.body());
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = ';', value = {
    "{\"label\":\"l\"}; role",
    "{\"role\":\"king\",\"label\":\"l\"}; role",
    "{\"role\":\"consumer\"}; label",
    "{\"role\":\"consumer\",\"label\":\"  \"}; label",
    "{\"role\":\"consumer\",\"label\":\"a\\nb\"}; label",
    "{\"role\":\"consumer\",\"label\":\"l\",\"subject\":\"-a\"}; subject",
    "{\"role\":\"consumer\",\"label\":\"l\",\"content\":\"yes\"}; content",
    "{\"role\":\"consumer\",\"label\":\"l\",\"models\":\"scripted\"}; models",
    "{\"role\":\"consumer\",\"label\":\"l\",\"models\":[1]}; models",
    "{\"role\":\"consumer\",\"label\":\"l\",\"models\":[\" \"]}; models",
    "{\"role\":\"consumer\",\"label\":\"l\",\"max_in_flight\":0}; max_in_flight",
    "{\"role\":\"consumer\",\"label\":\"l\",\"max_in_flight\":4294967297}; max_in_flight",
    "{\"role\":\"consumer\",\"label\":\"l\",\"requests_per_minute\":-1}; requests_per_minute",
    "{\"role\":\"consumer\",\"label\":\"l\",\"expires_at\":\"tomorrow\"}; expires_at",
    "{\"role\":\"consumer\",\"label\":\"l\",\"expires_at\":\"2001-01-01T00:00:00Z\"}; expires_at",
    "{\"role\":\"consumer\",\"label\":\"l\",\"expires_at\":\"+12345-01-01T00:00:00Z\"}; expires_at",
    "{\"role\":\"consumer\",\"label\":\"l\",\"colour\":\"red\"}; colour"})
  @DisplayName("A-61 What is wrong about a new key is named, and nothing is made")
  void wrong(String body, String field) {
    NodeUnderTest.Answer answer = node.post(KEYS, body);
    assertEquals(400, answer.status(), answer.body());
    assertEquals(field, answer.text("field"));
    assertEquals(1, node.get(KEYS).items().size());
  }

  @Test
  @DisplayName("A-7 A key's text can't be replayed, so its making takes no Idempotency-Key")
  void noReplay() {
    NodeUnderTest.Answer answer =
        node.post(KEYS, "{\"role\":\"observer\",\"label\":\"l\"}", "Idempotency-Key", "once");
    assertEquals("invalid_request Idempotency-Key", answer.text("reason") + " " + answer.text("field"));
  }

  @Test
  @DisplayName("§5 A rotated key ends at once or after the overlap, a revoked one for ever, and only an ended one is removed")
  void life() {
    NodeUnderTest.Answer first = made("{\"role\":\"consumer\",\"label\":\"l\",\"subject\":\"ann\"}");
    NodeUnderTest.Answer second = node.post(path(first) + "/rotate", "{\"overlap_s\":60}");
    assertEquals("ann", key(second).get("subject"));
    assertEquals("no-store", second.header("Cache-Control"));
    assertEquals(200, node.sendAs(first.text("key_text"), "GET", "/api/v1/whoami", null).status());
    NodeUnderTest.Answer third = node.post(path(second) + "/rotate", "");
    assertEquals("key_expired", node.sendAs(second.text("key_text"), "GET", "/api/v1/whoami", null).text("reason"));
    assertEquals("key_expired", node.post(path(second) + "/rotate", "{}").text("reason"));
    assertEquals("key_active", node.send("DELETE", path(third), null).text("reason"));
    assertEquals("revoked", node.post(path(third) + "/revoke", "{\"note\":\"she left\"}").text("status"));
    assertEquals("revoked", node.post(path(third) + "/revoke", "").text("status"));
    assertEquals("key_revoked", node.sendAs(third.text("key_text"), "GET", "/api/v1/whoami", null).text("reason"));
    assertEquals("key_revoked", node.post(path(third) + "/rotate", "{}").text("reason"));
    NodeUnderTest.Answer removed = node.send("DELETE", path(third), null);
    assertEquals(204, removed.status());
    assertEquals("", removed.body());
    assertEquals("invalid_key", node.sendAs(third.text("key_text"), "GET", "/api/v1/whoami", null).text("reason"));
    for (String rest : List.of("/revoke", "/rotate")) {
      assertEquals("key_not_found", node.post(path(third) + rest, "{}").text("reason"));
    }
    assertTrue(node.get("/api/v1/events").body().contains("she left"));
  }

  @Test
  @DisplayName("A-A28 With a stale If-Match a key is neither revoked nor rotated nor removed")
  void stale() {
    NodeUnderTest.Answer made = made("{\"role\":\"consumer\",\"label\":\"l\"}");
    assertEquals(200, node.post(path(made) + "/rotate", "{\"overlap_s\":60}", "If-Match", "\"1\"").status());
    String before = node.get(path(made)).body();
    for (String call : List.of("POST /revoke", "POST /rotate", "DELETE ")) {
      String[] words = call.split(" ", -1);
      NodeUnderTest.Answer answer = node.send(words[0], path(made) + words[1], null, "If-Match", "\"1\"");
      assertEquals("412 version_mismatch 2",
          answer.status() + " " + answer.text("reason") + " " + answer.member("version"), call);
      for (String garbage : List.of("1", "\"x\"", "W/\"2\"", "\"1\", \"2\"")) {
        assertEquals(400, node.send(words[0], path(made) + words[1], null, "If-Match", garbage).status(), call);
      }
    }
    assertEquals(before, node.get(path(made)).body());
    assertEquals(200, node.send("POST", path(made) + "/revoke", null, "If-Match", "\"2\"").status());
    assertEquals(204, node.send("DELETE", path(made), null, "If-Match", "*").status());
  }

  @Test
  @DisplayName("A-A9 The last admin key isn't revoked, and its expiry is ignored and told as a diagnostic")
  void lastAdmin() {
    String only = KEYS + "/" + adminId(node);
    NodeUnderTest.Answer refused = node.post(only + "/revoke", "{}");
    assertEquals("409 last_admin_key", refused.status() + " " + refused.text("reason"));
    String expired = node.key(Role.ADMIN, Key.DEFAULT_SUBJECT, true, Instant.EPOCH, null);
    assertEquals("last_admin_key", node.post(only + "/revoke", "{}").text("reason"));
    // Its rotation leaves another, so the old one may go.
    String next = node.post(only + "/rotate", "{}").text("key_text");
    assertEquals("key_expired", node.get("/api/v1/whoami").text("reason"));
    assertEquals("key_expired", node.sendAs(expired, "GET", "/api/v1/whoami", null).text("reason"));
    assertEquals("last_admin_key",
        node.sendAs(next, "POST", KEYS + "/" + next.substring(4, 20) + "/revoke", "{}").text("reason"));
    assertEquals(204, node.sendAs(next, "DELETE", only, null).status());
  }

  @Test
  @DisplayName("A-A9 When every admin key has expired, the one that did so last goes on, and a diagnostic tells so")
  void lastExpired() {
    try (var lonely = NodeUnderTest.started()) {
      Instant until = Instant.now().plus(Duration.ofDays(1));
      String admin = lonely.key(Role.ADMIN, Key.DEFAULT_SUBJECT, true, until, null);
      assertEquals(200,
          lonely.sendAs(admin, "POST", KEYS + "/" + adminId(lonely) + "/revoke", "{}").status());
      lonely.bean(TestTime.class).set(Duration.ofDays(2));
      assertEquals(200, lonely.sendAs(admin, "GET", "/api/v1/whoami", null).status());
      assertTrue(lonely.sendAs(admin, "GET", "/api/v1/diagnostics", null).body()
          .contains("access.admin_key_expiry_ignored"));
      assertEquals("active", lonely.sendAs(admin, "GET", KEYS + "/" + admin.substring(4, 20), null).text("status"));
    }
  }

  @Test
  @DisplayName("A-62 Who isn't an admin sees and revokes the own key, and knows of no other")
  void own() {
    NodeUnderTest.Answer made = made("{\"role\":\"observer\",\"label\":\"l\"}");
    String text = made.text("key_text");
    List<Map<String, @Nullable Object>> seen = node.sendAs(text, "GET", KEYS, null).items();
    assertEquals(List.of(key(made).get("key_id")), seen.stream().map(item -> item.get("key_id")).toList());
    assertEquals(200, node.sendAs(text, "GET", path(made), null).status());
    NodeUnderTest.Answer foreign =
        node.sendAs(text, "POST", KEYS + "/" + adminId(node) + "/revoke", "{}");
    assertEquals("key_not_found", foreign.text("reason"));
    assertEquals("revoked", node.sendAs(text, "POST", path(made) + "/revoke", "{}").text("status"));
    assertEquals("key_revoked", node.sendAs(text, "GET", path(made), null).text("reason"));
  }

  @Test
  @DisplayName("A-23 An admin acts as the subject that it names, in what it makes and what it sees; nobody else does")
  void onBehalf() {
    String other = node.post("/api/v1/workers", "{\"execution\":\"external\"}").text("worker_id");
    NodeUnderTest.Answer made = node.post("/api/v1/workers", "{\"execution\":\"external\"}", Call.ON_BEHALF_OF, "ann");
    assertEquals("ann", made.text("owner"));
    String[] asAnn = {Call.ON_BEHALF_OF, "ann"};
    List<Map<String, @Nullable Object>> seen = node.send("GET", "/api/v1/workers", null, asAnn).items();
    assertEquals(List.of(made.text("worker_id")), seen.stream().map(item -> item.get("worker_id")).toList());
    assertEquals("worker_not_found", node.send("GET", "/api/v1/workers/" + other, null, asAnn).text("reason"));
    Map<String, @Nullable Object> entry = node.get("/api/v1/audit?action=worker.create&subject=ann").items().getFirst();
    assertEquals("admin " + adminId(node) + " " + made.text("worker_id"),
        entry.get("role") + " " + entry.get("key_id") + " " + entry.get("target"));
    assertEquals("ann", node.send("GET", "/api/v1/whoami", null, asAnn).text("on_behalf_of"));
    for (Role role : Role.values()) {
      if (role != Role.ADMIN) {
        NodeUnderTest.Answer refused =
            node.sendAs(node.key(role, "bob", true), "GET", "/api/v1/whoami", null, asAnn);
        assertEquals("403 role_not_allowed", refused.status() + " " + refused.text("reason"), role.text());
      }
    }
    assertEquals("invalid_request", node.send("GET", "/api/v1/whoami", null, Call.ON_BEHALF_OF, "a b").text("reason"));
  }

  @Test
  @DisplayName("A-22 A model that isn't a key's isn't listed, shown, called or given to a worker")
  void models() {
    node.post("/api/v1/providers", "{\"name\":\"big\",\"url\":\"http://127.0.0.1:1/v1\",\"backend_model\":\"m\"}");
    String key = made("{\"role\":\"consumer\",\"label\":\"l\",\"models\":[\"scripted\"]}").text("key_text");
    assertEquals(List.of("scripted"), node.sendAs(key, "GET", "/api/v1/models", null).items().stream()
        .map(item -> item.get("name")).toList());
    String openAi = node.sendAs(key, "GET", "/v1/models", null).body();
    assertTrue(openAi.contains("scripted") && !openAi.contains("big"), openAi);
    String chat =
        "{\"model\":\"MODEL\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"scripted\":{\"delay_ms\":0}}";
    assertEquals(200, node.sendAs(key, "POST", "/v1/chat/completions", chat.replace("MODEL", "scripted")).status());
    for (NodeUnderTest.Answer answer : List.of(node.sendAs(key, "GET", "/v1/models/big", null),
        node.sendAs(key, "POST", "/v1/chat/completions", chat.replace("MODEL", "big")))) {
      assertEquals(404, answer.status());
      assertTrue(answer.body().contains("model_not_found"), answer.body());
    }
    NodeUnderTest.Answer unknown = node.sendAs(key, "GET", "/v1/models/nothing", null);
    assertEquals(unknown.body(), node.sendAs(key, "GET", "/v1/models/big", null).body());
    NodeUnderTest.Answer worker = node.sendAs(key, "POST", "/api/v1/workers", "{\"model\":\"big\"}");
    assertEquals("404 model_not_found", worker.status() + " " + worker.text("reason"));
    // The node's default is big, which the key must not come to by saying nothing.
    assertEquals("model_not_found", node.sendAs(key, "POST", "/api/v1/workers", "{}").text("reason"));
    node.send("PUT", "/api/v1/models/default", "{\"name\":\"scripted\"}");
    NodeUnderTest.Answer kept = node.sendAs(key, "POST", "/api/v1/workers", "{}");
    assertEquals("scripted", kept.text("model"));
    assertNull(node.post("/api/v1/workers", "{}").member("model"));
    assertNotNull(kept.member("worker_id"));
  }
}
