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
 * @param rows what makes the rest of it, in any state that has the same history
 */
public record Image(
    long lastEventId, AuditHead auditHead, List<Worker> workers, List<Turn> openTurns, List<Change> rows) {
  public Image {
    workers = List.copyOf(workers);
    openTurns = List.copyOf(openTurns);
    rows = List.copyOf(rows);
  }
}
