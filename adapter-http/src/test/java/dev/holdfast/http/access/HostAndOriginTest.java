package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.http.NodeUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostAndOriginTest {
  private final NodeUnderTest node = NodeUnderTest.started();

  @AfterAll
  void close() {
    node.close();
  }

  private String request(Route route, String target, String... headers) {
    var text = new StringBuilder(route.method() + " " + target + " HTTP/1.1\r\nConnection: close\r\n"
        + "Authorization: Bearer " + node.adminKey() + "\r\n");
    for (String header : headers) {
      text.append(header.replace("PORT", Integer.toString(node.port()))).append("\r\n");
    }
    return node.raw(text.append("\r\n").toString());
  }

  private static String path(Route route) {
    return route.template().replaceAll("\\{[a-z_]+}", "worker-00000001");
  }

  private static List<Route> cheapRoutes() {
    List<Route> routes = new ArrayList<>(Routes.list());
    routes.removeIf(route -> route.nature() == Route.Nature.STREAM || route.bodyRequired());
    return routes;
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"", "Host:", "Host: evil.example", "Host: evil.example:PORT", "Host: 127.0.0.1:1",
    "Host: 127.0.0.1", "Host: localhost.:PORT", "Host: :PORT", "Host: user@127.0.0.1:PORT", "Host: 127.0.0.1:PORT:1",
    "Host: 127%2e0.0.1:PORT", "Host: [::2]:PORT", "Host: 127.0.0.1:PORT, evil.example", "Host: 127.0.0.1:0PORT",
    "Host: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT", "Host: 127.0.0.1:PORT\r\nHost: evil.example"})
  @DisplayName("A-A2 A Host that isn't allow-listed is refused on every route, before anything else")
  void foreignHosts(String header) {
    for (Route route : Routes.list()) {
      String answer = header.isEmpty() ? request(route, path(route)) : request(route, path(route), header);
      boolean refused = answer.startsWith("HTTP/1.1 403") && answer.contains("host_not_allowed");
      assertTrue(refused || answer.startsWith("HTTP/1.1 400"), route.name() + ": " + answer);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Host: 127.0.0.1:PORT", "Host: localhost:PORT", "Host: LOCALHOST:PORT", "Host: [::1]:PORT"})
  @DisplayName("A-A2 The node's own names pass on every route, in whatever case")
  void ownHosts(String header) {
    for (Route route : cheapRoutes()) {
      assertFalse(request(route, path(route), header).contains("host_not_allowed"), route.name());
    }
  }

  @Test
  @DisplayName("A-A2 A target in absolute form counts as a Host: a foreign one is refused, the node's own passes")
  void absoluteForm() {
    Route liveness = Routes.list().getFirst();
    String own = "Host: 127.0.0.1:PORT";
    String foreign = request(liveness, "http://evil.example/health/liveness", own);
    assertTrue(foreign.contains("host_not_allowed"), foreign);
    String slashes = request(liveness, "//evil.example/health/liveness", own);
    assertFalse(slashes.startsWith("HTTP/1.1 200"), slashes);
    String same = request(liveness, "http://127.0.0.1:" + node.port() + "/health/liveness", own);
    assertTrue(same.startsWith("HTTP/1.1 200"), same);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Origin: http://evil.example", "Origin: null", "Origin: http://127.0.0.1:1",
    "Origin: http://user@127.0.0.1:PORT", "Origin: nonsense", "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Site: same-site", "Origin: http://127.0.0.1:PORT\r\nOrigin: http://evil.example"})
  @DisplayName("A-A3 A foreign Origin or site is refused before the key is looked at")
  void foreignSites(String header) {
    String answer = node.raw("GET /api/v1/workers HTTP/1.1\r\nHost: " + node.host() + "\r\n"
        + header.replace("PORT", Integer.toString(node.port())) + "\r\nConnection: close\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
    assertTrue(answer.contains("cross_site_forbidden"), answer);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Origin: http://127.0.0.1:PORT", "Origin: http://localhost:PORT",
    "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none"})
  @DisplayName("A-A3 The node's own pages pass")
  void ownSites(String header) {
    Route runtime =
        Routes.list().stream().filter(route -> route.template().equals("/api/v1/runtime")).findFirst().orElseThrow();
    String answer = request(runtime, "/api/v1/runtime", "Host: 127.0.0.1:PORT", header);
    assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "application/xml", "text/json", "application/json, text/plain"})
  @DisplayName("A-A3 A body that a form could send is refused for its type")
  void forms(String type) {
    NodeUnderTest.Answer answer = node.sendAs(node.adminKey(), "POST", "/api/v1/workers", null);
    assertEquals(415, answer.status());
    String raw = node.raw("POST /api/v1/workers HTTP/1.1\r\nHost: " + node.host() + "\r\nAuthorization: Bearer "
        + node.adminKey() + "\r\nContent-Type: " + type + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
    assertTrue(raw.startsWith("HTTP/1.1 415") && raw.contains("unsupported_media_type"), raw);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource({"node.example, https://node.example, 200", "node.example:443, http://node.example:80, 200",
    "node.example:PORT, https://node.example, 200", "other.example:8443, https://other.example:8443, 200",
    "other.example, https://other.example:8443, 403", "node.example:1, https://node.example, 403",
    "node.example, https://node.example:1, 403", "node.example, ftp://node.example:443, 403"})
  @DisplayName("A-31, A-32 Behind a proxy public names without a port are those of 80 and 443")
  void publicNames(String host, String origin, String status) {
    try (var behind = NodeUnderTest.started(
        Map.of("holdfast.behind-proxy", true, "holdfast.allowed-hosts", "Node.Example,other.example:8443"))) {
      String answer = behind.raw("GET /health/liveness HTTP/1.1\r\nHost: "
          + host.replace("PORT", Integer.toString(behind.port())) + "\r\nOrigin: " + origin + "\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    }
  }
}
