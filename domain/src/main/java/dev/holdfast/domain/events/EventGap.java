package dev.holdfast.domain.events;

import dev.holdfast.domain.Texts;
import java.util.Locale;

/**
 * A range of ids whose events aren't there any more (spec W-44).
 *
 * @param fromId the first id of it, at least 1
 * @param toId the last id of it
 */
public record EventGap(long fromId, long toId, Why why) {
  public EventGap {
    Texts.requireAtLeast(fromId, 1, "the first id of a gap");
    Texts.requireAtLeast(toId, fromId, "the last id of a gap");
  }

  /** What became of the events. */
  public enum Why {
    PRUNED,
    DAMAGED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
