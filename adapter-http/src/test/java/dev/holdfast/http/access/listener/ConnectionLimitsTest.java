package dev.holdfast.http.access.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.RawConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {

  private static NodeUnderTest node(int ofOne, int all, Map<String, Object> more) {
    Map<String, Object> properties = new HashMap<>(more);
    properties.put("holdfast.listener.connections-per-address", ofOne);
    properties.put("holdfast.listener.connections", all);
    return NodeUnderTest.started(properties);
  }

  private static String get(NodeUnderTest node, String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + node.host() + "\r\n\r\n";
  }

  private static boolean isServed(NodeUnderTest node, RawConnection connection) {
    return connection.send(get(node, "/health/liveness")) && connection.answer().startsWith("HTTP/1.1 200");
  }

  private static List<RawConnection> served(NodeUnderTest node, String from, int count) {
    List<RawConnection> connections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RawConnection connection = node.connect(from);
      assertTrue(isServed(node, connection));
      connections.add(connection);
    }
    return connections;
  }

  @Test
  @DisplayName("A-83 An address's connections beyond its bound are closed at once; another address is served")
  void perAddress() {
    try (NodeUnderTest node = node(3, 100, Map.of())) {
      List<RawConnection> connections = served(node, "127.0.0.2", 3);
      try (RawConnection fourth = node.connect("127.0.0.2")) {
        assertEquals("", fourth.untilClosed());
      }
      served(node, "127.0.0.3", 3).forEach(RawConnection::close);
      assertTrue(isServed(node, connections.getFirst()));
      connections.forEach(RawConnection::close);
      await().until(() -> {
        try (RawConnection again = node.connect("127.0.0.2")) {
          return isServed(node, again);
        }
      });
    }
  }

  @Test
  @DisplayName("A-83 Connections beyond all that may be are told so with 503 and closed")
  void inTotal() {
    try (NodeUnderTest node = node(100, 3, Map.of())) {
      List<RawConnection> connections = served(node, "127.0.0.2", 3);
      for (String path : List.of("/health/liveness", "/v1/models")) {
        try (RawConnection fourth = node.connect("127.0.0.3")) {
          fourth.send(get(node, path));
          String told = fourth.untilClosed();
          assertTrue(told.startsWith("HTTP/1.1 503") && told.contains("\"too_many_connections\""), told);
          assertTrue(told.contains("Retry-After: 5") && told.contains("X-Request-Id: "), told);
        }
      }
      connections.forEach(RawConnection::close);
      await().until(() -> {
        try (RawConnection again = node.connect("127.0.0.3")) {
          return isServed(node, again);
        }
      });
    }
  }

  @Test
  @DisplayName("A-83 A proxy's connections aren't bounded by its address")
  void proxy() {
    Map<String, Object> behind = Map.of("holdfast.behind-proxy", true, "holdfast.proxy-addresses", "127.0.0.2");
    try (NodeUnderTest node = node(3, 100, behind)) {
      served(node, "127.0.0.2", 10).forEach(RawConnection::close);
      List<RawConnection> others = served(node, "127.0.0.3", 3);
      try (RawConnection fourth = node.connect("127.0.0.3")) {
        assertEquals("", fourth.untilClosed());
      }
      others.forEach(RawConnection::close);
    }
  }
}
