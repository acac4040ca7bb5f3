package dev.holdfast.domain.events;

import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.Texts;
import java.util.Optional;

/**
 * A place in the feed: the next event to read. Its text form is {@code <runtime id>:<next event id>}.
 *
 * @param nextEventId at least 1; it may lie ahead of the feed's end (spec W-43)
 */
public record EventCursor(RuntimeId runtime, long nextEventId) {
  public EventCursor {
    Texts.requireAtLeast(nextEventId, 1, "the next event id");
  }

  public static EventCursor start(RuntimeId runtime) {
    return new EventCursor(runtime, 1);
  }

  /** @return empty when the text is not a cursor */
  public static Optional<EventCursor> parse(String text) {
    int colon = text.lastIndexOf(':');
    String number = text.substring(colon + 1);
    if (colon < 1 || colon > 128 || !number.matches("[1-9][0-9]{0,17}") || text.substring(0, colon).isBlank()) {
      return Optional.empty();
    }
    return Optional.of(new EventCursor(new RuntimeId(text.substring(0, colon)), Long.parseLong(number)));
  }

  public EventCursor at(long nextId) {
    return new EventCursor(runtime, nextId);
  }

  public String text() {
    return runtime + ":" + nextEventId;
  }
}
