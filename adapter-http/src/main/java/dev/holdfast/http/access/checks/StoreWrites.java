package dev.holdfast.http.access.checks;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Reason;

/** What would write finds a store that takes writes (spec A-42). */
final class StoreWrites implements Check {
  private final NodeState node;

  StoreWrites(NodeState node) {
    this.node = node;
  }

  @Override
  public Verdict judge(Arrival arrival) {
    boolean blocked = arrival.route().writes() && node.readiness() == Reason.STORE_POISONED;
    return Verdict.refusedUnless(!blocked, Reason.STORE_POISONED);
  }
}
