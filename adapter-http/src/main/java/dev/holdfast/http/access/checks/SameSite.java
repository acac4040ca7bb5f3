package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Reason;
import dev.holdfast.http.access.Hosts;

/** The request comes from no page of another site (spec A-32). */
final class SameSite implements Check {
  private final Hosts hosts;

  SameSite(Hosts hosts) {
    this.hosts = hosts;
  }

  @Override
  public Verdict judge(Arrival arrival) {
    return Verdict.refusedUnless(hosts.isSameSite(arrival.request()), Reason.CROSS_SITE_FORBIDDEN);
  }
}
