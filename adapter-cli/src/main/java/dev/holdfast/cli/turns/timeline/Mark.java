package dev.holdfast.cli.turns.timeline;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * One fact of a turn, in one line, with what belongs to it below.
 *
 * @param attempt that it is of, which orders facts of one moment; 0 for the opening
 * @param kind orders facts of one attempt and moment
 */
record Mark(Instant at, int attempt, Kind kind, String text, List<String> details) {
  static final Comparator<Mark> ORDER =
      Comparator.comparing(Mark::at).thenComparingInt(Mark::attempt).thenComparing(Mark::kind);

  Mark {
    details = List.copyOf(details);
  }

  static Mark of(Instant at, int attempt, Kind kind, String text) {
    return new Mark(at, attempt, kind, text, List.of());
  }

  /** What sort of fact it is, in the order in which those of one moment are told. */
  enum Kind {
    OPENED,
    STARTED,
    CHECKPOINT,
    LAST_WORD,
    CANCEL_REQUESTED,
    CANCEL_DELIVERED,
    CANCEL_ACKNOWLEDGED,
    RAN_OUT,
    LOST,
    HANDED_OVER,
    ENDED,
    NOW;

    /** How it stands with the turn's holder behind such a fact, when it stood {@code before} like that. */
    Holding after(Holding before) {
      return switch (this) {
        case RAN_OUT, LOST, HANDED_OVER, ENDED -> Holding.NOBODY;
        case OPENED, STARTED -> Holding.HELD;
        case LAST_WORD -> Holding.SILENT;
        case CHECKPOINT, CANCEL_REQUESTED, CANCEL_DELIVERED, CANCEL_ACKNOWLEDGED, NOW -> before;
      };
    }
  }

  /** Whether somebody works on the turn between two facts. */
  enum Holding {
    NOBODY,
    /** There is a holder, and nothing more was heard of it. */
    SILENT,
    HELD;

    char rail() {
      return this == HELD ? '│' : '┊';
    }

    /** What a gap in the work is called. */
    String gap(Span span) {
      return span.text() + (this == SILENT ? " without a sign of it" : " without a holder");
    }
  }
}
