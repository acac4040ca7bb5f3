package dev.holdfast.domain.turns.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.queue.WorkClass;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The nine scenarios of spec turns §19, in one go, and again with the store closed and opened behind every phase. */
public abstract class ScenarioAcceptance extends StoreSuite {

  private void holds(Scenario scenario) {
    assertEquals(Optional.empty(), ScenarioValidation.firstOffence(scenario));
    openRuntime();
    run(scenario, () -> {
    });
    if (isDurable()) {
      run(scenario, this::reopenStore);
    }
  }

  private void run(Scenario scenario, Runnable behindEachPhase) {
    new ScenarioRunner(new Stage(this::store, ids(), now()), behindEachPhase, scenario, worker(), worker()).run();
  }

  @Test
  @DisplayName("T-A1 command before turn work (gate; checkpoint commit completes the command; stale completion refused;"
      + " queue drained; turn_index 7)")
  void commandBeforeTurnWork() {
    holds(NineScenarios.COMMAND_BEFORE_TURN_WORK);
  }

  @Test
  @DisplayName("T-A2 command-only drain claims no turn work, commits")
  void commandOnly() {
    holds(NineScenarios.COMMAND_ONLY);
  }

  @Test
  @DisplayName("T-A3 claiming queued work leaves next inputs pending")
  void inputsStay() {
    holds(NineScenarios.INPUTS_STAY);
  }

  @Test
  @DisplayName("T-A4 wake with earliest_safe_boundary claimable at an active checkpoint")
  void wakeAtCheckpoint() {
    holds(NineScenarios.WAKE_AT_CHECKPOINT);
  }

  @Test
  @DisplayName("T-A5 two inputs claimed in order, hidden while live, completed; other session untouched")
  void twoInputs() {
    holds(NineScenarios.TWO_INPUTS);
  }

  @Test
  @DisplayName("T-A6 source-key replay keeps id and text; changed content conflicts")
  void sourceKey() {
    holds(NineScenarios.SOURCE_KEY);
  }

  @Test
  @DisplayName("T-A7 checkpoint deferral, cancel before and after it, no later claim")
  void deferral() {
    holds(NineScenarios.DEFERRAL);
  }

  @Test
  @DisplayName("T-A8 commit after release: lease_expired")
  void commitAfterRelease() {
    holds(NineScenarios.COMMIT_AFTER_RELEASE);
  }

  @Test
  @DisplayName("T-A9 dead-holder reclaim: generation grows, stale observation busy")
  void deadHolder() {
    holds(NineScenarios.DEAD_HOLDER);
  }

  @Test
  @DisplayName("a scenario whose expectations are wrong fails, and says at which phase")
  void wrongExpectations() {
    openRuntime();
    var claim = new Phase.TurnWorkClaim(Phase.Moment.IDLE, 1, null);
    var arrives =
        new Phase.Ingress(List.of(new Phase.Item.Wake("mail", "a letter came")), List.of(WorkClass.TURN_WORK));
    for (Scenario wrong : List.of(
        Scenario.of("nothing to claim", claim),
        Scenario.of("another class", new Phase.Ingress(arrives.items(), List.of(WorkClass.SESSION_COMMAND))),
        Scenario.of("queue not empty", arrives, new Phase.Commit(true, null)),
        Scenario.of("another index", arrives, claim, new Phase.Commit(true, 9L)))) {
      AssertionError failure = assertThrows(AssertionError.class, () -> run(wrong, () -> {
      }));
      assertEquals(wrong.name() + ", phase " + (wrong.phases().size() - 1),
          String.valueOf(failure.getMessage()).split(":", 2)[0]);
    }
  }
}
