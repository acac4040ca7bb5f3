package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RoutesTest {

  @Test
  @DisplayName("A-90 Each route's action is a noun and a verb, and no other route's")
  void actions() {
    List<String> actions = Routes.list(true).stream().map(Route::action).toList();
    Set<String> different = new HashSet<>(actions);
    assertEquals(actions.size(), different.size(), actions.toString());
    assertTrue(actions.stream().allMatch(action -> action.matches("[a-z_]+\\.[a-z_]+")), actions.toString());
  }

  @Test
  @DisplayName("A-1 Routes are under /api/v1 and /v1, and but for four nowhere else")
  void places() {
    Set<String> elsewhere = Set.of("/health/liveness", "/health/readiness", "/metrics", "/openapi.json");
    for (Route route : Routes.list()) {
      assertTrue(route.template().startsWith("/api/v1/") || route.template().startsWith("/v1/")
          || elsewhere.contains(route.template()), route.name());
    }
  }
}
