package dev.holdfast.domain.integrity.pruning;

import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.workers.retention.Pruned;
import java.util.List;

/**
 * What a {@link PruneSurvey} has found. It stays true whatever is written meanwhile: rows in a prefix of ended rows don't
 * change any more.
 *
 * @param workers the marks of those that something is pruned of
 * @param eventsUpTo the last event that is pruned, or the last that was
 * @param auditUpTo the same of the audit
 */
public record Prunable(List<Pruned> workers, long eventsUpTo, AuditHead auditUpTo, PruneCounts counts) {
  public Prunable {
    workers = List.copyOf(workers);
  }
}
