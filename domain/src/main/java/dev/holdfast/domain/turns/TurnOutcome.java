package dev.holdfast.domain.turns;

import dev.holdfast.domain.Reason;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a turn ended. Loss of a lease, a kill and a shutdown are never an outcome (spec T-52). */
public sealed interface TurnOutcome {
  record Completed() implements TurnOutcome {}

  /** Partial text is kept; the reason is max_output_tokens, upstream_cut or content_filtered. */
  record Incomplete(Reason why) implements TurnOutcome {}

  record Failed(Reason why) implements TurnOutcome {}

  record Cancelled() implements TurnOutcome {}

  /** The name on the wire. */
  default String text() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  default @Nullable Reason reason() {
    return switch (this) {
      case Incomplete(Reason why) -> why;
      case Failed(Reason why) -> why;
      case Completed _,Cancelled _ -> null;
    };
  }

  /** The inverse of {@link #text} and {@link #reason}. */
  static TurnOutcome of(String text, @Nullable String reason) {
    Reason why = reason == null ? Reason.EXECUTOR_FAILED : Reason.valueOf(reason.toUpperCase(Locale.ROOT));
    return switch (text) {
      case "completed" -> new Completed();
      case "incomplete" -> new Incomplete(why);
      case "failed" -> new Failed(why);
      case "cancelled" -> new Cancelled();
      default -> throw new IllegalArgumentException("no turn outcome: " + text);
    };
  }
}
