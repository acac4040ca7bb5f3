package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.workers.Worker;
import java.util.List;

/**
 * All of a {@link MemoryState} that isn't history, at one moment. Its size is that of the workers and of the work that is open.
 *
 * @param openTurns with all that they have told so far
 * @param lengths of the series of workers, so that they needn't be found out
 * @param rows what makes the rest of it, in any state that has the same history
 */
public record Image(
    long lastEventId, AuditHead auditHead, List<Worker> workers, List<Turn> openTurns, List<Lengths> lengths,
    List<Change> rows) {

  /**
   * How many rows of a table the workers have who have some.
   *
   * @param table its code
   * @param numbers of workers, each before its length
   */
  public record Lengths(int table, List<Long> numbers) {
    public Lengths {
      numbers = List.copyOf(numbers);
      if (numbers.size() % 2 != 0) {
        throw new IllegalArgumentException("a worker without a length");
      }
    }
  }

  public Image {
    lengths = List.copyOf(lengths);
    workers = List.copyOf(workers);
    openTurns = List.copyOf(openTurns);
    rows = List.copyOf(rows);
  }
}
