package dev.holdfast.domain.turns.queue;

import java.util.Locale;

/** What a batch is about: the session itself, or a turn in it. */
public enum WorkClass {
  SESSION_COMMAND,
  TURN_WORK;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
