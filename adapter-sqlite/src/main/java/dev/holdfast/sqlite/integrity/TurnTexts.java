package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.sqlite.integrity.database.Inserts;
import dev.holdfast.sqlite.integrity.database.Sql;
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
    var start = new Turn.Start(inputs(row.getString("inputs")), batches(row.getString("batches")));
    List<Attempt> attempts = list(row.getString("attempts")).stream().map(TurnTexts::readAttempt).toList();
    if (attempts.isEmpty()) {
      throw new SQLException("a turn without an attempt");
    }
    return new Turn(new TurnId(row.getLong("id")), new WorkerId(row.getLong("worker")), row.getLong("turn_index"),
        start, attempts, Sql.instant(row, "created_at"), Sql.instant(row, "deadline_at"),
        new Usage(row.getLong("input_tokens"), row.getLong("output_tokens")), readCursor(row.getString("kept")),
        readCancel(row.getString("cancel")), readState(row));
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
    sql.run("INSERT INTO turn (id, worker, turn_index, inputs, batches, attempts, created_at, deadline_at, "
        + "input_tokens, output_tokens, kept, cancel, outcome, reason, ended_at, head_revision) "
        + "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
        + "ON CONFLICT (id) DO UPDATE SET attempts = excluded.attempts, input_tokens = excluded.input_tokens, "
        + "output_tokens = excluded.output_tokens, kept = excluded.kept, cancel = excluded.cancel, outcome = excluded.outcome, reason = excluded.reason, "
        + "ended_at = excluded.ended_at, head_revision = excluded.head_revision", turn.id().number(),
        turn.session().number(), turn.index(),
        Json.of(turn.start().inputs().stream().map(InputId::number).toList()).text(),
        Json.of(turn.start().batches().stream().map(BatchId::number).toList()).text(),
        attempts(turn), turn.createdAt(),
        turn.deadlineAt(), turn.usage().inputTokens(), turn.usage().outputTokens(),
        write(turn.kept()), write(turn.cancel()),
        ended == null ? null : ended.outcome().text(), reason == null ? null : reason.code(),
        ended == null ? null : ended.at(), ended == null ? null : ended.headRevision());
  }

  /** What of a turn changes. */
  static void update(Sql sql, Turn turn) {
    Turn.State.Ended ended = turn.state() instanceof Turn.State.Ended end ? end : null;
    Reason reason = ended == null ? null : ended.outcome().reason();
    sql.run("UPDATE turn SET attempts = ?, input_tokens = ?, output_tokens = ?, kept = ?, cancel = ?, outcome = ?, "
        + "reason = ?, ended_at = ?, head_revision = ? WHERE id = ?", attempts(turn), turn.usage().inputTokens(),
        turn.usage().outputTokens(), write(turn.kept()), write(turn.cancel()),
        ended == null ? null : ended.outcome().text(), reason == null ? null : reason.code(),
        ended == null ? null : ended.at(), ended == null ? null : ended.headRevision(), turn.id().number());
  }

  private static String attempts(Turn turn) {
    return Json.of(turn.attempts().stream().map(TurnTexts::writeAttempt).toList()).text();
  }

  private static @Nullable String write(@Nullable OutputCursor cursor) {
    return cursor == null ? null : Json.of(List.of(cursor.attempt(), cursor.seq())).text();
  }

  private static @Nullable OutputCursor readCursor(@Nullable String text) {
    if (text == null) {
      return null;
    }
    List<Long> fields = numbers(text);
    return new OutputCursor(Math.toIntExact(fields.get(0)), fields.get(1));
  }

  static void put(Sql sql, TurnId turn, Cancel cancel) {
    sql.run("UPDATE turn SET cancel = ? WHERE id = ?", write(cancel), turn.number());
  }

  private static @Nullable String write(@Nullable Cancel cancel) {
    return cancel == null ? null : Json.of(Arrays.asList(Sql.micros(cancel.requestedAt()), cancel.by(), cancel.note(),
        micros(cancel.deliveredAt()), micros(cancel.acknowledgedAt()), micros(cancel.releasedAt()))).text();
  }

  private static @Nullable Cancel readCancel(@Nullable String text) {
    if (text == null) {
      return null;
    }
    List<?> fields = list(text);
    return new Cancel(Sql.instant(number(fields.get(0))), (String) fields.get(1), (String) fields.get(2),
        instant(fields.get(3)), instant(fields.get(4)), instant(fields.get(5)));
  }

  private static @Nullable Long micros(@Nullable Instant at) {
    return at == null ? null : Sql.micros(at);
  }

  private static @Nullable Instant instant(@Nullable Object micros) {
    return micros == null ? null : Sql.instant(number(micros));
  }

  static void insert(Sql sql, Admission admission) {
    sql.run("INSERT INTO admission (turn, event_id, attempt, commit_no, head_revision, at, inputs, batches) "
        + "VALUES (?,?,?,?,?,?,?,?)", admission.turn().number(), admission.eventId(), admission.attempt(),
        admission.commitNo(), admission.headRevision(), admission.at(),
        Json.of(admission.inputs().stream().map(InputId::number).toList()).text(),
        Json.of(admission.batches().stream().map(BatchId::number).toList()).text());
  }

  static Admission readAdmission(TurnId turn, ResultSet row) throws SQLException {
    return new Admission(turn, row.getInt("attempt"), row.getInt("commit_no"), row.getLong("head_revision"),
        row.getLong("event_id"), Sql.instant(row, "at"), inputs(row.getString("inputs")),
        batches(row.getString("batches")));
  }

  private static List<InputId> inputs(String json) {
    return numbers(json).stream().map(InputId::new).toList();
  }

  private static List<BatchId> batches(String json) {
    return numbers(json).stream().map(BatchId::new).toList();
  }

  static @Nullable TurnId optionalTurn(ResultSet row) throws SQLException {
    long turn = row.getLong("turn");
    return row.wasNull() ? null : new TurnId(turn);
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
  static void insertRecords(Inserts rows, TurnId turn, List<OutputRecord> records) {
    for (int from = 0; from < records.size(); from += TurnRows.RECORDS_PER_ROW) {
      List<OutputRecord> part = records.subList(from, Math.min(records.size(), from + TurnRows.RECORDS_PER_ROW));
      List<Object> texts = new ArrayList<>(part.size());
      for (OutputRecord record : part) {
        texts.add(write(record.payload()));
      }
      rows.add(turn.number(), part.getFirst().attempt(), part.getLast().seq(), part.getFirst().seq(),
          part.getFirst().at(), Json.of(texts).text());
    }
  }

  /** A delta is its text, or a pair of channel and text; anything else a pair of kind and members. */
  private static Object write(OutputPayload payload) {
    return switch (payload) {
      case OutputPayload.Delta(OutputPayload.Channel channel, String text) ->
        channel == OutputPayload.Channel.TEXT ? text : List.of(channel.text(), text);
      case OutputPayload.AttemptStarted _,OutputPayload.Rewound _,OutputPayload.InputAdmitted _,OutputPayload.Checkpoint _,OutputPayload.End _ ->
        List
            .of(payload.kind(), payload.json());
    };
  }

  private static OutputPayload readPayload(@Nullable Object value) {
    if (value instanceof String text) {
      return new OutputPayload.Delta(OutputPayload.Channel.TEXT, text);
    }
    List<?> fields = (List<?>) Objects.requireNonNull(value);
    String name = (String) Objects.requireNonNull(fields.get(0));
    return fields.get(1) instanceof String text
        ? new OutputPayload.Delta(OutputPayload.Channel.valueOf(name.toUpperCase(Locale.ROOT)), text)
        : OutputPayload.read(name, Json.of(fields.get(1)));
  }

  static List<OutputRecord> readRecords(TurnId turn, ResultSet row) throws SQLException {
    int attempt = row.getInt("attempt");
    long seq = new OutputCursor(attempt, row.getLong("first_seq")).seq();
    Instant at = Sql.instant(row, "at");
    List<OutputRecord> records = new ArrayList<>();
    for (Object value : list(row.getString("records"))) {
      records.add(new OutputRecord(turn, attempt, seq++, at, readPayload(value)));
    }
    if (seq - 1 != row.getLong("last_seq")) {
      throw new SQLException("its numbers are not those of so many records");
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
  static List<@Nullable Object> list(String json) {
    return (List<@Nullable Object>) Objects.requireNonNull(Json.canonical(json).value());
  }
}
