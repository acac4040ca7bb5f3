package dev.holdfast.sqlite.integrity.pruning;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.retention.Pruned;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Removes the rows that marks tell to be gone, some at a time, when the writer has nothing else to do. Nobody sees a difference,
 * so a crash or a rollback between two steps is nothing; at a start all marks are looked at again.
 */
public final class Reclaim {
  /** Rows of one step: few milliseconds, so that a call that comes meanwhile hardly waits. */
  private static final int ROWS = 512;
  /** That find nothing, one after the other. */
  private static final int LOOKS = 64;

  private static final String GONE = "SELECT id FROM input WHERE worker = ?1 AND id <= ?2";

  private final Sql sql;
  private final PrunedMarks marks;
  private final LastInput lastInput;
  private final Deque<Pruned> workers = new ArrayDeque<>();
  private boolean allDue;
  private boolean runtimeDue;
  private @Nullable Pruned present;
  private Part part = Part.ENTRIES;

  /** Finds a worker's last input whose number in a column isn't above another. */
  public interface LastInput {
    long upTo(WorkerId worker, String column, long number);
  }

  /** Of a worker, in the order in which they are removed. */
  private enum Part {
    ENTRIES,
    BATCHES,
    INPUTS,
    CONTENTS,
    OUTPUT;

    @Nullable
    Part next() {
      return switch (this) {
        case ENTRIES -> BATCHES;
        case BATCHES -> INPUTS;
        case INPUTS -> CONTENTS;
        case CONTENTS -> OUTPUT;
        case OUTPUT -> null;
      };
    }
  }

  public Reclaim(Sql sql, PrunedMarks marks, LastInput lastInput) {
    this.sql = sql;
    this.marks = marks;
    this.lastInput = lastInput;
  }

  /** Everything that marks tell of may be there. */
  public void begin() {
    allDue = true;
  }

  /** Nothing is removed until marks move again. */
  public void giveUp() {
    allDue = false;
    runtimeDue = false;
    present = null;
    workers.clear();
  }

  public boolean isDue() {
    return allDue || runtimeDue || present != null || !workers.isEmpty();
  }

  /** All steps, and then the file is written anew without what is free in it. */
  public void all() {
    while (isDue()) {
      step();
    }
    sql.execute("VACUUM");
    sql.first("PRAGMA wal_checkpoint(TRUNCATE)", row -> row.getInt(1));
  }

  /** One step, in a transaction of its own. */
  public void step() {
    sql.run("BEGIN IMMEDIATE");
    someRows();
    sql.run("COMMIT");
  }

  private void someRows() {
    int looks = 0;
    while (isDue() && looks++ < LOOKS) {
      if (allDue) {
        allDue = false;
        runtimeDue = true;
        present = null;
        workers.clear();
        workers.addAll(PrunedRows.all(sql));
      }
      if (removed() > 0) {
        return;
      }
    }
  }

  private int removed() {
    if (runtimeDue) {
      int rows = removeOfRuntime();
      runtimeDue = rows > 0;
      return rows;
    }
    if (present == null) {
      present = workers.poll();
      part = Part.ENTRIES;
    }
    int rows = present == null ? 0 : remove(present);
    if (rows == 0) {
      Part next = part.next();
      if (next == null) {
        present = null;
      } else {
        part = next;
      }
    }
    return rows;
  }

  private int removeOfRuntime() {
    PrunedRows.OfRuntime gone = marks.ofRuntime();
    return sql.count("DELETE FROM event WHERE id IN (SELECT id FROM event WHERE id <= ? ORDER BY id LIMIT ?)",
        gone.events(), ROWS)
        + sql.count("DELETE FROM audit WHERE seq IN (SELECT seq FROM audit WHERE seq <= ? ORDER BY seq LIMIT ?)",
            gone.audit().seq(), ROWS);
  }

  private int remove(Pruned gone) {
    long worker = gone.worker().number();
    return switch (part) {
      case ENTRIES -> sql.count("DELETE FROM entry WHERE no IN (SELECT no FROM entry WHERE worker = ? AND seq <= ? "
          + "ORDER BY seq LIMIT ?)", worker, gone.transcript(), ROWS);
      case BATCHES -> sql.count("DELETE FROM batch WHERE id IN (SELECT id FROM batch WHERE worker = ? "
          + "AND enqueue_seq <= ? AND (turn IS NULL OR enqueue_seq <= ?) ORDER BY enqueue_seq LIMIT ?)", worker,
          gone.work(), gone.batches(), ROWS);
      case INPUTS -> sql.count("DELETE FROM input WHERE id IN (" + GONE + " AND id <= ?3 LIMIT ?4)", worker,
          lastGone(gone), marks.ofRuntime().events(), ROWS);
      // The row is what leads from the worker to the event, while that is there.
      case CONTENTS -> sql.count("UPDATE input SET content = '', options = NULL, source_key = NULL WHERE id IN ("
          + GONE + " AND (content <> '' OR options IS NOT NULL OR source_key IS NOT NULL) LIMIT ?3)", worker,
          lastGone(gone), ROWS);
      case OUTPUT -> sql.count("DELETE FROM output WHERE no IN (SELECT o.no FROM turn t CROSS JOIN output o "
          + "ON o.turn = t.id WHERE t.worker = ? AND t.turn_index <= ? LIMIT ?)", worker, gone.output(), ROWS);
    };
  }

  /** The last input that is forgotten and whose entry is gone. */
  private long lastGone(Pruned gone) {
    WorkerId worker = gone.worker();
    return Math.min(lastInput.upTo(worker, "enqueue_seq", gone.work()),
        lastInput.upTo(worker, "transcript_seq", gone.transcript()));
  }
}
