package dev.holdfast.domain.access;

import dev.holdfast.domain.Change;

/** What a unit of work writes about keys and of the audit. */
public sealed interface AccessChange extends Change {
  record KeyPut(Key key) implements AccessChange {}

  record KeyRemoved(String id) implements AccessChange {}

  /** The next record of the audit; there is no change that takes one back. */
  record Audited(AuditRecord entry) implements AccessChange {}

  /**
   * All records of the audit up to this one are gone (spec A-94).
   *
   * @param anchor the last one that is gone, which the first that is left was sealed behind
   */
  record AuditPruned(AuditHead anchor) implements AccessChange {}
}
