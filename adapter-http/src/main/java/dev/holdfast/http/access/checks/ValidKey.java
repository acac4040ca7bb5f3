package dev.holdfast.http.access.checks;

import dev.holdfast.application.access.KeyCheck;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.PresentedKey;
import java.util.Optional;

/** The key is one of the node's, and neither revoked nor expired (spec ). */
final class ValidKey implements Check {
  private final KeyCheck keys;
  private final FailedKeys failed;

  ValidKey(KeyCheck keys, FailedKeys failed) {
    this.keys = keys;
    this.failed = failed;
  }

  @Override
  public Verdict judge(Arrival arrival) {
    Optional<Outcome<Key>> known = keys.known(arrival.presented());
    if (known.isEmpty() && !arrival.mayWait()) {
      return Verdict.LATER;
    }
    return switch (known.orElseGet(() -> keys.check(arrival.presented()))) {
      case Outcome.Done<Key>(Key key) -> valid(arrival, key);
      case Outcome.Replayed<Key>(Key key) -> valid(arrival, key);
      case Outcome.Refused<Key> refused when refused.reason() == Reason.INVALID_KEY -> failed.count(arrival, refused);
      case Outcome.Refused<Key> refused -> ended(arrival, refused);
    };
  }

  private static Verdict valid(Arrival arrival, Key key) {
    arrival.key(key);
    return Verdict.PASSED;
  }

  /** Its secret was right, so the audit can say whose knock it was. */
  private static Verdict ended(Arrival arrival, Outcome.Refused<Key> refused) {
    PresentedKey.parse(arrival.presented()).ifPresent(shown -> arrival.ended(shown.id()));
    return new Verdict.Refused(refused);
  }
}
