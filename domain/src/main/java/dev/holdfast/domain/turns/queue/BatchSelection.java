package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.BatchId;
import java.util.ArrayList;
import java.util.List;

/**
 * Which of the ready batches are taken together (spec T-25). Commands never overtake earlier turn work, and turn work never
 * overtakes an earlier command that is ready.
 */
public final class BatchSelection {
  private BatchSelection() {}

  /**
   * @param ready by enqueue_seq, at least {@code max + 1} where there are so many
   * @param atCheckpoint whether a turn runs; else the session is idle
   * @return the batches at the head that go together, at most {@code max}; empty when a command is at the head, or nothing
   *     that may be taken now
   */
  public static List<Batch> turnWork(List<Batch> ready, boolean atCheckpoint, int max) {
    if (max < 1 || ready.isEmpty() || ready.getFirst().isCommand()) {
      return List.of();
    }
    Batch head = ready.getFirst();
    if (atCheckpoint && head.delivery().policy() == Delivery.Policy.AFTER_CURRENT_TURN_COMMIT) {
      return List.of();
    }
    List<Batch> group = new ArrayList<>(List.of(head));
    for (Batch next : ready.subList(1, ready.size())) {
      if (group.size() == max || next.isCommand() || !head.delivery().joins(next.delivery())) {
        break;
      }
      group.add(next);
    }
    return group;
  }

  /** The same at idle, when its ids are exactly those, in whatever order; else nothing (spec T-29). */
  public static List<Batch> byIds(List<Batch> ready, List<BatchId> ids) {
    List<Batch> group = turnWork(ready, false, ids.size());
    List<BatchId> found = group.stream().map(Batch::id).toList();
    boolean equal = found.size() == ids.size() && found.containsAll(ids);
    // A longer group isn't claimed in part: the ids must be the whole of what goes together.
    boolean whole = turnWork(ready, false, ids.size() + 1).size() == found.size();
    return equal && whole ? group : List.of();
  }
}
