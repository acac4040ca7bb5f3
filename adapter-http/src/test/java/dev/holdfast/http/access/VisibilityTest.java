package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.access.Role;
import dev.holdfast.http.Follower;
import dev.holdfast.http.NodeUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a key sees of what is there, over every route that a running node documents. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VisibilityTest {
  private static final String SECRET = "a-sentence-that-ann-wrote";

  private final NodeUnderTest node = NodeUnderTest.started();
  private final String ann = node.key(Role.CONSUMER, "ann", true);
  private final String worker = node.sendAs(ann, "POST", "/api/v1/workers", "{}").text("worker_id");
  private final String input =
      node.sendAs(ann, "POST", "/api/v1/workers/" + worker + "/inputs", "{\"content\":\"" + SECRET
          + "\",\"options\":{\"scripted\":{\"delay_ms\":0}}}").text("input_id");
  private final String turn = turn();

  private final String batch =
      node.sendAs(ann, "POST", "/api/v1/workers/" + worker + "/wakes", "{\"origin\":\"o\",\"origin_sequence\":1,"
          + "\"text\":\"" + SECRET + "\",\"available_at\":\"2999-01-01T00:00:00Z\"}").text("batch_id");

  private String turn() {
    try (Follower events = node.follow("/api/v1/events/stream?worker_id=" + worker)) {
      return events.until(f -> f.event().equals("turn.completed")).getLast().text("data", "turn_id");
    }
  }

  @AfterAll
  void close() {
    node.close();
  }

  private String path(Documented route, String key, boolean known) {
    String object = route.path().contains("/turns/") ? turn : worker;
    String path = route.path() + (route.path().endsWith("/context") ? "?turn_id=" + turn : "");
    return path.replace("{batch_id}", known ? batch : unknown(batch))
        .replace("{input_id}", known ? input : unknown(input))
        .replace("{name}", "scripted")
        .replace("{key_id}", known ? id(key) : unknown(id(key))).replace("{id}", known ? object : unknown(object))
        .replaceAll("\\{[a-z_]+}", "nobody");
  }

  /** Of the same form, and nothing's name. */
  private static String unknown(String id) {
    return id.substring(0, id.length() - 4) + (id.endsWith("ffff") ? "eeee" : "ffff");
  }

  private static String id(String key) {
    return key.substring(4, 20);
  }

  private static Map<String, @Nullable Object> shape(NodeUnderTest.Answer answer) {
    Map<String, @Nullable Object> members = new TreeMap<>(answer.json().members());
    members.remove("instance");
    members.put("headers", answer.headers().map().keySet().stream().filter(name -> !name.equals("date")).toList());
    return members;
  }

  private Stream<Documented> ofObjects() {
    // Models and providers belong to nobody; whose model is whose is a case of its own.
    return Documented.of(node).stream().filter(route -> route.path().contains("{") && !route.isOpenAi()
        && !route.path().contains("/providers/") && !route.path().contains("/models/")
        && !route.path().contains("/publishers/"));
  }

  /** A body that only the object can be wrong for. */
  private String ofExecutor(Documented route, String key) {
    String owner = "\"owner_id\":\"" + id(key) + ":x\",\"incarnation_id\":\"1\"";
    String fence = "{\"fence\":{\"session_id\":\"" + worker + "\"," + owner
        + ",\"lease_token\":\"t\",\"generation\":1}";
    String attempt = ",\"turn_id\":\"" + turn + "\",\"attempt\":1";
    return switch (route.path().substring(route.path().lastIndexOf('/') + 1)) {
      case "wakes" -> "{\"origin\":\"o\",\"origin_sequence\":1,\"text\":\"t\"}";
      case "commands" -> "{\"kind\":\"reset_session\"}";
      case "cancel" -> route.path().endsWith("/inputs/cancel") ? "{\"targets\":[{\"source_key\":\"k\"}]}" : "{}";
      case "lease" -> "{" + owner + "}";
      case "reclaim" -> "{" + owner + ",\"observed\":{" + owner + ",\"generation\":1}}";
      case "renew", "release", "next-work" -> fence + "}";
      case "commits" -> fence + attempt + ",\"outcome\":\"completed\"}";
      case "checkpoint-claims" -> fence + attempt + ",\"kind\":\"after_work\"}";
      case "cancel-ack" -> fence + ",\"turn_id\":\"" + turn + "\"}";
      case "abandon" -> fence + ",\"claim_id\":\"inc:1:1\",\"claim_token\":\"t\"}";
      case "output" -> fence + ",\"attempt\":1,\"first_seq\":2,\"records\":[]}";
      default -> "{}";
    };
  }

  @ParameterizedTest
  @EnumSource(value = Role.class, names = {"CONSUMER", "EXECUTOR"})
  @DisplayName("A-A14 What is another's and what isn't there answer alike on every route that names an object")
  void alike(Role role) {
    String bob = node.key(role, "bob", true);
    List<String> looked = new ArrayList<>();
    for (Documented route : ofObjects().toList()) {
      String body = route.path().endsWith("/inputs") ? "{\"content\":\"a\"}" : ofExecutor(route, bob);
      List<NodeUnderTest.Answer> answers = Stream.of(true, false)
          .map(known -> node.sendAs(bob, route.method(), path(route, ann, known), route.takesBody() ? body : null))
          .toList();
      NodeUnderTest.Answer foreign = answers.getFirst();
      if (foreign.status() == 403) {
        assertEquals("role_not_allowed", foreign.text("reason"), route.name());
        assertEquals(403, answers.getLast().status(), route.name());
        continue;
      }
      looked.add(route.name());
      assertEquals(404, foreign.status(), route.name());
      assertEquals(shape(answers.getLast()), shape(foreign), route.name());
    }
    assertTrue(looked.size() >= 8 && looked.toString().contains("/keys/"), looked.toString());
  }

  @Test
  @DisplayName("A-A22 Observer and operator see content only with the flag, on every route; a consumer none of another subject's")
  void content() {
    for (Role role : List.of(Role.OBSERVER, Role.OPERATOR)) {
      assertEquals(List.of(), telling(node.key(role, "default", false)), role.text());
      List<String> told = telling(node.key(role, "default", true));
      assertTrue(told.contains("GET /api/v1/workers/{id}/transcript")
          && told.contains("GET /api/v1/workers/{id}/inputs") && told.contains("GET /api/v1/turns/{id}/output"),
          role + " " + told);
    }
    // What a turn shows its model call is for executors, and for an admin who is one.
    assertEquals(telling(node.adminKey()).stream().filter(name -> !name.endsWith("/context")).toList(), telling(ann));
    String bob = node.key(Role.CONSUMER, "bob", true);
    assertEquals(List.of(), telling(bob));
    for (String list : List.of("/api/v1/workers", "/api/v1/events")) {
      assertFalse(node.sendAs(bob, "GET", list, null).body().contains(worker), list);
    }
    assertEquals("content_not_allowed", node.sendAs(node.key(Role.OPERATOR, "default", false), "GET",
        "/api/v1/workers/" + worker + "/transcript", null).text("reason"));
  }

  /** The reading routes that tell what was written or answered. */
  private List<String> telling(String key) {
    return Documented.of(node).stream()
        .filter(route -> route.method().equals("GET") && !route.path().endsWith("/stream")).filter(route -> {
          String body = node.sendAs(key, "GET", path(route, key, true), null).body();
          return body.contains(SECRET) || body.contains("\"kind\":\"delta\"");
        }).map(Documented::name).toList();
  }
}
