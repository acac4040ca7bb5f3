package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.http.NodeUnderTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostAndOriginTest {
  private final NodeUnderTest node = NodeUnderTest.started(Map.of("holdfast.rates.failed-checks", 1_000_000));
  private final List<Documented> routes = Documented.of(node);

  @AfterAll
  void close() {
    node.close();
  }

  /** Without a key: what the checks of Host and Origin let pass is refused for that. */
  private String request(Documented route, String target, String... headers) {
    var text = new StringBuilder(route.method() + " " + target + " HTTP/1.1\r\nConnection: close\r\n");
    for (String header : headers) {
      text.append(header.replace("PORT", Integer.toString(node.port()))).append("\r\n");
    }
    return node.raw(text.append("\r\n").toString());
  }

  private static void passes(Documented route, String answer) {
    boolean passed = route.keyed()
        ? answer.startsWith("HTTP/1.1 401") && answer.contains("missing_key")
        : answer.startsWith("HTTP/1.1 200");
    assertTrue(passed, route.name() + ": " + answer);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"", "Host:", "Host: evil.example", "Host: evil.example:PORT", "Host: 127.0.0.1:1",
    "Host: 127.0.0.1", "Host: localhost.:PORT", "Host: :PORT", "Host: user@127.0.0.1:PORT", "Host: 127.0.0.1:PORT:1",
    "Host: 127%2e0.0.1:PORT", "Host: [::2]:PORT", "Host: 127.0.0.1:PORT, evil.example", "Host: 127.0.0.1:0PORT",
    "Host: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT", "Host: 127.0.0.1:PORT\r\nHost: evil.example"})
  @DisplayName("A-A2 A Host that isn't allow-listed is refused on every route, before anything else")
  void foreignHosts(String header) {
    for (Documented route : routes) {
      String answer = header.isEmpty() ? request(route, route.target()) : request(route, route.target(), header);
      boolean refused = answer.startsWith("HTTP/1.1 403") && answer.contains("host_not_allowed");
      assertTrue(refused || answer.startsWith("HTTP/1.1 400"), route.name() + ": " + answer);
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Host: 127.0.0.1:PORT", "Host: localhost:PORT", "Host: LOCALHOST:PORT", "Host: [::1]:PORT"})
  @DisplayName("A-A2 The node's own names pass on every route, in whatever case")
  void ownHosts(String header) {
    for (Documented route : routes) {
      passes(route, request(route, route.target(), header));
    }
  }

  @Test
  @DisplayName("A-A2 A target in absolute form counts as a Host: a foreign one is refused, the node's own passes")
  void absoluteForm() {
    String own = "Host: 127.0.0.1:PORT";
    for (Documented route : routes) {
      String foreign = request(route, "http://evil.example" + route.target(), own);
      assertTrue(foreign.contains("host_not_allowed"), foreign);
      String slashes = request(route, "//evil.example" + route.target(), own);
      assertTrue(slashes.startsWith("HTTP/1.1 4"), slashes);
      passes(route, request(route, "http://127.0.0.1:" + node.port() + route.target(), own));
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Origin: http://evil.example", "Origin: null", "Origin: http://127.0.0.1:1",
    "Origin: http://user@127.0.0.1:PORT", "Origin: nonsense", "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Site: same-site", "Origin: http://127.0.0.1:PORT\r\nOrigin: http://evil.example"})
  @DisplayName("A-A3 A foreign Origin or site is refused on every route, before the key is looked at")
  void foreignSites(String header) {
    for (Documented route : routes) {
      for (String key : List.of("X-None: ", "Authorization: Bearer " + node.adminKey())) {
        String answer = request(route, route.target(), "Host: 127.0.0.1:PORT", header, key);
        assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
        assertTrue(answer.contains("cross_site_forbidden"), answer);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Origin: http://127.0.0.1:PORT", "Origin: http://localhost:PORT",
    "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none"})
  @DisplayName("A-A3 The node's own pages pass")
  void ownSites(String header) {
    for (Documented route : routes) {
      passes(route, request(route, route.target(), "Host: 127.0.0.1:PORT", header));
    }
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "application/xml", "text/json", "application/json, text/plain", ""})
  @DisplayName("A-A3 A body that a form could send is refused for its type, on every route that takes one")
  void forms(String type) {
    int checked = 0;
    for (Documented route : routes) {
      if (route.takesBody()) {
        String answer = request(route, route.target(), "Host: 127.0.0.1:PORT", "Authorization: Bearer "
            + node.adminKey(), type.isEmpty() ? "X-None: " : "Content-Type: " + type, "Content-Length: 2", "", "{}");
        assertTrue(answer.startsWith("HTTP/1.1 415") && answer.contains("unsupported_media_type"), answer);
        checked++;
      }
    }
    assertTrue(checked >= 9);
  }

  @Test
  @DisplayName("A-31, A-32 Behind a proxy public names without a port are those of 80 and 443")
  void publicNames() {
    try (var behind = NodeUnderTest.started(
        Map.of("holdfast.behind-proxy", true, "holdfast.allowed-hosts", "Node.Example,other.example:8443"))) {
      requireStatus(200, behind, "node.example", "https://node.example");
      requireStatus(200, behind, "node.example:443", "http://node.example:80");
      requireStatus(200, behind, "node.example:" + behind.port(), "https://node.example");
      requireStatus(200, behind, "other.example:8443", "https://other.example:8443");
      requireStatus(403, behind, "other.example", "https://other.example:8443");
      requireStatus(403, behind, "node.example:1", "https://node.example");
      requireStatus(403, behind, "node.example", "https://node.example:1");
      requireStatus(403, behind, "node.example", "ftp://node.example:443");
    }
  }

  private static void requireStatus(int status, NodeUnderTest node, String host, String origin) {
    String answer =
        node.raw("GET /health/liveness HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin + "\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 " + status), host + " from " + origin + ": " + answer);
  }
}
