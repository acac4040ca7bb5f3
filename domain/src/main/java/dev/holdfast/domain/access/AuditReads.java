package dev.holdfast.domain.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The audit as one consistent state shows it. */
public interface AuditReads {

  /** Kept beside the records, so that a cut tail shows; {@link AuditHead#NONE} before the first record. */
  AuditHead auditHead();

  /** The last record that was pruned, which the first that is left was sealed behind; {@link AuditHead#NONE} when none was. */
  AuditHead auditAnchor();

  /**
   * @param after only records with a greater seq
   * @param subject only records of that subject, or of all when null
   * @param action only records of that action, or of all when null
   * @return by seq, at most {@code limit}
   */
  List<AuditRecord> audit(long after, int limit, @Nullable String subject, @Nullable String action);
}
