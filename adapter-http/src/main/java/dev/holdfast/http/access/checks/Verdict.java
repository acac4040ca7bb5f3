package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;

/** What a {@link Check} finds. */
sealed interface Verdict {
  Verdict PASSED = new Passed();
  Verdict LATER = new Later();

  /** The request goes on to the next check. */
  record Passed() implements Verdict {}

  /** It can't be said without waiting; the check is to be asked again on a thread that may wait. */
  record Later() implements Verdict {}

  /** The request ends here. */
  record Refused(Outcome.Refused<?> refusal) implements Verdict {}

  static Verdict refused(Reason reason) {
    return new Refused(Outcome.refused(reason));
  }

  static Verdict refusedUnless(boolean right, Reason reason) {
    return right ? PASSED : refused(reason);
  }
}
