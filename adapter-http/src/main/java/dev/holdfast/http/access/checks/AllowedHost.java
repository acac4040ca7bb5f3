package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Reason;
import dev.holdfast.http.access.Hosts;

/** The request names the node, and by one of its names (spec A-31). */
final class AllowedHost implements Check {
  private final Hosts hosts;

  AllowedHost(Hosts hosts) {
    this.hosts = hosts;
  }

  @Override
  public Verdict judge(Arrival arrival) {
    return Verdict.refusedUnless(hosts.isAllowed(arrival.request()), Reason.HOST_NOT_ALLOWED);
  }
}
