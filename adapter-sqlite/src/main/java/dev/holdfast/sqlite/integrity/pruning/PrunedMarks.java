package dev.holdfast.sqlite.integrity.pruning;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.retention.Pruned;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The marks as the writer has them, in memory: most units of work look at one, and few ever move. */
public final class PrunedMarks {
  private final Sql sql;
  private @Nullable Map<WorkerId, Pruned> ofWorkers;
  private PrunedRows.@Nullable OfRuntime ofRuntime;
  private boolean moved;

  public PrunedMarks(Sql sql) {
    this.sql = sql;
  }

  public Pruned of(WorkerId worker) {
    return ofWorkers().getOrDefault(worker, Pruned.nothing(worker));
  }

  private Map<WorkerId, Pruned> ofWorkers() {
    if (ofWorkers == null) {
      Map<WorkerId, Pruned> all = new HashMap<>();
      PrunedRows.all(sql).forEach(marks -> all.put(marks.worker(), marks));
      ofWorkers = all;
    }
    return ofWorkers;
  }

  public PrunedRows.OfRuntime ofRuntime() {
    if (ofRuntime == null) {
      ofRuntime = PrunedRows.ofRuntime(sql);
    }
    return ofRuntime;
  }

  public void put(Pruned next) {
    PrunedRows.put(sql, next);
    ofWorkers().put(next.worker(), next);
    moved = true;
  }

  public void put(PrunedRows.OfRuntime next) {
    PrunedRows.put(sql, next);
    ofRuntime = next;
    moved = true;
  }

  /** Nothing of the present transaction came to be. */
  public void forget() {
    ofWorkers = null;
    ofRuntime = null;
    moved = false;
  }

  /** Whether rows have become free to be removed since this was asked last. */
  public boolean haveMoved() {
    boolean answer = moved;
    moved = false;
    return answer;
  }
}
