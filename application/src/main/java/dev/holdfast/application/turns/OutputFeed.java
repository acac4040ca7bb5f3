package dev.holdfast.application.turns;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.events.Signals;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.Reach;
import java.util.List;

/** Reading a turn's output (spec T-75 to T-78). Following is a loop of {@link #read} and waiting for a wake-up. */
public final class OutputFeed {
  /** Records of one page, so that a reader holds a bounded part of a long answer. */
  public static final int MAX_LIMIT = 256;

  private final UnitsOfWork units;
  private final NewsRoom news;

  public OutputFeed(UnitsOfWork units, NewsRoom news) {
    this.units = units;
    this.news = news;
  }

  /**
   * @param next the place behind the last record, where the next page begins
   * @param complete whether these records reach the end of an ended turn
   */
  public record Page(List<OutputRecord> records, OutputCursor next, boolean complete) {}

  /**
   * @param limit 1 to {@link #MAX_LIMIT}
   */
  public Outcome<Page> read(TurnId id, Reach reach, OutputCursor after, int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      return limit < 1
          ? Outcome.refused(Reason.INVALID_QUERY, "field", "limit")
          : Outcome.refused(Reason.LIMIT_TOO_LARGE, "max", MAX_LIMIT);
    }
    return units.read(state -> switch (TurnCatalogue.visible(state, id, reach)) {
      case Outcome.Refused<Turn> refused -> refused.as();
      case Outcome.Replayed<Turn>(Turn turn) -> page(state, turn, after, limit);
      case Outcome.Done<Turn>(Turn turn) -> page(state, turn, after, limit);
    });
  }

  private static Outcome<Page> page(State state, Turn turn, OutputCursor after, int limit) {
    var end = new OutputCursor(turn.lastAttempt().number(), turn.lastAttempt().lastOutputSeq());
    if (isAhead(turn, after)) {
      return Outcome.refused(Reason.CURSOR_AHEAD, "end", end.text());
    }
    List<OutputRecord> records = state.output(turn.id(), after, limit);
    OutputCursor next = records.isEmpty() ? after : records.getLast().cursor();
    return new Outcome.Done<>(new Page(records, next, !turn.isOpen() && next.equals(end)));
  }

  /** Whether the cursor is behind the last record of its own attempt, or its attempt isn't there. */
  private static boolean isAhead(Turn turn, OutputCursor cursor) {
    if (cursor.attempt() == 0) {
      return cursor.seq() > 0;
    }
    return cursor.attempt() > turn.attempts().size()
        || cursor.seq() > turn.attempts().get(cursor.attempt() - 1).lastOutputSeq();
  }

  /** The place just before the newest attempt's first record, for readers that want nothing older. */
  public Outcome<OutputCursor> lastAttempt(TurnId id, Reach reach) {
    return units.read(state -> TurnCatalogue.visible(state, id, reach)
        .map(turn -> new OutputCursor(turn.lastAttempt().number(), 0)));
  }

  /** Close it when done. */
  public Signals<TurnId>.Subscription subscribe(TurnId id) {
    return news.output(id);
  }
}
