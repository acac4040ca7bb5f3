package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.workers.TranscriptEntry;

/** In whose voice an input speaks. A system input waits for a user input to go with it (spec T-44). */
public enum InputKind {
  USER,
  SYSTEM;

  public TranscriptEntry.Role role() {
    return switch (this) {
      case USER -> TranscriptEntry.Role.USER;
      case SYSTEM -> TranscriptEntry.Role.SYSTEM;
    };
  }
}
