package dev.holdfast.http.access.checks;

import dev.holdfast.application.access.KeyCheck;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
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
      case Outcome.Refused<Key> refused -> new Verdict.Refused(refused);
    };
  }

  private static Verdict valid(Arrival arrival, Key key) {
    arrival.key(key);
    return Verdict.PASSED;
  }
}
