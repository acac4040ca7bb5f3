package dev.holdfast.sqlite.integrity.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a database holds, whatever its schema. */
public final class Rows {
  private Rows() {}

  /** Hex of a SHA-256 over the schema and each table's rows in their order; equal databases have equal ones. */
  public static String digest(Sql sql) {
    MessageDigest digest = sha256();
    List<String> tables =
        sql.all("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            + "ORDER BY name", row -> {
              update(digest, row.getString(2));
              return row.getString(1);
            });
    for (String table : tables) {
      update(digest, table);
      // In the order of the table itself: an index may be what is damaged.
      sql.each("SELECT * FROM \"" + table + "\" NOT INDEXED", row -> update(digest, row));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void update(MessageDigest digest, ResultSet row) throws SQLException {
    for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
      update(digest, row.getObject(column));
    }
  }

  private static void update(MessageDigest digest, @Nullable Object value) {
    switch (value) {
      case null -> digest.update((byte) 'n');
      case byte[] bytes -> update(digest, 'b', bytes);
      case Double real -> update(digest, 'r', ByteBuffer.allocate(Double.BYTES).putDouble(real).array());
      case Number whole -> update(digest, 'i', ByteBuffer.allocate(Long.BYTES).putLong(whole.longValue()).array());
      default -> update(digest, 't', value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void update(MessageDigest digest, char kind, byte[] bytes) {
    digest.update((byte) kind);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}
