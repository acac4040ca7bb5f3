package dev.holdfast.domain.integrity;

import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AccessReads;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditReads;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Keys and the audit of a {@link MemoryState}. */
final class MemoryAccess implements AccessReads, AuditReads {
  private final TreeMap<String, Key> keys = new TreeMap<>();
  private final List<AuditRecord> audit = new ArrayList<>();

  void apply(AccessChange change) {
    switch (change) {
      case AccessChange.KeyPut(Key key) -> keys.put(key.id(), key);
      case AccessChange.KeyRemoved(String id) -> keys.remove(id);
      case AccessChange.Audited(AuditRecord entry) -> audit.add(entry);
    }
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
    return audit.isEmpty() ? AuditHead.NONE : audit.getLast().head();
  }

  @Override
  public List<AuditRecord> audit(long after, int limit, @Nullable String subject, @Nullable String action) {
    int from = (int) Math.min(Math.max(after, 0), audit.size());
    Stream<AuditRecord> found = audit.subList(from, audit.size()).stream();
    return found.filter(entry -> subject == null || subject.equals(entry.member("subject")))
        .filter(entry -> action == null || action.equals(entry.member("action"))).limit(limit).toList();
  }
}
