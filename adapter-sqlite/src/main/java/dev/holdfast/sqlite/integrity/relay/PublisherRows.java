package dev.holdfast.sqlite.integrity.relay;

import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The rows of publishers, with the hashes of their secrets and never a secret. */
public final class PublisherRows {
  private PublisherRows() {}

  public static void apply(Sql sql, PublisherChange change) {
    switch (change) {
      case PublisherChange.Put(Publisher publisher) -> sql.run(
          "INSERT OR REPLACE INTO publisher (id, owner, secret_hash, label, created_at, last_seen_at, links_opened) "
              + "VALUES (?,?,?,?,?,?,?)",
          publisher.id(), publisher.owner(), publisher.secretHash(), publisher.label(), publisher.createdAt(),
          publisher.lastSeenAt(), publisher.linksOpened());
      case PublisherChange.Deleted(String id) -> sql.run("DELETE FROM publisher WHERE id = ?", id);
    }
  }

  public static Optional<Publisher> publisher(Sql sql, String id) {
    return sql.first("SELECT * FROM publisher WHERE id = ?", PublisherRows::read, id);
  }

  public static List<Publisher> publishers(Sql sql, String after, int limit) {
    return sql.all("SELECT * FROM publisher WHERE id > ? ORDER BY id LIMIT ?", PublisherRows::read, after, limit);
  }

  private static Publisher read(ResultSet row) throws SQLException {
    return new Publisher(row.getString("id"), row.getString("owner"), row.getString("secret_hash"),
        row.getString("label"), Sql.instant(row, "created_at"), Sql.instant(row, "last_seen_at"),
        row.getLong("links_opened"));
  }
}
