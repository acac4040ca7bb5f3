package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A turn and its output records in their rows: what belongs to the turn alone is kept in it as short JSON texts. */
final class TurnTexts {
  private TurnTexts() {}

  static Turn read(ResultSet row) throws SQLException {
    List<InputId> inputs = numbers(row.getString("inputs")).stream().map(InputId::new).toList();
    List<Attempt> attempts = list(row.getString("attempts")).stream().map(TurnTexts::readAttempt).toList();
    return new Turn(new TurnId(row.getLong("id")), new WorkerId(row.getLong("worker")), row.getLong("turn_index"),
        inputs, attempts, Sql.instant(row, "created_at"), Sql.instant(row, "deadline_at"),
        new Usage(row.getLong("input_tokens"), row.getLong("output_tokens")), readState(row));
  }

  private static Turn.State readState(ResultSet row) throws SQLException {
    Instant endedAt = Sql.optionalInstant(row, "ended_at");
    return endedAt == null
        ? new Turn.State.Open()
        : new Turn.State.Ended(TurnOutcome.of(row.getString("outcome"), row.getString("reason")), endedAt,
            row.getLong("head_revision"));
  }

  static void put(Sql sql, Turn turn) {
    Turn.State.Ended ended = turn.state() instanceof Turn.State.Ended end ? end : null;
    Reason reason = ended == null ? null : ended.outcome().reason();
    sql.run("INSERT INTO turn (id, worker, turn_index, inputs, attempts, created_at, deadline_at, input_tokens, "
        + "output_tokens, outcome, reason, ended_at, head_revision) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) "
        + "ON CONFLICT (id) DO UPDATE SET attempts = excluded.attempts, input_tokens = excluded.input_tokens, "
        + "output_tokens = excluded.output_tokens, outcome = excluded.outcome, reason = excluded.reason, "
        + "ended_at = excluded.ended_at, head_revision = excluded.head_revision", turn.id().number(),
        turn.session().number(), turn.index(), Json.of(turn.inputs().stream().map(InputId::number).toList()).text(),
        Json.of(turn.attempts().stream().map(TurnTexts::writeAttempt).toList()).text(), turn.createdAt(),
        turn.deadlineAt(), turn.usage().inputTokens(), turn.usage().outputTokens(),
        ended == null ? null : ended.outcome().text(), reason == null ? null : reason.code(),
        ended == null ? null : ended.at(), ended == null ? null : ended.headRevision());
  }

  private static List<@Nullable Object> writeAttempt(Attempt attempt) {
    Attempt.End end = attempt.end();
    return Arrays.asList(attempt.number(), attempt.generation(), attempt.ownerId(), Sql.micros(attempt.startedAt()),
        attempt.commits(), attempt.lastOutputSeq(), end == null ? null : end.by().text(),
        end == null ? null : Sql.micros(end.at()));
  }

  private static Attempt readAttempt(@Nullable Object value) {
    List<?> fields = (List<?>) Objects.requireNonNull(value);
    Object endedBy = fields.get(6);
    Attempt.End end = endedBy == null
        ? null
        : new Attempt.End(Attempt.EndedBy.valueOf(((String) endedBy).toUpperCase(Locale.ROOT)),
            Sql.instant(number(fields.get(7))));
    return new Attempt((int) number(fields.get(0)), number(fields.get(1)),
        (String) Objects.requireNonNull(fields.get(2)), Sql.instant(number(fields.get(3))),
        (int) number(fields.get(4)), number(fields.get(5)), end);
  }

  /** The records of one append, in rows of a bounded number of records. */
  static void insertRecords(Sql sql, TurnId turn, List<OutputRecord> records) {
    for (int from = 0; from < records.size(); from += TurnRows.RECORDS_PER_ROW) {
      List<OutputRecord> part = records.subList(from, Math.min(records.size(), from + TurnRows.RECORDS_PER_ROW));
      List<List<Object>> texts = new ArrayList<>(part.size());
      for (OutputRecord record : part) {
        texts.add(List.of(record.payload().kind(), record.payload().json()));
      }
      sql.run("INSERT INTO output (turn, attempt, last_seq, first_seq, at, records) VALUES (?,?,?,?,?,?)",
          turn.number(), part.getFirst().attempt(), part.getLast().seq(), part.getFirst().seq(),
          part.getFirst().at(), Json.of(texts).text());
    }
  }

  static List<OutputRecord> readRecords(TurnId turn, ResultSet row) throws SQLException {
    int attempt = row.getInt("attempt");
    long seq = row.getLong("first_seq");
    Instant at = Sql.instant(row, "at");
    List<OutputRecord> records = new ArrayList<>();
    for (Object value : list(row.getString("records"))) {
      List<?> fields = (List<?>) Objects.requireNonNull(value);
      var payload =
          OutputPayload.read((String) Objects.requireNonNull(fields.get(0)), Json.of(fields.get(1)));
      records.add(new OutputRecord(turn, attempt, seq++, at, payload));
    }
    return records;
  }

  static List<Long> numbers(String json) {
    return list(json).stream().map(TurnTexts::number).toList();
  }

  private static long number(@Nullable Object value) {
    return (Long) Objects.requireNonNull(value);
  }

  @SuppressWarnings("unchecked")
  private static List<@Nullable Object> list(String json) {
    return (List<@Nullable Object>) Objects.requireNonNull(Json.canonical(json).value());
  }
}
