package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.util.List;
import java.util.function.Consumer;

/** Turns, and what their executors have written. */
final class RowsOfTurns {
  /** The most output records of one line. */
  private static final int RECORDS = 64;
  private static final int PAGE = 8 * RECORDS;

  private RowsOfTurns() {}

  static void turns(State state, Consumer<? super Change> to) {
    Pages.eachWorker(state, worker -> Pages.each(0L, Turn::index, Pages.FEW,
        (after, limit) -> state.turns(worker.id(), after, limit), turn -> {
          output(state, turn, to);
          state.admissions(turn.id()).forEach(admission -> to.accept(new TurnChange.Admitted(admission)));
          stamps(state, turn, to);
          to.accept(new TurnChange.Put(turn));
        }));
  }

  private static void stamps(State state, Turn turn, Consumer<? super Change> to) {
    // Not every end of a turn is a commit's.
    state.stamp(Stamp.Key.terminal(turn.session(), turn.id()))
        .ifPresent(stamp -> to.accept(new TurnChange.Stamped(stamp)));
    for (Attempt attempt : turn.attempts()) {
      for (int commit = 1; commit <= attempt.commits(); commit++) {
        to.accept(new TurnChange.Stamped(stamp(state, turn, attempt.number(), commit)));
      }
    }
  }

  private static Stamp stamp(State state, Turn turn, int attempt, int commit) {
    return state.stamp(new Stamp.Key(turn.session(), turn.id(), attempt, commit)).orElseThrow(
        () -> Pages.damaged("the stamp of commit " + commit + " of " + turn.id().value() + " isn't there"));
  }

  /** How the records came in appends isn't told by every store, so it is the records that say what is on one line. */
  private static void output(State state, Turn turn, Consumer<? super Change> to) {
    OutputCursor behind = OutputCursor.START;
    while (true) {
      List<OutputRecord> page = state.output(turn.id(), behind, PAGE);
      boolean isLast = page.size() < PAGE;
      int from = 0;
      while (from < page.size()) {
        int end = endOfLine(page, from);
        if (end == page.size() && !isLast && end - from < RECORDS) {
          // The line may go on in the next page.
          break;
        }
        List<OutputRecord> line = page.subList(from, end);
        to.accept(new OutputChange.Appended(turn.id(), line));
        behind = line.getLast().cursor();
        from = end;
      }
      if (isLast) {
        return;
      }
    }
  }

  private static int endOfLine(List<OutputRecord> page, int from) {
    OutputRecord first = page.get(from);
    int end = from + 1;
    while (end < page.size() && end - from < RECORDS && page.get(end).attempt() == first.attempt()
        && page.get(end).at().equals(first.at()) && page.get(end).seq() == first.seq() + end - from) {
      end++;
    }
    return end;
  }
}
