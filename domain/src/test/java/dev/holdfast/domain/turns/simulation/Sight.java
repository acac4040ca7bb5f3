package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Owner;

/** What a rule is shown of the state: all of it, but for mutants, whose rules miss something. */
interface Sight {
  Sight FULL = new Sight() {};

  /** For the rules that a holder calls with its fence. */
  default State withFence(State state, Fence fence) {
    return state;
  }

  /** For the rules by which somebody takes a session. */
  default State taking(State state, WorkerId session, Owner by) {
    return state;
  }
}
