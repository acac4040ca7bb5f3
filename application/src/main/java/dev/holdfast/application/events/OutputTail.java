package dev.holdfast.application.events;

import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The newest records of a turn's output, for readers who keep up with it. Units of work tell of theirs in any order, so what
 * is kept is always one piece without a gap; who was elsewhere reads the store.
 */
final class OutputTail {
  private static final int MAX_RECORDS = 64;
  private static final int MAX_CHARACTERS = 4_096;

  // Guarded by this.
  private final ArrayDeque<OutputRecord> records = new ArrayDeque<>();
  private int characters;

  /** @param more of one append, durable */
  synchronized void add(List<OutputRecord> more) {
    if (!records.isEmpty() && !isNext(records.getLast(), more.getFirst())) {
      if (more.getLast().cursor().compareTo(records.getLast().cursor()) <= 0) {
        return;
      }
      records.clear();
      characters = 0;
    }
    for (OutputRecord record : more) {
      records.add(record);
      characters += characters(record);
    }
    while (records.size() > MAX_RECORDS || characters > MAX_CHARACTERS) {
      characters -= characters(records.removeFirst());
    }
  }

  /** Whether an attempt's last record is known is known of the present attempt only. */
  private static boolean isNext(OutputRecord last, OutputRecord next) {
    return next.attempt() == last.attempt() && next.seq() == last.seq() + 1;
  }

  private static int characters(OutputRecord record) {
    return record.payload() instanceof OutputPayload.Delta(_, String text) ? text.length() : 0;
  }

  /** The records behind the cursor, or nothing where the tail doesn't reach back to it. */
  synchronized Optional<List<OutputRecord>> after(OutputCursor cursor) {
    OutputRecord first = records.peekFirst();
    if (first == null || cursor.attempt() != first.attempt() || cursor.seq() + 1 < first.seq()) {
      return Optional.empty();
    }
    List<OutputRecord> newest = new ArrayList<>();
    Iterator<OutputRecord> backwards = records.descendingIterator();
    while (backwards.hasNext()) {
      OutputRecord record = backwards.next();
      if (record.seq() <= cursor.seq()) {
        break;
      }
      newest.add(record);
    }
    Collections.reverse(newest);
    return Optional.of(newest);
  }
}
