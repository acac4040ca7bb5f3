package dev.holdfast.http.access.listener;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.http.access.listener.Connections.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
  private static final int LOBBY = 64;

  @Test
  @DisplayName("A-83 One caller's connections beyond its bound are closed, another's come in, and a place is free again")
  void ofOne() {
    var connections = new Connections(10, 2);
    assertEquals(Verdict.ADMITTED, connections.arrived("a"));
    assertEquals(Verdict.ADMITTED, connections.arrived("a"));
    assertEquals(Verdict.CLOSED, connections.arrived("a"));
    assertEquals(Verdict.ADMITTED, connections.arrived("b"));
    connections.left("a", Verdict.ADMITTED);
    assertEquals(Verdict.ADMITTED, connections.arrived("a"));
    assertEquals(Verdict.CLOSED, connections.arrived("a"));
    assertEquals(3, connections.open());
  }

  @Test
  @DisplayName("A-83 Beyond all that may be some are told so and the others closed, and none takes a place")
  void ofAll() {
    var connections = new Connections(3, 2);
    for (String caller : new String[] {"a", "b", "c"}) {
      assertEquals(Verdict.ADMITTED, connections.arrived(caller));
    }
    for (int i = 0; i < LOBBY; i++) {
      assertEquals(Verdict.TOLD, connections.arrived("d" + i));
    }
    assertEquals(Verdict.CLOSED, connections.arrived("e"));
    connections.left("d0", Verdict.TOLD);
    assertEquals(Verdict.TOLD, connections.arrived("e"));
    assertEquals(3, connections.open());
    connections.left("a", Verdict.ADMITTED);
    assertEquals(Verdict.ADMITTED, connections.arrived("e"));
  }

  @Test
  @DisplayName("A-83 Who isn't counted by itself is bounded with all")
  void uncounted() {
    var connections = new Connections(3, 1);
    for (int i = 0; i < 3; i++) {
      assertEquals(Verdict.ADMITTED, connections.arrived(null));
    }
    assertEquals(Verdict.TOLD, connections.arrived(null));
    for (int i = 0; i < 3; i++) {
      connections.left(null, Verdict.ADMITTED);
    }
    assertEquals(0, connections.open());
  }
}
