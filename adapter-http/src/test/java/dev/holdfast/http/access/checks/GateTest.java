package dev.holdfast.http.access.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.SwitchableStore;
import dev.holdfast.http.access.Route;
import dev.holdfast.http.access.Routes;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.Router;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GateTest {
  private final NodeUnderTest node = NodeUnderTest.started();
  private final Refusals refusals = node.bean(Refusals.class);

  @AfterAll
  void close() {
    node.close();
  }

  @Test
  @DisplayName("A-A1 A request that the gate has not admitted reaches no route but those for everybody")
  void notAdmitted() {
    for (Route route : Routes.list()) {
      String path = route.template().replaceAll("\\{[a-z_]+}", "nobody");
      var request = HttpRequest.create(HttpMethod.valueOf(route.method()), path);
      RouteAttributes.setRouteMatch(request,
          node.bean(Router.class).route(HttpMethod.valueOf(route.method()), path).orElseThrow());
      assertEquals(route.isAnonymous(), node.bean(Gate.class).confirm(request) == null, route.name());
    }
  }

  private void leaves(int records, Reason reason, Runnable call) {
    long before = refusals.count(reason);
    call.run();
    assertEquals(records, refusals.count(reason) - before, reason.code());
  }

  @Test
  @DisplayName("A-90 Every refusal for the key is told once, on whatever route")
  void refusedKeys() {
    String observer = node.key(Role.OBSERVER, Key.DEFAULT_SUBJECT, false);
    String worker = node.post("/api/v1/workers", "{}").text("worker_id");
    leaves(1, Reason.MISSING_KEY, () -> node.sendAs(null, "GET", "/api/v1/workers", null));
    leaves(1, Reason.INVALID_KEY, () -> node.sendAs("nonsense", "POST", "/api/v1/workers", "{}"));
    leaves(1, Reason.ROLE_NOT_ALLOWED, () -> node.sendAs(observer, "POST", "/api/v1/workers", "{}"));
    leaves(1, Reason.CONTENT_NOT_ALLOWED,
        () -> node.sendAs(observer, "GET", "/api/v1/workers/" + worker + "/transcript", null));
  }

  @Test
  @DisplayName("A-90 What a call would have changed is told once when it is refused, by a check or by its route")
  void refusedCalls() {
    leaves(1, Reason.UNSUPPORTED_MEDIA_TYPE, () -> node.send("POST", "/api/v1/workers", null));
    leaves(1, Reason.INVALID_QUERY, () -> node.post("/api/v1/workers?nonsense=1", "{}"));
    leaves(1, Reason.INVALID_JSON, () -> node.post("/api/v1/workers", "{"));
    leaves(1, Reason.WORKER_NOT_FOUND, () -> node.post("/api/v1/workers/worker-00009999/stop", "{}"));
    node.bean(SwitchableStore.class).breakWrites(new IllegalStateException("broken"));
    leaves(1, Reason.INTERNAL, () -> node.post("/api/v1/workers", "{}"));
    node.bean(SwitchableStore.class).failWrites(null);
  }

  @Test
  @DisplayName("A-90 Reads, inference calls and requests that reach no route leave no record when they are refused")
  void untold() {
    leaves(0, Reason.WORKER_NOT_FOUND, () -> node.get("/api/v1/workers/worker-00009999"));
    leaves(0, Reason.INVALID_QUERY, () -> node.get("/api/v1/workers?nonsense=1"));
    leaves(0, Reason.MODEL_NOT_FOUND,
        () -> node.post("/v1/chat/completions", "{\"model\":\"nobody\",\"messages\":[{\"role\":\"user\","
            + "\"content\":\"hi\"}]}"));
    leaves(0, Reason.ROUTE_NOT_FOUND, () -> node.post("/api/v1/nowhere", "{}"));
    leaves(0, Reason.CROSS_SITE_FORBIDDEN,
        () -> node.post("/api/v1/workers", "{}", "Origin", "http://evil.example"));
  }
}
