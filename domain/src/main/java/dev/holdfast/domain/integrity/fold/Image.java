package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.workers.Worker;
import java.time.Instant;
import java.util.List;

/**
 * All of a {@link MemoryState} that isn't history, at one moment. Its size is that of the workers and of the work that is open.
 *
 * @param work that hasn't ended
 * @param lengths of the series of workers, so that they needn't be found out
 * @param rows what makes the rest of it, in any state that has the same history
 */
public record Image(
    long lastEventId, AuditHead auditHead, List<Worker> workers, Work work, List<Lengths> lengths, List<Change> rows) {

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

  /**
   * What hasn't ended.
   *
   * @param turns with all that they have told so far
   */
  public record Work(
      List<Turn> turns, List<OpenOf<InputKind, InputState>> inputs, List<OpenOf<Instant, BatchState>> batches) {
    public Work {
      turns = List.copyOf(turns);
      inputs = List.copyOf(inputs);
      batches = List.copyOf(batches);
    }
  }

  /** What of one session's inputs or batches hasn't ended, by their ids. */
  public record OpenOf<F, S>(WorkerId session, List<Open<F, S>> items) {
    public OpenOf {
      items = List.copyOf(items);
    }
  }

  /**
   * An input or a batch without what it says, so that a start needn't read it.
   *
   * @param id its number
   * @param fact what is looked at of it and never changes
   */
  public record Open<F, S>(long id, F fact, S state) {
    Open<F, S> in(S next) {
      return new Open<>(id, fact, next);
    }
  }

  public Image {
    lengths = List.copyOf(lengths);
    workers = List.copyOf(workers);
    rows = List.copyOf(rows);
  }
}
