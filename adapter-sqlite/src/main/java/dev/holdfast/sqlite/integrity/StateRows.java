package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.relay.ProviderRows;
import dev.holdfast.sqlite.integrity.relay.PublisherRows;
import dev.holdfast.sqlite.integrity.relay.TaskRows;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading every row: the state as one connection sees it. */
class StateRows extends TurnRows implements State {
  StateRows(Sql sql) {
    super(sql);
  }

  @Override
  public Optional<Key> key(String id) {
    return AccessRows.key(sql, id);
  }

  @Override
  public List<Key> keys(String after, int limit, @Nullable Role role) {
    return AccessRows.keys(sql, after, limit, role);
  }

  @Override
  public long keyCount() {
    return sql.first("SELECT count(*) FROM access_key", row -> row.getLong(1)).orElse(0L);
  }

  @Override
  public AuditHead auditHead() {
    return AccessRows.auditHead(sql);
  }

  @Override
  public AuditHead auditAnchor() {
    return prunedOfRuntime().audit();
  }

  @Override
  public List<AuditRecord> audit(long after, int limit, @Nullable String subject, @Nullable String action) {
    return AccessRows.audit(sql, Math.max(after, auditAnchor().seq()), limit, subject, action);
  }

  @Override
  public Optional<Provider> provider(String name) {
    return ProviderRows.provider(sql, name);
  }

  @Override
  public List<Provider> providers(String after, int limit) {
    return ProviderRows.providers(sql, after, limit);
  }

  @Override
  public List<Provider> providersOf(String model) {
    return ProviderRows.providersOf(sql, model);
  }

  @Override
  public List<VirtualProvider> providersBy(String publisher) {
    return ProviderRows.providersBy(sql, publisher);
  }

  @Override
  public Optional<String> defaultModel() {
    return ProviderRows.defaultModel(sql);
  }

  @Override
  public Optional<Publisher> publisher(String id) {
    return PublisherRows.publisher(sql, id);
  }

  @Override
  public List<Publisher> publishers(String after, int limit) {
    return PublisherRows.publishers(sql, after, limit);
  }

  @Override
  public Optional<InferenceTask> task(String id) {
    return TaskRows.task(sql, id);
  }

  @Override
  public List<InferenceTask> tasks(String after, int limit, @Nullable String owner) {
    return TaskRows.tasks(sql, after, limit, owner);
  }

  @Override
  public List<InferenceTask> openTasks(int limit) {
    return TaskRows.openTasks(sql, limit);
  }

  @Override
  public long lastUsage() {
    return TaskRows.lastUsage(sql);
  }

  @Override
  public List<UsageRecord> usage(long after, int limit) {
    return TaskRows.usage(sql, after, limit);
  }
}
