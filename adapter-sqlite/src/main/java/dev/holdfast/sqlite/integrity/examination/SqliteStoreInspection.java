package dev.holdfast.sqlite.integrity.examination;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.recovery.Finding;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.sqlite.integrity.database.Migrations;
import dev.holdfast.sqlite.integrity.database.Soundness;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.database.SqlFailure;
import dev.holdfast.sqlite.integrity.stores.DatabaseFaults;
import dev.holdfast.sqlite.integrity.stores.StoreTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The file as SQLite judges it, the stores' tables, and each row as the store would read it (spec I-95, I-96). */
final class SqliteStoreInspection implements StoreInspection {
  private static final String QUICK = "by SQLite's quick check";
  private static final String FULL = "by SQLite's integrity check, and by reading every row: ";

  private final Path folder;
  private final BooleanSupplier isHeld;

  /**
   * @param folder of the database
   * @param isHeld whether a node has the data directory now
   */
  SqliteStoreInspection(Path folder, BooleanSupplier isHeld) {
    this.folder = folder;
    this.isHeld = isHeld;
  }

  @Override
  public String location() {
    return file().toString();
  }

  private Path file() {
    return folder.resolve("holdfast.db");
  }

  /** An empty file is no database, whatever its log has: so a start sees it. */
  private boolean isThere() {
    try {
      return Files.exists(file()) && Files.size(file()) > 0;
    } catch (IOException e) {
      throw StoreException.io("the database can't be looked at", e);
    }
  }

  @Override
  public Survey survey() {
    try {
      return isThere() ? looked(this::survey) : StoreTables.absent();
    } catch (SqlFailure e) {
      throw e.asStoreException("the database can't be looked at");
    }
  }

  private Survey survey(Glance glance) {
    Sql sql = glance.sql();
    Soundness soundness = glance.soundness(false);
    Survey found = StoreTables.untouched();
    if (soundness.pages() == null) {
      int version = Migrations.version(sql);
      if (version > Migrations.ALL.newest()) {
        return new Survey.Unreadable(Reason.FUTURE_SCHEMA, "the database is of schema " + version);
      }
      String mismatch = mismatch(sql);
      if (mismatch != null) {
        return new DatabaseFaults(mismatch, null).over(found);
      }
      // What an older version wrote gets its stores by the start that brings it up to date.
      if (version == Migrations.ALL.newest() && !StoreTables.isUntouched(sql)) {
        found = StoreTables.survey(sql);
      }
    }
    return DatabaseFaults.of(soundness).over(found);
  }

  @Override
  public Condition look(boolean deep, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    if (!isThere()) {
      return new Condition.Absent();
    }
    try {
      return looked(glance -> {
        glance.sql().endAt(deadline);
        return look(glance, deep, deadline);
      });
    } catch (TimeIsOver e) {
      return new Condition.Unfinished(QUICK);
    } catch (SqlFailure e) {
      if (e.isInterruption()) {
        return new Condition.Unfinished(QUICK);
      }
      if (e.isCorruption()) {
        List<Damage> damages = new ArrayList<>();
        add(damages, Reason.STORE_CORRUPT, Descriptors.LAUNCH_STATE, "a table is not as it was made");
        return new Condition.Damaged(damages);
      }
      throw e.asStoreException("the database can't be looked at");
    }
  }

  private Condition look(Glance glance, boolean deep, long deadline) {
    Sql sql = glance.sql();
    Soundness soundness = glance.soundness(deep);
    List<Damage> damages = new ArrayList<>();
    add(damages, Reason.STORE_CORRUPT, Descriptors.LAUNCH_STATE, soundness.pages());
    add(damages, Reason.STORE_CORRUPT, Descriptors.LAUNCH_STATE, soundness.references());
    add(damages, Reason.QUARANTINED, Descriptors.JOURNAL_INDEX, soundness.indexes());
    String how = QUICK;
    if (soundness.pages() == null) {
      int version = Migrations.version(sql);
      if (version > Migrations.ALL.newest()) {
        return Condition.Damaged.blocked(Reason.FUTURE_SCHEMA, "the database is of schema " + version);
      }
      add(damages, Reason.SCHEMA_MISMATCH, Descriptors.LAUNCH_STATE, mismatch(sql));
      // Through an index that is wrong rows would look wrong that are right; and an older schema has other rows.
      if (damages.isEmpty() && version == Migrations.ALL.newest()) {
        var rows = new RowChecks(sql, deadline);
        how = rows(rows, deep);
        add(damages, Reason.MISSING, Descriptors.LAUNCH_STATE, rows.absent());
        add(damages, Reason.STORE_CORRUPT, Descriptors.LAUNCH_STATE, rows.fault());
        add(damages, Reason.QUARANTINED, Descriptors.DIAGNOSTICS, rows.softFault());
        damages.addAll(rows.setAside());
      }
    }
    return damages.isEmpty() ? new Condition.Sound(how, Long.MAX_VALUE) : new Condition.Damaged(damages);
  }

  private static String rows(RowChecks rows, boolean deep) {
    if (rows.tables() && deep) {
      rows.all();
      return FULL + rows.text();
    }
    return QUICK;
  }

  private static @Nullable String mismatch(Sql sql) {
    try {
      Migrations.ALL.requireUsable(sql);
      return null;
    } catch (StoreException e) {
      if (e.reason() == Reason.SCHEMA_MISMATCH) {
        return e.getMessage();
      }
      throw e;
    }
  }

  private static void add(List<Damage> damages, Reason reason, Descriptor store, @Nullable String what) {
    if (what != null) {
      damages.add(new Damage(new Finding(reason, store.schemaName(), what), switch (store.criticality()) {
        case READINESS_BLOCKING -> Impact.BLOCKED;
        case REBUILDABLE_FROM_PROVIDER, REBUILDABLE_FROM_CANONICAL_DESTINATION -> Impact.DEGRADED;
        case DIAGNOSTIC_ONLY -> Impact.NONE;
      }));
    }
  }

  /** A node that began meanwhile has changed the file under a look that took it for nobody's, so that look is made again. */
  private <T> T looked(Function<Glance, T> look) {
    boolean heldBefore = isHeld.getAsBoolean();
    T found = looked(look, heldBefore);
    return !heldBefore && isHeld.getAsBoolean() ? looked(look, true) : found;
  }

  private <T> T looked(Function<Glance, T> look, boolean held) {
    try (Glance glance = Glance.at(folder, held)) {
      return look.apply(glance);
    }
  }
}
