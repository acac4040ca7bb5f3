package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Reason;

/** The node has a route of that path, and the route has that method (spec A-34). */
final class KnownRoute implements Check {

  @Override
  public Verdict judge(Arrival arrival) {
    if (arrival.ofPath().isEmpty()) {
      return Verdict.refused(Reason.ROUTE_NOT_FOUND);
    }
    return Verdict.refusedUnless(arrival.found().isPresent(), Reason.METHOD_NOT_ALLOWED);
  }
}
