package dev.holdfast.sqlite.integrity.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.records.TaskRecords;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of tasks that are kept, and of what calls used. */
public final class TaskRows {
  private TaskRows() {}

  public static void apply(Sql sql, TaskChange change) {
    switch (change) {
      case TaskChange.Put(InferenceTask task) -> sql.run(
          "INSERT OR REPLACE INTO inference_task (id, owner, open, enqueued_at, record) VALUES (?,?,?,?,?)", task.id(),
          task.owner(), !task.hasEnded(), task.enqueuedAt(), TaskRecords.TASK.json(task).text());
      case TaskChange.Deleted(String id) -> sql.run("DELETE FROM inference_task WHERE id = ?", id);
      case TaskChange.Used(UsageRecord used) -> put(sql, used);
    }
  }

  private static void put(Sql sql, UsageRecord used) {
    Duration first = used.firstToken();
    sql.run("INSERT OR REPLACE INTO usage_record (seq, at, request, key, model, provider, mode, outcome, input_tokens, "
        + "output_tokens, estimated, first_token, total) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", used.seq(), used.at(),
        used.request(), used.key(), used.model(), used.provider(), used.mode().text(), used.outcome(),
        used.inputTokens(), used.outputTokens(), used.estimated(), first == null ? null : Sql.micros(first),
        Sql.micros(used.total()));
  }

  public static Optional<InferenceTask> task(Sql sql, String id) {
    return sql.first("SELECT * FROM inference_task WHERE id = ?", TaskRows::read, id);
  }

  public static List<InferenceTask> tasks(Sql sql, String after, int limit, @Nullable String owner) {
    return owner == null
        ? sql.all("SELECT * FROM inference_task WHERE id > ? ORDER BY id LIMIT ?", TaskRows::read, after, limit)
        : sql.all("SELECT * FROM inference_task WHERE owner = ? AND id > ? ORDER BY id LIMIT ?", TaskRows::read, owner,
            after, limit);
  }

  public static List<InferenceTask> openTasks(Sql sql, int limit) {
    return sql.all("SELECT * FROM inference_task WHERE open = 1 ORDER BY enqueued_at, id LIMIT ?", TaskRows::read,
        limit);
  }

  /** The columns only repeat what the record says, so a row whose columns say something else is damaged. */
  private static InferenceTask read(ResultSet row) throws SQLException {
    InferenceTask task = TaskRecords.TASK.ofJson(Json.canonical(row.getString("record")));
    boolean same = task.id().equals(row.getString("id")) && task.owner().equals(row.getString("owner"))
        && task.hasEnded() == (row.getInt("open") == 0) && Sql.instant(row, "enqueued_at").equals(task.enqueuedAt());
    if (!same) {
      throw new IllegalArgumentException("a task's row says something else than its record");
    }
    return task;
  }

  public static long lastUsage(Sql sql) {
    return sql.first("SELECT max(seq) FROM usage_record", row -> row.getLong(1)).orElse(0L);
  }

  public static List<UsageRecord> usage(Sql sql, long after, int limit) {
    return sql.all("SELECT * FROM usage_record WHERE seq > ? ORDER BY seq LIMIT ?", TaskRows::readUsage, after, limit);
  }

  private static UsageRecord readUsage(ResultSet row) throws SQLException {
    long first = row.getLong("first_token");
    Duration firstToken = row.wasNull() ? null : micros(first);
    return new UsageRecord(row.getLong("seq"), Sql.instant(row, "at"), row.getString("request"), row.getString("key"),
        row.getString("model"), row.getString("provider"),
        InferenceTask.Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)), row.getString("outcome"),
        row.getLong("input_tokens"), row.getLong("output_tokens"), row.getInt("estimated") == 1, firstToken,
        micros(row.getLong("total")));
  }

  private static Duration micros(long value) {
    return Duration.ofNanos(Math.multiplyExact(value, 1_000L));
  }
}
