package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.http.access.Route;
import java.util.Objects;

/** The key's role may call the route, and the key may read content where the route shows it (spec ). */
final class AllowedRole implements Check {

  @Override
  public Verdict judge(Arrival arrival) {
    Route route = arrival.route();
    Key key = Objects.requireNonNull(arrival.key());
    if (!route.roles().contains(key.role())) {
      return Verdict.refused(Reason.ROLE_NOT_ALLOWED);
    }
    return Verdict.refusedUnless(key.content() || !route.is(Route.Trait.CONTENT), Reason.CONTENT_NOT_ALLOWED);
  }
}
