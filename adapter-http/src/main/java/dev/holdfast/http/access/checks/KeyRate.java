package dev.holdfast.http.access.checks;

import dev.holdfast.application.access.Rates;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Rated;
import dev.holdfast.http.access.Route;
import java.util.Objects;

/** The key has not made too many requests of late (spec ). */
final class KeyRate implements Check {
  private final Rates rates;

  KeyRate(Rates rates) {
    this.rates = rates;
  }

  @Override
  public Verdict judge(Arrival arrival) {
    if (arrival.route().is(Route.Trait.UNCOUNTED)) {
      return Verdict.PASSED;
    }
    Rated rated = rates.request(Objects.requireNonNull(arrival.key()));
    arrival.rated(rated);
    return switch (rated) {
      case Rated.Admitted _ -> Verdict.PASSED;
      case Rated.TooMany much -> new Verdict.Refused(Rates.limited(much.untilRoom()));
      case Rated.Unknown _ -> Verdict.refused(Reason.RATE_STATE_UNAVAILABLE);
    };
  }
}
