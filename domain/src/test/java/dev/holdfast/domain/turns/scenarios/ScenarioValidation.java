package dev.holdfast.domain.turns.scenarios;

import java.util.List;
import java.util.Optional;

/**
 * Whether the phases of a scenario can stand in their order (spec T-100 to T-104). A valid scenario may still fail when it is
 * run.
 */
final class ScenarioValidation {
  private ScenarioValidation() {}

  /** @param index of the first phase that can't stand where it does; 0 where there is none at all */
  record Offence(int index, String rule) {}

  /** Empty for a valid scenario. */
  static Optional<Offence> firstOffence(Scenario scenario) {
    List<Phase> phases = scenario.phases();
    if (phases.isEmpty()) {
      return Optional.of(new Offence(0, "a scenario has at least one phase"));
    }
    boolean held = false;
    boolean claimed = false;
    for (int i = 0; i < phases.size(); i++) {
      Phase phase = phases.get(i);
      String broken = switch (phase) {
        case Phase.Commit _,Phase.CommitAfterRelease _ -> i < phases.size() - 1 ? "T-100" : "";
        case Phase.ReclaimDeadHolder _ -> held ? "T-101" : "";
        case Phase.StaleQueueCompletion _ -> claimed ? "" : "T-102";
        case Phase.NextTurnInputClaim claim -> claim.aliases().size() == claim.texts().size() ? "" : "T-103";
        case Phase.Ingress _,Phase.LeadingCommandClaim _,Phase.Checkpoint _,Phase.TurnWorkClaim _ -> "";
      };
      if (!broken.isEmpty()) {
        return Optional.of(new Offence(i, broken));
      }
      held |= phase.needsLease();
      claimed |= phase instanceof Phase.TurnWorkClaim;
    }
    return Optional.empty();
  }
}
