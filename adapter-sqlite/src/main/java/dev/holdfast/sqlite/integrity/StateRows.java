package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading every row: the state as one connection sees it. */
class StateRows extends TurnRows implements State {
  static final String DEFAULT_MODEL = "default_model";

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
    return sql.first("SELECT * FROM provider WHERE name = ?", StateRows::readProvider, name);
  }

  @Override
  public List<Provider> providers(String after, int limit) {
    return sql.all("SELECT * FROM provider WHERE name > ? ORDER BY name LIMIT ?", StateRows::readProvider, after,
        limit);
  }

  private static Provider readProvider(ResultSet row) throws SQLException {
    return new Provider(row.getString("name"), row.getString("url"), row.getString("backend_model"),
        row.getString("credential"), Sql.instant(row, "created_at"));
  }

  @Override
  public Optional<String> defaultModel() {
    return sql.first("SELECT value FROM setting WHERE name = ?", row -> row.getString(1), DEFAULT_MODEL);
  }
}
