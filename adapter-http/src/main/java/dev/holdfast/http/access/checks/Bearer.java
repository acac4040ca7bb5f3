package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import java.util.List;

/**
 * The request presents a key in the one place where a key may be: neither query nor cookie nor any other header is looked
 * at (spec A-35).
 */
final class Bearer implements Check {
  private static final String SCHEME = "bearer ";

  private final FailedKeys failed;

  Bearer(FailedKeys failed) {
    this.failed = failed;
  }

  @Override
  public Verdict judge(Arrival arrival) {
    List<String> values = arrival.request().getHeaders().getAll("Authorization");
    if (values.size() != 1 || !values.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return failed.count(arrival, Outcome.refused(Reason.MISSING_KEY));
    }
    String key = values.getFirst().substring(SCHEME.length()).strip();
    arrival.presented(key);
    return key.isEmpty() ? failed.count(arrival, Outcome.refused(Reason.MISSING_KEY)) : Verdict.PASSED;
  }
}
