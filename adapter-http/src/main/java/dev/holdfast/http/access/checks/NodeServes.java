package dev.holdfast.http.access.checks;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Reason;
import dev.holdfast.http.access.Route;

/**
 * A node that starts answers for its health alone, whatever is asked; one that drains answers reads and what finishes work
 * in hand, and begins nothing (spec A-33).
 */
final class NodeServes implements Check {
  private final NodeState node;

  NodeServes(NodeState node) {
    this.node = node;
  }

  @Override
  public Verdict judge(Arrival arrival) {
    return switch (node.phase()) {
      case STARTING -> Verdict.refusedUnless(arrival.ofPath().stream().anyMatch(Route::isAnonymous),
          Reason.NODE_STARTING);
      case READY -> Verdict.PASSED;
      case DRAINING -> Verdict.refusedUnless(arrival.found().map(route -> goesOn(route, arrival)).orElse(true),
          Reason.NODE_DRAINING);
    };
  }

  private static boolean goesOn(Route route, Arrival arrival) {
    boolean begins = route.nature() == Route.Nature.MUTATION || Arrival.isStream(route, arrival.request());
    return !begins || route.isAnonymous() || route.is(Route.Trait.FINISHES_WORK);
  }
}
