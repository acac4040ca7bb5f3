package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.Follower;
import dev.holdfast.http.NodeUnderTest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
  private final NodeUnderTest node = NodeUnderTest.started();
  private final Map<String, @Nullable Object> document = node.get("/openapi.json").json().members();

  @AfterAll
  void close() {
    node.close();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
  }

  @Test
  @DisplayName("The document, the route table and the controllers have the same routes")
  void sameRoutes() {
    Set<String> documented = new TreeSet<>();
    object(document.get("paths")).forEach((path, operations) -> object(operations).keySet()
        .forEach(method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path)));
    Set<String> declared = Routes.list().stream().map(Route::name).collect(Collectors.toCollection(TreeSet::new));
    assertEquals(declared, documented);
    assertEquals(declared, node.bean(RouteCheck.class).served());
    assertEquals("3.1.0", document.get("openapi"));
  }

  @Test
  @DisplayName("A-A1 (mutant) A table that leaves out any one route, or has one too many, doesn't start")
  void leftOut() {
    RouteCheck check = node.bean(RouteCheck.class);
    check.requireServed(Routes.list());
    for (Route left : Routes.list()) {
      List<Route> mutant = Routes.list().stream().filter(route -> !route.equals(left)).toList();
      assertThrows(IllegalStateException.class, () -> check.requireServed(mutant), left.name());
    }
    assertThrows(IllegalStateException.class, () -> check.requireServed(Routes.list(true)));
  }

  @Test
  @DisplayName("A-10 The document tells each list's limits as the routes hold them")
  void limits() {
    String worker = node.post("/api/v1/workers", "{}").text("worker_id");
    for (Route route : Routes.list()) {
      if (!route.query().contains("limit") || route.template().contains("/turns/")) {
        continue;
      }
      Map<String, @Nullable Object> operation =
          object(object(object(document.get("paths")).get(route.template())).get("get"));
      Map<String, @Nullable Object> schema = ((List<?>) Objects.requireNonNull(operation.get("parameters"))).stream()
          .map(OpenApiTest::object).filter(p -> "limit".equals(p.get("name")))
          .map(p -> object(p.get("schema"))).findFirst().orElseThrow();
      String path = route.template().replace("{id}", worker) + "?limit=";
      long most = route.template().endsWith("/executor/work") ? 64 : 256;
      assertEquals(most, schema.get("maximum"), route.name());
      assertEquals(200, node.get(path + most).status(), route.name());
      assertEquals(400, node.get(path + (most + 1)).status(), route.name());
      assertEquals(200, node.get(path + schema.get("minimum")).status(), route.name());
      assertEquals(Long.valueOf(0).equals(schema.get("minimum")) ? 200 : 400, node.get(path + "0").status(),
          route.name());
    }
  }

  @Test
  @DisplayName("Every schema that the document names is there, and every one that is there is named")
  void references() {
    Matcher references = Pattern.compile("#/components/schemas/([A-Za-z]+)").matcher(node.get("/openapi.json").body());
    Set<String> named = new TreeSet<>();
    while (references.find()) {
      named.add(references.group(1));
    }
    assertEquals(OpenApi.schemas().members().keySet(), named);
  }

  @Test
  @DisplayName("What the routes answer has the members that the document says, and no others")
  void answersFit() {
    String worker = node.post("/api/v1/workers", "{\"intent\":{\"kind\":\"role\",\"role\":\"r\",\"purpose\":\"p\"},"
        + "\"requested_capabilities\":[{\"name\":\"c\",\"note\":\"n\"}],\"workspace_refs\":[{\"name\":\"w\","
        + "\"reference\":\"x\"}],\"config_bundle\":{\"id\":\"b\"},\"model\":\"scripted\"}").text("worker_id");
    String input = node.post("/api/v1/workers/" + worker + "/inputs",
        "{\"content\":\"hi\",\"options\":{\"scripted\":{\"delay_ms\":0}}}", "Idempotency-Key", "k").text("input_id");
    String turn;
    try (Follower events = node.follow("/api/v1/events/stream?worker_id=" + worker)) {
      turn = events.until(f -> f.event().equals("turn.completed")).getLast().text("data", "turn_id");
    }
    String key = keyId(node.post("/api/v1/keys", Objects.requireNonNull(BODIES.get("POST /api/v1/keys"))));
    String batch = node.post("/api/v1/workers/" + worker + "/wakes", "{\"origin\":\"o\",\"origin_sequence\":1,"
        + "\"text\":\"t\",\"available_at\":\"2999-01-01T00:00:00Z\"}").text("batch_id");
    String publisher = node.post("/api/v1/publishers/register",
        "{\"label\":\"l\",\"providers\":[{\"name\":\"laptop\",\"backend_model\":\"m\"}]}").text("publisher_id");
    String task = node.post("/api/v1/inference-tasks",
        "{\"model\":\"laptop\",\"request\":{\"messages\":[]}}").text("task_id");
    Map<String, String> variables =
        new HashMap<>(Map.of("input_id", input, "batch_id", batch, "name", "local", "key_id", key));
    variables.put("response_id", node.post("/v1/responses",
        "{\"model\":\"scripted\",\"input\":\"hi\",\"scripted\":{\"delay_ms\":0}}").text("id"));
    List<String> wrong = new ArrayList<>();
    Set<String> checked = new HashSet<>();
    // What ends the worker comes last.
    List<Route> routes = new ArrayList<>(Routes.list());
    routes.sort(Comparator.comparing(
        route -> route.template().matches(".*/(stop|start|cancel)") || route.action().equals("response.remove")));
    for (Route route : routes) {
      variables.put("id", route.template().contains("/turns/") ? turn
          : route.template().contains("/publishers/") ? publisher
              : route.template().contains("/inference-tasks/") ? task
                  : route.template().startsWith("/v1/") ? "scripted" : worker);
      variables.put("name", route.template().contains("/models/") ? "scripted" : "local");
      String body = BODIES.get(route.name());
      if (route.nature() == Route.Nature.STREAM || (route.request() != null && body == null)) {
        continue;
      }
      String path = route.template() + (route.template().endsWith("/context") ? "?turn_id=" + turn : "");
      for (Map.Entry<String, String> variable : variables.entrySet()) {
        path = path.replace("{" + variable.getKey() + "}", variable.getValue());
      }
      NodeUnderTest.Answer answer = node.send(route.method(), path, body);
      assertEquals(route.answer().equals(Route.NOTHING) ? 204 : 200, answer.status(), route.name() + answer.body());
      checked.add(route.name());
      if (OpenApi.schemas().members().containsKey(route.answer())) {
        wrong.addAll(SchemaFit.misfits(route.name(), route.answer(), answer.json()));
      }
    }
    assertEquals(List.of(), wrong);
    long ofHolders =
        Routes.list().stream().filter(route -> route.request() != null && !BODIES.containsKey(route.name()))
            .count();
    assertTrue(checked.size() >= Routes.list().size() - 3 - ofHolders, checked.toString());
  }

  private static String keyId(NodeUnderTest.Answer made) {
    return (String) Objects.requireNonNull(object(made.member("key")).get("key_id"));
  }

  /** A body for each route that takes one; the provider is added before it is removed. */
  private static final Map<String, String> BODIES = Map.ofEntries(
      Map.entry("POST /api/v1/workers", "{}"),
      Map.entry("POST /api/v1/workers/{id}/inputs", "{\"content\":\"again\"}"),
      Map.entry("POST /api/v1/workers/{id}/wakes", "{\"origin\":\"o\",\"origin_sequence\":2,\"text\":\"t\","
          + "\"cause\":\"c\",\"merge_key\":{\"kind\":\"group\",\"name\":\"g\"}}"),
      Map.entry("POST /api/v1/workers/{id}/commands", "{\"kind\":\"reset_session\",\"note\":\"n\"}"),
      Map.entry("POST /api/v1/workers/{id}/inputs/cancel", "{\"targets\":[{\"source_key\":\"k\"}]}"),
      Map.entry("POST /api/v1/workers/{id}/stop", "{\"note\":\"n\"}"),
      Map.entry("POST /api/v1/workers/{id}/cancel", "{}"),
      Map.entry("POST /api/v1/store/prune", "{\"outputs_before\":\"2020-01-01T00:00:00.000Z\",\"dry_run\":true}"),
      Map.entry("POST /api/v1/runtime/stop", "{}"),
      Map.entry("POST /api/v1/runtime/start", "{}"),
      Map.entry("POST /api/v1/keys", "{\"role\":\"consumer\",\"label\":\"l\",\"models\":[\"scripted\"],"
          + "\"max_in_flight\":2,\"requests_per_minute\":30,\"expires_at\":\"2999-01-01T00:00:00Z\"}"),
      Map.entry("POST /api/v1/keys/{key_id}/rotate", "{\"overlap_s\":0}"),
      Map.entry("POST /api/v1/keys/{key_id}/revoke", "{\"note\":\"n\"}"),
      Map.entry("POST /api/v1/providers",
          "{\"name\":\"local\",\"url\":\"http://127.0.0.1:1/v1\",\"backend_model\":\"m\"}"),
      Map.entry("POST /api/v1/providers/{name}", "{\"visibility\":\"private\",\"pool\":\"p\"}"),
      Map.entry("POST /api/v1/publishers/{id}/rotate", "{}"),
      Map.entry("POST /api/v1/inference-tasks", "{\"model\":\"scripted\",\"request\":{\"messages\":[]}}"),
      Map.entry("PUT /api/v1/models/default", "{\"name\":\"scripted\"}"),
      Map.entry("POST /v1/responses",
          "{\"model\":\"scripted\",\"input\":\"hi\",\"store\":false,\"scripted\":{\"delay_ms\":0}}"),
      Map.entry("POST /v1/responses/{response_id}/cancel", "{}"),
      Map.entry("POST /v1/chat/completions",
          "{\"model\":\"scripted\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
              + "\"scripted\":{\"delay_ms\":0}}"));

  @Test
  @DisplayName("Metrics tell of routes and streams, and of no key, content or name of a caller's")
  void metrics() {
    node.key(Role.OBSERVER, Key.DEFAULT_SUBJECT, false);
    node.get("/api/v1/runtime");
    NodeUnderTest.Answer answer = node.get("/metrics");
    assertEquals(200, answer.status());
    assertTrue(
        answer.body().contains("holdfast_http_requests_seconds_count{route=\"GET /api/v1/runtime\",status=\"200\"}"),
        answer.body());
    assertTrue(answer.body().contains("holdfast_streams_open"));
    assertTrue(!answer.body().contains(node.adminKey().substring(4, 20)));
  }
}
