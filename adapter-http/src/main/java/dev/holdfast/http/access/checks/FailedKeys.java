package dev.holdfast.http.access.checks;

import dev.holdfast.application.access.Rates;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.access.Key;
import dev.holdfast.http.access.Remote;
import java.util.Optional;

/** The address has not too often presented a key that was missing or not valid (spec ). */
final class FailedKeys implements Check {
  private final Rates rates;
  private final Remote remote;

  FailedKeys(Rates rates, Remote remote) {
    this.rates = rates;
    this.remote = remote;
  }

  @Override
  public Verdict judge(Arrival arrival) {
    Optional<Outcome.Refused<Key>> blocked = rates.blocked(() -> remote.budget(arrival.request()));
    return blocked.isPresent() ? new Verdict.Refused(blocked.get()) : Verdict.PASSED;
  }

  /** The refusal of a key that was missing or not valid, which counts. */
  Verdict count(Arrival arrival, Outcome.Refused<Key> refusal) {
    return new Verdict.Refused(rates.failed(remote.budget(arrival.request())).orElse(refusal));
  }
}
