package dev.holdfast.cli.turns.timeline;

import dev.holdfast.domain.Reason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a turn ended, in words.
 *
 * @param outcome as on the wire
 * @param reason its code; null where the outcome needs none
 */
public record Ending(String outcome, @Nullable String reason) {

  /** As in {@code failed: The provider failed (provider_failed)}. */
  public String text() {
    if (reason == null) {
      return outcome;
    }
    try {
      Reason known = Reason.valueOf(reason.toUpperCase(Locale.ROOT));
      return outcome + ": " + known.title() + " (" + reason + ")";
    } catch (IllegalArgumentException e) {
      // A newer node may give reasons that this version doesn't know.
      return outcome + ": " + reason;
    }
  }
}
