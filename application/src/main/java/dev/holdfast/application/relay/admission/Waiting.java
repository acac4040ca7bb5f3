package dev.holdfast.application.relay.admission;

import dev.holdfast.application.relay.admission.Admissions.Patience;
import dev.holdfast.application.relay.admission.Admissions.Place;
import dev.holdfast.domain.relay.Provider;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call that waits for a place. Whoever uses it holds the lock of the admissions. */
final class Waiting {
  final Instant since;
  /** Its place in the queue when it came, from 1; 0 for one that doesn't wait. */
  final int queuedAt;
  private final Patience patience;
  private int place;
  private Instant until;
  List<? extends Provider> candidates;
  @Nullable
  Place granted;
  boolean changed;
  /** From a change until it has looked again. */
  boolean stale;
  private boolean overdue;

  Waiting(Instant since, Patience patience, int queuedAt, List<? extends Provider> candidates) {
    this.since = since;
    this.patience = patience;
    this.until = since.plus(patience.atMost());
    this.queuedAt = queuedAt;
    this.candidates = candidates;
  }

  void lookAgain() {
    changed = true;
    stale = true;
  }

  /** Its time in the queue begins anew when whoever it waits for has come, or hasn't. */
  void expect(@Nullable Instant awaited) {
    if (awaited != null && until.isBefore(awaited.plus(patience.atMost()))) {
      until = awaited.plus(patience.atMost());
    }
  }

  /** Its place in the queue at present; 0 when it has left it. */
  void at(int now) {
    if (place != now) {
      place = now;
      patience.place().accept(now);
    }
  }

  /** What time alone does; nobody tells that a provider has cooled down, so whoever knows of none looks again. */
  void tick(Instant now) {
    overdue |= !now.isBefore(until);
    if (candidates.isEmpty()) {
      lookAgain();
    }
  }

  boolean isOverdue() {
    return overdue;
  }

  boolean hasNews() {
    return granted != null || overdue || changed;
  }

  boolean mayUse(String provider) {
    return candidates.stream().anyMatch(one -> one.name().equals(provider));
  }
}
