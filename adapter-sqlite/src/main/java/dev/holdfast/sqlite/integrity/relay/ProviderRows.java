package dev.holdfast.sqlite.integrity.relay;

import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of providers, public and virtual ones in one table as their names are unique among all, and the default model. */
public final class ProviderRows {
  private static final String DEFAULT_MODEL = "default_model";
  private static final String PUBLIC = "public";
  private static final String VIRTUAL = "virtual";
  private static final String PUT = "INSERT OR REPLACE INTO provider (name, kind, id, owner, model, pool, api_type, "
      + "backend_model, tier, description, visibility, max_in_flight, wake_within, artifact_digest, enabled, url, "
      + "credential, version, publisher, status, heard_at, inactive_since, created_at, updated_at) "
      + "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";

  private ProviderRows() {}

  public static void apply(Sql sql, ProviderChange change) {
    switch (change) {
      case ProviderChange.PublicPut(PublicProvider provider) -> put(sql, provider,
          new Own(PUBLIC, provider.url(), provider.credential(), provider.version(), null, null, null, null));
      case ProviderChange.VirtualPut(VirtualProvider provider) -> put(sql, provider, new Own(VIRTUAL, null, null, null,
          provider.publisher(), provider.status().text(), provider.heardAt(), provider.inactiveSince()));
      case ProviderChange.Deleted(String name) -> sql.run("DELETE FROM provider WHERE name = ?", name);
      case ProviderChange.DefaultModelPut(String name) ->
        sql.run("INSERT OR REPLACE INTO setting (name, value) VALUES (?,?)", DEFAULT_MODEL, name);
    }
  }

  /** What providers of one kind have. */
  private record Own(
      String kind, @Nullable String url, @Nullable String credential, @Nullable Integer version,
      @Nullable String publisher, @Nullable String status, @Nullable Instant heardAt,
      @Nullable Instant inactiveSince) {}

  private static void put(Sql sql, Provider provider, Own own) {
    Offer offer = provider.offer();
    Duration wake = offer.wakeWithin();
    sql.run(PUT, offer.name(), own.kind(), provider.id(), provider.owner(), provider.model(), offer.pool(),
        offer.apiType(), offer.backendModel(), offer.tier(), offer.description(), offer.visibility().text(),
        offer.maxInFlight(), wake == null ? null : Sql.micros(wake), offer.artifactDigest(), provider.enabled(),
        own.url(), own.credential(), own.version(), own.publisher(), own.status(), own.heardAt(),
        own.inactiveSince(), provider.createdAt(), provider.updatedAt());
  }

  public static Optional<Provider> provider(Sql sql, String name) {
    return sql.first("SELECT * FROM provider WHERE name = ?", ProviderRows::read, name);
  }

  public static List<Provider> providers(Sql sql, String after, int limit) {
    return sql.all("SELECT * FROM provider WHERE name > ? ORDER BY name LIMIT ?", ProviderRows::read, after, limit);
  }

  public static List<Provider> providersOf(Sql sql, String model) {
    return sql.all("SELECT * FROM provider WHERE model = ? ORDER BY name", ProviderRows::read, model);
  }

  public static List<VirtualProvider> providersBy(Sql sql, String publisher) {
    return sql.all("SELECT * FROM provider WHERE publisher = ? ORDER BY name", ProviderRows::readVirtual, publisher);
  }

  public static Optional<String> defaultModel(Sql sql) {
    return sql.first("SELECT value FROM setting WHERE name = ?", row -> row.getString(1), DEFAULT_MODEL);
  }

  private static Provider read(ResultSet row) throws SQLException {
    return row.getString("kind").equals(PUBLIC) ? readPublic(row) : readVirtual(row);
  }

  private static PublicProvider readPublic(ResultSet row) throws SQLException {
    String url = required(row, "url");
    return new PublicProvider(id(row), row.getString("owner"), offer(row), url, row.getString("credential"),
        row.getInt("enabled") == 1, row.getInt("version"), Sql.instant(row, "created_at"),
        Sql.instant(row, "updated_at"));
  }

  private static VirtualProvider readVirtual(ResultSet row) throws SQLException {
    var status = VirtualProvider.Status.valueOf(required(row, "status").toUpperCase(Locale.ROOT));
    return new VirtualProvider(id(row), row.getString("owner"), offer(row), required(row, "publisher"), status,
        row.getInt("enabled") == 1, Sql.instant(row, "heard_at"), Sql.optionalInstant(row, "inactive_since"),
        Sql.instant(row, "created_at"), Sql.instant(row, "updated_at"));
  }

  private static String required(ResultSet row, String column) throws SQLException {
    String value = row.getString(column);
    if (value == null) {
      throw new IllegalArgumentException("a provider without " + column);
    }
    return value;
  }

  /** That of a row of before providers had ids follows from the name. */
  private static String id(ResultSet row) throws SQLException {
    String id = row.getString("id");
    return id == null ? Provider.idOf(row.getString("name")) : id;
  }

  private static Offer offer(ResultSet row) throws SQLException {
    long wake = row.getLong("wake_within");
    Duration within = row.wasNull() ? null : Duration.ofNanos(Math.multiplyExact(wake, 1_000L));
    return new Offer(row.getString("name"), row.getString("pool"), row.getString("api_type"),
        row.getString("backend_model"), row.getString("tier"), row.getString("description"),
        Offer.Visibility.valueOf(row.getString("visibility").toUpperCase(Locale.ROOT)), row.getInt("max_in_flight"),
        within, row.getString("artifact_digest"));
  }
}
