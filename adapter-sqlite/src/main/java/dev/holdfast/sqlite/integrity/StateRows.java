package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.relay.Provider;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reading every row: the state as one connection sees it. */
class StateRows extends TurnRows implements State {
  static final String DEFAULT_MODEL = "default_model";

  StateRows(Sql sql) {
    super(sql);
  }

  @Override
  public Optional<Key> key(String id) {
    return sql.first("SELECT * FROM access_key WHERE id = ?", row -> new Key(row.getString("id"),
        row.getString("subject"), Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)), row.getString("label"),
        row.getString("secret_hash"), row.getInt("content") == 1, Sql.instant(row, "created_at"),
        Sql.optionalInstant(row, "expires_at"), Sql.optionalInstant(row, "revoked_at")), id);
  }

  @Override
  public long keyCount() {
    return sql.first("SELECT count(*) FROM access_key", row -> row.getLong(1)).orElse(0L);
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
