package dev.holdfast.http.access.checks;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Reason;
import java.util.Optional;

/** What would write finds a store that takes writes (spec A-42). */
final class StoreWrites implements Check {
  private final NodeState node;

  StoreWrites(NodeState node) {
    this.node = node;
  }

  @Override
  public Verdict judge(Arrival arrival) {
    Optional<Reason> refusal = arrival.route().writes() ? node.refusalOfWrites() : Optional.empty();
    return refusal.map(reason -> Verdict.refusedUnless(false, reason)).orElse(Verdict.PASSED);
  }
}
