package dev.holdfast.domain.integrity.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.integrity.stores.Criticality;
import dev.holdfast.domain.integrity.stores.RebuildStrategy;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The two tables of spec integrity §7, as they stand there. */
class ActionTableTest {
  private static final String ACTIONS = """
      strategy \\ state | missing | uncommitted_write | quarantined | future_schema | hash_mismatch
      none | block_readiness | block_readiness | quarantine | quarantine | quarantine
      rebuild_from_launch_state | block_readiness | block_readiness | quarantine | quarantine | quarantine
      poll_provider | rebuild_from_provider | rebuild_from_provider | rebuild_from_provider | quarantine | quarantine
      verify_canonical_destinations | rebuild_from_canonical_destination | rebuild_from_canonical_destination \
      | rebuild_from_canonical_destination | quarantine | quarantine
      rerun_capability_discovery | rerun_capability_discovery | rerun_capability_discovery | quarantine | quarantine \
      | quarantine
      drop_after_quarantine | quarantine | quarantine | quarantine | quarantine | quarantine
      """;

  private static final String IMPACTS = """
      action \\ criticality | readiness_blocking | rebuildable_from_provider | rebuildable_from_canonical_destination \
      | diagnostic_only | unknown
      none | none | none | none | none | none
      block_readiness | blocked | blocked | blocked | blocked | blocked
      rebuild_from_provider | blocked | degraded | degraded | none | degraded
      rebuild_from_canonical_destination | blocked | degraded | degraded | none | degraded
      rerun_capability_discovery | blocked | degraded | degraded | none | degraded
      quarantine | blocked | degraded | degraded | none | degraded
      """;

  /** Row, column, cell. */
  private static Stream<Arguments> cells(String table) {
    List<List<String>> lines = table.lines()
        .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList()).toList();
    List<String> columns = lines.getFirst();
    return lines.stream().skip(1).flatMap(line -> Stream.iterate(1, i -> i < columns.size(), i -> i + 1)
        .map(i -> Arguments.of(line.getFirst(), columns.get(i), line.get(i))));
  }

  static Stream<Arguments> actions() {
    return cells(ACTIONS);
  }

  static Stream<Arguments> impacts() {
    return cells(IMPACTS);
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @DisplayName("I-A9 every cell of the action table")
  @MethodSource("actions")
  void action(String strategy, String state, String kind) {
    RebuildStrategy row = Stream.of(RebuildStrategy.values()).filter(s -> s.text().equals(strategy)).findFirst()
        .orElseThrow();
    StoreState column = Stream.of(StoreState.values()).filter(s -> s.text().equals(state)).findFirst().orElseThrow();
    assertEquals(kind, ActionKind.of(row, column).text());
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @DisplayName("I-A9 every cell of the impact table")
  @MethodSource("impacts")
  void impact(String kind, String criticality, String impact) {
    ActionKind row = Stream.of(ActionKind.values()).filter(k -> k.text().equals(kind)).findFirst().orElseThrow();
    Criticality column = Stream.of(Criticality.values()).filter(c -> c.text().equals(criticality)).findFirst()
        .orElse(null);
    assertEquals(impact, Impact.of(row, column).text());
  }

  @Test
  @DisplayName("the tables have every row and every column, and a healthy store needs nothing whatever its strategy")
  void whole() {
    Set<List<Object>> found = new HashSet<>();
    actions().forEach(cell -> found.add(List.of(cell.get()[0], cell.get()[1])));
    impacts().forEach(cell -> found.add(List.of(cell.get()[0], cell.get()[1])));
    for (RebuildStrategy strategy : RebuildStrategy.values()) {
      assertEquals(ActionKind.NONE, ActionKind.of(strategy, StoreState.HEALTHY));
      for (StoreState state : StoreState.values()) {
        assertTrue(state == StoreState.HEALTHY || found.contains(List.of(strategy.text(), state.text())));
      }
    }
    for (ActionKind kind : ActionKind.values()) {
      assertTrue(found.contains(List.of(kind.text(), "unknown")));
      for (Criticality criticality : Criticality.values()) {
        assertTrue(found.contains(List.of(kind.text(), criticality.text())));
      }
    }
  }
}
