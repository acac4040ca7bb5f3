package dev.holdfast.application.workers;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is wanted (spec A-10).
 *
 * @param after a {@link Page#next} of before, or null for the start
 * @param limit null for the default
 */
public record Listing(@Nullable String after, @Nullable Integer limit) {
  public static final Listing FIRST = new Listing(null, null);

  /** Why the page can't be given, or null. */
  public Outcome.@Nullable Refused<?> refusal() {
    return refusal("[0-9]{1,18}");
  }

  /** @param place the form that a place in the list has, as a regular expression */
  public Outcome.@Nullable Refused<?> refusal(String place) {
    if (limit != null && limit > Page.MAX_LIMIT) {
      return new Outcome.Refused<>(Reason.LIMIT_TOO_LARGE, Map.of("requested", limit, "max", Page.MAX_LIMIT));
    }
    if (limit != null && limit < 1) {
      return Outcome.refused(Reason.INVALID_QUERY, "field", "limit");
    }
    return after != null && !after.matches(place)
        ? Outcome.refused(Reason.INVALID_QUERY, "field", "after")
        : null;
  }

  public int size() {
    return limit == null ? Page.DEFAULT_LIMIT : limit;
  }

  public long start() {
    return after == null ? 0 : Long.parseLong(after);
  }
}
