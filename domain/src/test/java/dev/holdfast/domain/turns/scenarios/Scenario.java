package dev.holdfast.domain.turns.scenarios;

import java.util.List;

/**
 * What users and an executor do with one session, phase by phase (spec turns §18). The lease is taken when a phase first needs
 * it.
 *
 * @param name unique among the scenarios of a table
 * @param session how messages call it
 * @param ownerId of the executor
 * @param phases at least one in a valid scenario
 */
public record Scenario(String name, String session, String ownerId, List<Phase> phases) {
  public static final String DEFAULT_SESSION = "root";
  public static final String DEFAULT_OWNER = "runtime-scenario-owner";

  public Scenario {
    phases = List.copyOf(phases);
  }

  public static Scenario of(String name, Phase... phases) {
    return new Scenario(name, DEFAULT_SESSION, DEFAULT_OWNER, List.of(phases));
  }
}
