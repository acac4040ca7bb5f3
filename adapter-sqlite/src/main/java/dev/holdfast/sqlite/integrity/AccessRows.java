package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.pruning.PrunedRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of keys and of the audit. */
final class AccessRows {
  private static final HexFormat HEX = HexFormat.of();

  private AccessRows() {}

  static void apply(WriterState state, AccessChange change) {
    switch (change) {
      case AccessChange.KeyPut(Key key) -> put(state.sql, key);
      case AccessChange.KeyRemoved(String id) -> state.sql.run("DELETE FROM access_key WHERE id = ?", id);
      case AccessChange.Audited(AuditRecord entry) -> {
        state.sql.run("INSERT INTO audit (seq, text, mac) VALUES (?,?,?)", entry.seq(), entry.text(),
            HEX.parseHex(entry.mac()));
        state.put(entry.head());
      }
      case AccessChange.AuditPruned(AuditHead anchor) -> {
        // In a store that is filled, what follows comes behind it.
        if (state.auditHead().seq() < anchor.seq()) {
          state.put(anchor);
        }
        state.marks.put(new PrunedRows.OfRuntime(state.lastPrunedEvent(), anchor));
      }
    }
  }

  private static void put(Sql sql, Key key) {
    Key.Limits limits = key.limits();
    sql.run(
        "INSERT OR REPLACE INTO access_key (id, subject, role, label, secret_hash, content, models, max_in_flight, "
            + "requests_per_minute, created_at, created_by, expires_at, revoked_at, last_used_at, version) "
            + "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        key.id(), key.subject(), key.role().text(), key.label(), key.secretHash(), key.content(),
        Json.of(limits.models()).text(), limits.maxInFlight(), limits.requestsPerMinute(), key.createdAt(),
        key.createdBy(), key.expiresAt(), key.revokedAt(), key.lastUsedAt(), key.version());
  }

  static Optional<Key> key(Sql sql, String id) {
    return sql.first("SELECT * FROM access_key WHERE id = ?", AccessRows::readKey, id);
  }

  static List<Key> keys(Sql sql, String after, int limit, @Nullable Role role) {
    return role == null
        ? sql.all("SELECT * FROM access_key WHERE id > ? ORDER BY id LIMIT ?", AccessRows::readKey, after, limit)
        : sql.all("SELECT * FROM access_key WHERE role = ? AND id > ? ORDER BY id LIMIT ?", AccessRows::readKey,
            role.text(), after, limit);
  }

  private static Key readKey(ResultSet row) throws SQLException {
    var limits = new Key.Limits(models(row.getString("models")), optional(row, "max_in_flight"),
        optional(row, "requests_per_minute"));
    return new Key(row.getString("id"), row.getString("subject"),
        Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)), row.getString("label"),
        row.getString("secret_hash"), row.getInt("content") == 1, limits, Sql.instant(row, "created_at"),
        row.getString("created_by"), Sql.optionalInstant(row, "expires_at"), Sql.optionalInstant(row, "revoked_at"),
        Sql.optionalInstant(row, "last_used_at"), row.getInt("version"));
  }

  private static List<String> models(String text) {
    List<String> models = new ArrayList<>();
    if (Json.read(text) instanceof List<?> names) {
      names.forEach(name -> models.add((String) name));
    }
    return models;
  }

  private static @Nullable Integer optional(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  static AuditHead auditHead(Sql sql) {
    return sql.first("SELECT seq, mac FROM audit_head",
        row -> new AuditHead(row.getLong(1), HEX.formatHex(row.getBytes(2)))).orElse(AuditHead.NONE);
  }

  static AuditHead lastRecord(Sql sql) {
    return sql.first("SELECT * FROM audit ORDER BY seq DESC LIMIT 1", AccessRows::readRecord)
        .map(AuditRecord::head).orElse(AuditHead.NONE);
  }

  static void put(Sql sql, AuditHead head) {
    sql.run("INSERT OR REPLACE INTO audit_head (one, seq, mac) VALUES (1,?,?)", head.seq(), HEX.parseHex(head.mac()));
  }

  /** Filters look through the records: they are for people, and an index on them would cost every call something. */
  static List<AuditRecord> audit(
      Sql sql, long after, int limit, @Nullable String subject, @Nullable String action) {
    if (subject == null && action == null) {
      return sql.all("SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", AccessRows::readRecord, after, limit);
    }
    return sql.all("SELECT * FROM audit WHERE seq > ?1 AND CASE WHEN json_valid(text) THEN "
        + "(?2 IS NULL OR json_extract(text, '$.subject') = ?2) AND (?3 IS NULL OR json_extract(text, '$.action') = ?3) "
        + "END ORDER BY seq LIMIT ?4", AccessRows::readRecord, after, subject, action, limit);
  }

  private static AuditRecord readRecord(ResultSet row) throws SQLException {
    return new AuditRecord(row.getLong("seq"), row.getString("text"), HEX.formatHex(row.getBytes("mac")));
  }
}
