package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.BatchId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of the ready batches are taken together (spec T-25). Commands never overtake earlier turn work, and turn work never
 * overtakes an earlier command that is ready.
 */
public final class BatchSelection {
  /** The most batches that are taken together (spec T-60, T-66). */
  public static final int MAX_GROUP = 64;

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
    List<Batch> group = turnWork(ready, false, MAX_GROUP);
    return Set.copyOf(ids).equals(group.stream().map(Batch::id).collect(Collectors.toSet())) ? group : List.of();
  }
}
