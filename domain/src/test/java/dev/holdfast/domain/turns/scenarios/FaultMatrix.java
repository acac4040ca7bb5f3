package dev.holdfast.domain.turns.scenarios;

import java.util.List;

/** Which test shows that a fault is survived. */
final class FaultMatrix {
  /** What shows it. */
  sealed interface Evidence {
    /**
     * A test that runs.
     *
     * @param module of the project
     * @param type simple name of the test class
     */
    record Shown(String module, String type, String method) implements Evidence {}

    /** Nothing does yet, and why, in at least five words. */
    record Blocked(String why) implements Evidence {}
  }

  record Row(String fault, List<Evidence> evidence) {}

  static final List<Row> ROWS = List.of(
      new Row("crash-reopen", List.of(
          shown("adapter-sqlite", "KilledProcessTest", "nothingIsLost"),
          shown("domain", "ScenarioAcceptance", "commandBeforeTurnWork"))),
      new Row("duplicate inputs", List.of(
          shown("domain", "ScenarioAcceptance", "sourceKey"),
          shown("domain", "InputsAcceptance", "idempotency"))),
      new Row("provider-failure retry", List.of(
          shown("application", "TurnExecutorTest", "retriesAfterRewinding"))),
      new Row("cancellation", List.of(
          shown("domain", "ScenarioAcceptance", "deferral"),
          shown("domain", "CancelRaceAcceptance", "race"),
          shown("domain", "InputCancelsAcceptance", "cascade"))),
      new Row("lease loss", List.of(
          shown("domain", "ScenarioAcceptance", "commitAfterRelease"),
          shown("domain", "ScenarioAcceptance", "deadHolder"),
          shown("domain", "ReclaimAcceptance", "turnGoesOn"),
          shown("domain", "TurnAcceptance", "interrupted"))),
      new Row("backend permutation", List.of(
          shown("domain", "MemoryScenarioTest", "open"),
          shown("adapter-sqlite", "SqliteScenarioAcceptanceTest", "open"))));

  private FaultMatrix() {}

  private static Evidence shown(String module, String type, String method) {
    return new Evidence.Shown(module, type, method);
  }
}
