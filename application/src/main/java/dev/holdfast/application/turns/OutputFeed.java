package dev.holdfast.application.turns;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.events.OutputNews;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.Reach;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading a turn's output (spec T-75 to T-78). Following is a loop of {@link Following#next} and
 * {@link Following#await}. */
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
   * @param gap what is missing behind the reader's place, or null; no records come with it
   */
  public record Page(List<OutputRecord> records, OutputCursor next, boolean complete, @Nullable Gap gap) {
    Page(List<OutputRecord> records, OutputCursor next, boolean complete) {
      this(records, next, complete, null);
    }
  }

  /**
   * Records that were pruned (spec I-90): all of an ended turn go together.
   *
   * @param from the place behind which they were
   * @param to the place of the last of them
   */
  public record Gap(OutputCursor from, OutputCursor to) {}

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
    if (turn.index() <= state.pruned(turn.session()).output()) {
      return new Outcome.Done<>(
          new Page(List.of(), end, true, after.compareTo(end) < 0 ? new Gap(after, end) : null));
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

  /**
   * Goes on reading behind the cursor. Close it when done.
   *
   * @param reach as in {@link TurnCatalogue}
   */
  public Following follow(TurnId id, Reach reach, OutputCursor after) {
    return new Following(id, reach, after);
  }

  /** One reader of a turn's output: who keeps up with it is told by those who write it, and the store isn't asked. */
  public final class Following implements AutoCloseable {
    private final TurnId id;
    private final Reach reach;
    private final OutputNews told;
    private OutputCursor after;
    private boolean begun;

    private Following(TurnId id, Reach reach, OutputCursor after) {
      this.id = id;
      this.reach = reach;
      this.after = after;
      this.told = news.output(id);
    }

    /**
     * The records behind those that were given before, at most {@link #MAX_LIMIT}; none when there are none at present. As
     * {@link OutputFeed#read} where the store is asked, which is so at least the first time.
     */
    public Outcome<Page> next() {
      Optional<List<OutputRecord>> records = begun ? told.after(after) : Optional.empty();
      Outcome<Page> page = records.isPresent()
          ? new Outcome.Done<>(told(records.get()))
          : read(id, reach, after, MAX_LIMIT);
      if (!(page instanceof Outcome.Refused<Page>)) {
        after = page.orThrow().next();
        begun = true;
      }
      return page;
    }

    private Page told(List<OutputRecord> records) {
      return records.isEmpty()
          ? new Page(records, after, false)
          : new Page(records, records.getLast().cursor(), records.getLast().payload() instanceof OutputPayload.End);
    }

    /** Waits until there may be more, or until the time is over; after a time without news the store is asked again. */
    public void await(Duration atMost) throws InterruptedException {
      begun = told.await(atMost) && begun;
    }

    @Override
    public void close() {
      told.close();
    }
  }
}
