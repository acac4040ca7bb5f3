package dev.holdfast.http.access.checks;

import dev.holdfast.application.access.Rates;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Allowance;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Rated;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settles what a request took of its key's rate, and tells callers how much is left. */
@Singleton
final class Meter {
  /** Of the checks behind the rate's; a request that they refuse takes nothing of it (spec A-44). */
  private static final Set<Reason> UNCOUNTED = EnumSet.of(Reason.ROLE_NOT_ALLOWED, Reason.CONTENT_NOT_ALLOWED,
      Reason.UNSUPPORTED_MEDIA_TYPE, Reason.BODY_TOO_LARGE, Reason.INVALID_JSON, Reason.UNKNOWN_FIELD,
      Reason.INVALID_QUERY, Reason.STORE_RECOVERY_REQUIRED, Reason.STORE_POISONED);

  private final Rates rates;

  Meter(Rates rates) {
    this.rates = rates;
  }

  /**
   * Tells on the answer what is left.
   *
   * @param rated null where the request wasn't counted
   * @param refusal null where it wasn't refused
   */
  void settle(@Nullable Key key, @Nullable Rated rated, @Nullable Reason refusal, MutableHttpResponse<?> answer) {
    switch (rated) {
      case null -> {
      }
      case Rated.Unknown _ -> {
      }
      case Rated.TooMany much -> tell(much.allowance(), answer);
      case Rated.Admitted admitted when key != null && refusal != null && isUncounted(refusal) -> {
        rates.giveBack(key, admitted);
        tell(admitted.allowance().givenBack(), answer);
      }
      case Rated.Admitted admitted -> tell(admitted.allowance(), answer);
    }
  }

  private static boolean isUncounted(Reason refusal) {
    return UNCOUNTED.contains(refusal) || refusal.kind() == Reason.Kind.NOT_FOUND;
  }

  /** By the names that OpenAI's clients know. */
  private static void tell(Allowance allowance, MutableHttpResponse<?> answer) {
    if (allowance instanceof Allowance.Limited(int limit, int remaining, var untilAll)) {
      answer.header("x-ratelimit-limit-requests", Integer.toString(limit));
      answer.header("x-ratelimit-remaining-requests", Integer.toString(remaining));
      answer.header("x-ratelimit-reset-requests", untilAll.plusNanos(999_999_999).toSeconds() + "s");
    }
  }
}
