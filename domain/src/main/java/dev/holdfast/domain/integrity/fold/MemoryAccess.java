package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AccessReads;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditReads;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Keys and the audit of a {@link MemoryState}. */
final class MemoryAccess implements AccessReads, AuditReads {
  private final TreeMap<String, Key> keys = new TreeMap<>();
  private final Archive archive;
  private AuditHead auditHead = AuditHead.NONE;
  private AuditHead anchor = AuditHead.NONE;

  MemoryAccess(Archive archive) {
    this.archive = archive;
  }

  void apply(AccessChange change) {
    switch (change) {
      case AccessChange.KeyPut(Key key) -> keys.put(key.id(), key);
      case AccessChange.KeyRemoved(String id) -> keys.remove(id);
      case AccessChange.Audited(AuditRecord entry) -> {
        archive.keep(RowKey.of(Table.AUDIT, entry.seq()), change);
        auditHead = entry.head();
      }
      case AccessChange.AuditPruned(AuditHead upTo) -> {
        anchor = upTo;
        // In a store that is filled, what follows comes behind it.
        auditHead = auditHead.seq() < upTo.seq() ? upTo : auditHead;
      }
    }
  }

  void image(List<Change> rows) {
    keys.values().forEach(key -> rows.add(new AccessChange.KeyPut(key)));
    if (anchor.seq() > 0) {
      rows.add(new AccessChange.AuditPruned(anchor));
    }
  }

  /** So many records behind the head aren't there; those that follow them may be. */
  void lose(int records) {
    auditHead = new AuditHead(auditHead.seq() + records, auditHead.mac());
  }

  void restore(AuditHead newest) {
    auditHead = newest;
  }

  @Override
  public Optional<Key> key(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public List<Key> keys(String after, int limit, @Nullable Role role) {
    return keys.tailMap(after, false).values().stream().filter(key -> role == null || key.role() == role).limit(limit)
        .toList();
  }

  @Override
  public long keyCount() {
    return keys.size();
  }

  @Override
  public AuditHead auditHead() {
    return auditHead;
  }

  @Override
  public AuditHead auditAnchor() {
    return anchor;
  }

  @Override
  public List<AuditRecord> audit(long after, int limit, @Nullable String subject, @Nullable String action) {
    return LongStream.rangeClosed(Math.max(after, anchor.seq()) + 1, auditHead.seq()).mapToObj(this::record)
        .flatMap(Optional::stream)
        .filter(entry -> subject == null || subject.equals(entry.member("subject")))
        .filter(entry -> action == null || action.equals(entry.member("action"))).limit(limit).toList();
  }

  /** Empty for one that was lost. */
  private Optional<AuditRecord> record(long seq) {
    return Optional.ofNullable(archive.find(RowKey.of(Table.AUDIT, seq)))
        .map(change -> ((AccessChange.Audited) change).entry());
  }
}
