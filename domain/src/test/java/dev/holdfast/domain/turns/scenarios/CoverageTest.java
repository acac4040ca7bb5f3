package dev.holdfast.domain.turns.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the scenarios and the fault tests claim to cover is there. */
class CoverageTest {
  private static final List<String> FAULTS = List.of("crash-reopen", "duplicate inputs", "provider-failure retry",
      "cancellation", "lease loss", "backend permutation");

  @Test
  @DisplayName("T-A10 coverage table holds exactly these nine, unique, non-blank")
  void ninescenarios() {
    List<String> names = CoverageTable.ROWS.stream().map(CoverageTable.Row::scenario).toList();
    List<String> invariants = CoverageTable.ROWS.stream().map(CoverageTable.Row::invariant).toList();

    assertEquals(9, names.size());
    assertEquals(NineScenarios.ALL.stream().map(Scenario::name).toList(), names);
    assertEquals(9, new HashSet<>(names).size());
    assertEquals(9, new HashSet<>(invariants).size());
    assertTrue(Stream.concat(names.stream(), invariants.stream()).noneMatch(String::isBlank));
  }

  @Test
  @DisplayName("T-A10 (faults) the fault matrix has evidence for every fault, and the evidence is a test that exists")
  void faults() {
    assertEquals(FAULTS, FaultMatrix.ROWS.stream().map(FaultMatrix.Row::fault).toList());
    for (FaultMatrix.Row row : FaultMatrix.ROWS) {
      assertTrue(!row.evidence().isEmpty(), row.fault());
      for (FaultMatrix.Evidence evidence : row.evidence()) {
        switch (evidence) {
          case FaultMatrix.Evidence.Shown shown ->
            assertTrue(isThere(shown), row.fault() + ": " + shown + " isn't there");
          case FaultMatrix.Evidence.Blocked(String why) ->
            assertTrue(why.strip().split("\\s+").length >= 5, row.fault() + ": why in at least five words");
        }
      }
    }
  }

  /** The tests of other modules aren't on the class path, so their sources are looked at. */
  private static boolean isThere(FaultMatrix.Evidence.Shown shown) {
    Path tests = Path.of("..", shown.module(), "src", "test", "java");
    try (Stream<Path> files = Files.walk(tests)) {
      return files.filter(file -> file.endsWith(shown.type() + ".java"))
          .anyMatch(file -> text(file).contains(" " + shown.method() + "("));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
