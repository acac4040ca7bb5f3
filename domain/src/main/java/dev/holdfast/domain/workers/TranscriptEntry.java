package dev.holdfast.domain.workers;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a worker's transcript; never changed or removed (spec W-6).
 *
 * @param sequence from 1, dense per worker
 * @param eventId for an input's entry its {@code worker.input_accepted}, else the {@code turn.*} event of the commit
 * @param origin the input that brought it, or the commit of a turn
 */
public record TranscriptEntry(
    long sequence, WorkerId worker, Role role, String content, long eventId, Instant at, Origin origin, Status status) {

  public enum Role {
    USER,
    SYSTEM,
    ASSISTANT,
    TOOL;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A partial entry holds what a turn that didn't complete had produced. */
  public enum Status {
    FINAL,
    PARTIAL;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where an entry comes from. */
  public sealed interface Origin {
    record FromInput(InputId input) implements Origin {}

    record FromTurn(TurnId turn, int attempt, int commitNo) implements Origin {}
  }

  public @Nullable InputId input() {
    return origin instanceof Origin.FromInput(InputId input) ? input : null;
  }
}
