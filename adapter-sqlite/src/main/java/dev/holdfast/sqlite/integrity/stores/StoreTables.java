package dev.holdfast.sqlite.integrity.stores;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.recovery.Survey.Look;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.database.SqlFailure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reading the tables of the stores, whatever is left of them. */
public final class StoreTables {
  private static final String PREFIX = "holdfast.";
  private static final String META = "store_meta";
  /** Of a fixed list, so that no table is ever named by a record. */
  private static final Map<Descriptor, String> NAMES = Descriptors.ALL.stream().collect(
      Collectors.toUnmodifiableMap(store -> store, store -> store.schemaName().substring(PREFIX.length())));

  private StoreTables() {}

  static String name(Descriptor store) {
    String name = NAMES.get(store);
    if (name == null) {
      throw new IllegalArgumentException("no store " + store.schemaName());
    }
    return name;
  }

  /** Of a database that isn't there. */
  public static Survey absent() {
    return new Survey.Read(null, null,
        Descriptors.ALL.stream().map(store -> new Look(store, new Inspected.Missing(), null)).toList(), List.of());
  }

  /** Of a database that no launch has written stores to yet: nothing is wrong with what can't be there. */
  public static Survey untouched() {
    return new Survey.Read(null, null, List.of(), List.of());
  }

  /** What there is of the stores, each by itself (spec I-96). */
  public static Survey survey(Sql sql) {
    Optional<StoreMeta> meta;
    try {
      meta = meta(sql);
    } catch (StoreException e) {
      return new Survey.Unreadable(Reason.MANIFEST_CORRUPT, "the row of " + META + " can't be decoded");
    }
    List<Look> looks = new ArrayList<>();
    for (Descriptor store : Descriptors.ALL) {
      StoreRow row = row(sql, store);
      Identities stamped = meta.isPresent() && row instanceof StoreRow.Kept kept ? kept.stamped() : null;
      looks.add(new Look(store, row.inspected(store, meta.isPresent()), stamped));
    }
    StoreMeta known = meta.orElse(StoreMeta.NONE);
    return new Survey.Read(known.dataDirId(), known.active(), looks, List.of());
  }

  /**
   * The row of store_meta; empty when it or its table isn't there.
   *
   * @throws StoreException manifest_corrupt when it can't be decoded
   */
  static Optional<StoreMeta> meta(Sql sql) {
    return damageAs(() -> exists(sql, META)
        ? sql.first("SELECT * FROM " + META + " WHERE one = 1", StoreMeta::read)
        : Optional.empty(), Reason.MANIFEST_CORRUPT, META + " can't be decoded");
  }

  /** The columns of that row by name, as texts, whether they can be decoded or not; empty when they can't even be read. */
  static Optional<Json> columnsOfMeta(Sql sql) {
    try {
      return sql.first("SELECT * FROM " + META + " WHERE one = 1", StoreTables::columns);
    } catch (SqlFailure | StoreException e) {
      return Optional.empty();
    }
  }

  private static Json columns(ResultSet row) throws SQLException {
    Map<String, String> columns = new TreeMap<>();
    for (int at = 1; at <= row.getMetaData().getColumnCount(); at++) {
      columns.put(row.getMetaData().getColumnName(at), String.valueOf(row.getString(at)));
    }
    return Json.of(columns);
  }

  static StoreRow row(Sql sql, Descriptor store) {
    String table = name(store);
    try {
      return damageAs(() -> exists(sql, table)
          ? sql.first("SELECT * FROM " + table + " WHERE one = 1", StoreRow::read).orElseGet(StoreRow.Absent::new)
          : new StoreRow.Absent(), Reason.QUARANTINED, table);
    } catch (StoreException e) {
      if (e.reason() == Reason.QUARANTINED) {
        return new StoreRow.Undecodable(null);
      }
      throw e;
    }
  }

  /** Makes the table of a store, or of store_meta, where it was lost; word for word as the schema's step made it. */
  static void make(Sql sql, Descriptor store) {
    if (!exists(sql, name(store))) {
      sql.execute("CREATE TABLE " + name(store) + " (\n  one INTEGER PRIMARY KEY CHECK (one = 1),\n"
          + "  sequence INTEGER NOT NULL,\n  batch_id TEXT NOT NULL,\n  run_id TEXT NOT NULL,\n"
          + "  capability_snapshot_id TEXT NOT NULL,\n  behavior_fingerprint TEXT NOT NULL,\n"
          + "  content_hash TEXT NOT NULL,\n  envelope TEXT NOT NULL\n) STRICT");
    }
  }

  static void makeMeta(Sql sql) {
    if (!exists(sql, META)) {
      sql.execute("CREATE TABLE " + META + " (\n  one INTEGER PRIMARY KEY CHECK (one = 1),\n  data_dir_id TEXT,\n"
          + "  epoch INTEGER NOT NULL,\n  high_watermark INTEGER NOT NULL,\n  run_id TEXT,\n"
          + "  capability_snapshot_id TEXT,\n  behavior_fingerprint TEXT,\n  last_batch_id TEXT,\n"
          + "  last_recovery_plan_id TEXT,\n  updated_at INTEGER\n) STRICT");
    }
  }

  /** Whether no batch has written anything yet. */
  public static boolean isUntouched(Sql sql) {
    try {
      return meta(sql).filter(meta -> meta.highWatermark() == 0).isPresent()
          && Descriptors.ALL.stream().allMatch(store -> row(sql, store) instanceof StoreRow.Absent);
    } catch (StoreException e) {
      if (e.reason() == Reason.MANIFEST_CORRUPT) {
        return false;
      }
      throw e;
    }
  }

  private static boolean exists(Sql sql, String table) {
    return sql.first("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", _ -> true, table).isPresent();
  }

  /** What can't be read because of damage is told with a reason of its own; a disk that fails is told as that. */
  private static <T> T damageAs(Supplier<T> reading, Reason reason, String what) {
    try {
      return reading.get();
    } catch (SqlFailure e) {
      StoreException failure = e.asStoreException("the stores can't be read");
      throw failure.reason() == Reason.STORE_CORRUPT ? StoreException.unusable(reason, what, e) : failure;
    } catch (StoreException e) {
      throw e.reason() == Reason.STORE_CORRUPT ? StoreException.unusable(reason, what, e) : e;
    }
  }
}
