package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An input and its row. */
final class InputRows {
  /** As the index of what is held has it, word for word. */
  static final String HELD = "state IN ('claimed', 'accepted')";

  private static final String PENDING = "pending";
  private static final String DEFERRED = "deferred";
  private static final String CLAIMED = "claimed";
  private static final String BOUND = "bound";
  private static final String ACCEPTED = "accepted";
  private static final String COMPLETED = "completed";
  private static final String CANCELLED = "cancelled";
  private static final String NEXT_TURN = "next_turn";

  private InputRows() {}

  /**
   * A condition for those that show themselves in a state, or for all.
   *
   * @param shown a state by its name on the wire
   */
  static String inState(@Nullable String shown) {
    return switch (shown) {
      case null -> "";
      case "pending_active" -> " AND state = 'pending'";
      case "deferred_next_turn" -> " AND state IN ('deferred', 'claimed', 'bound')";
      case "accepted" -> " AND state = 'accepted'";
      case "completed" -> " AND state = 'completed'";
      case "cancelled" -> " AND state = 'cancelled'";
      default -> " AND 0";
    };
  }

  static Input read(ResultSet row) throws SQLException {
    String options = row.getString("options");
    return new Input(new InputId(row.getLong("id")), new WorkerId(row.getLong("worker")), row.getLong("enqueue_seq"),
        row.getString("source_key"), InputKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getString("content"), options == null ? null : Json.canonical(options),
        readIngress(row.getString("ingress")), Sql.instant(row, "enqueued_at"), row.getLong("transcript_seq"),
        readState(row));
  }

  /** {@code next_turn}, or a boundary and, behind a colon, the turn's number where one was named. */
  private static Ingress readIngress(String text) {
    if (text.equals(NEXT_TURN)) {
      return new Ingress.NextTurn();
    }
    int colon = text.indexOf(':');
    return colon < 0
        ? new Ingress.ActiveTurn(null, boundary(text))
        : new Ingress.ActiveTurn(new TurnId(Long.parseLong(text.substring(colon + 1))),
            boundary(text.substring(0, colon)));
  }

  private static String write(Ingress ingress) {
    return switch (ingress) {
      case Ingress.NextTurn() -> NEXT_TURN;
      case Ingress.ActiveTurn(TurnId turn, Boundary earliest) ->
        turn == null ? earliest.text() : earliest.text() + ":" + turn.number();
    };
  }

  private static Boundary boundary(String text) {
    return Boundary.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static InputState readState(ResultSet row) throws SQLException {
    String text = row.getString("state");
    return switch (text) {
      case PENDING -> new InputState.Pending(new TurnId(row.getLong("turn")), boundary(row.getString("boundary")));
      case DEFERRED -> new InputState.Deferred();
      case CLAIMED -> new InputState.Claimed(readClaim(row));
      case BOUND -> new InputState.Bound(new TurnId(row.getLong("turn")), readClaim(row));
      case ACCEPTED -> new InputState.Accepted(new TurnId(row.getLong("turn")), boundary(row.getString("boundary")),
          readClaim(row));
      case COMPLETED -> new InputState.Completed(TurnTexts.optionalTurn(row), row.getLong("head_revision"));
      case CANCELLED -> new InputState.Cancelled();
      default -> throw new SQLException("no input state: " + text);
    };
  }

  static Claim readClaim(ResultSet row) throws SQLException {
    return new Claim(row.getString("claim_id"), row.getString("claim_token"), row.getLong("claim_generation"),
        Sql.instant(row, "claimed_at"));
  }

  static void insert(Sql sql, Input input) {
    Json options = input.options();
    sql.run(
        "INSERT INTO input (id, worker, enqueue_seq, transcript_seq, kind, state, ingress, enqueued_at, source_key, "
            + "options, content) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        input.id().number(), input.session().number(), input.enqueueSeq(), input.transcriptSequence(),
        input.kind().role().text(), DEFERRED, write(input.submittedIngress()), input.enqueuedAt(), input.sourceKey(),
        options == null ? null : options.text(), input.content());
    if (!(input.state() instanceof InputState.Deferred)) {
      updateState(sql, input.id(), input.state());
    }
  }

  private static final String INSERT_FORGOTTEN = "INSERT OR REPLACE INTO input (id, worker, enqueue_seq, "
      + "transcript_seq, kind, state, ingress, enqueued_at, content) VALUES (?,?,0,?,?,'completed','next_turn',?,?)";

  /** Of an input that is forgotten its entry alone. Its place in the queue is before that of any that is known. */
  static void insertForgotten(Sql sql, InputId input, TranscriptEntry entry) {
    sql.run(INSERT_FORGOTTEN, input.number(), entry.worker().number(), entry.sequence(), entry.role().text(),
        entry.at(), entry.content());
  }

  /** Of an input that is gone nothing but the row that leads from its worker to its event. */
  static void insertGone(Sql sql, WorkerId worker, Event event) {
    sql.run(INSERT_FORGOTTEN, event.id(), worker.number(), 0, InputKind.USER.role().text(), event.at(), "");
  }

  /** Makes room for an input where one that is forgotten, or a row like that of {@link #insertGone}, may be in its place. */
  static void forget(Sql sql, Input next) {
    sql.run("DELETE FROM input WHERE id = ? AND enqueue_seq = 0", next.id().number());
    if (next.sourceKey() != null) {
      sql.run("UPDATE input SET source_key = NULL WHERE worker = ? AND source_key = ?", next.session().number(),
          next.sourceKey());
    }
  }

  static void updateState(Sql sql, InputId input, InputState state) {
    long id = input.number();
    switch (state) {
      case InputState.Pending(TurnId turn, Boundary earliest) -> update(sql, id, PENDING, turn, earliest, null);
      case InputState.Deferred() -> update(sql, id, DEFERRED, null, null, null);
      case InputState.Claimed(Claim claim) -> update(sql, id, CLAIMED, null, null, claim);
      case InputState.Bound(TurnId turn, Claim claim) -> update(sql, id, BOUND, turn, null, claim);
      case InputState.Accepted(TurnId turn, Boundary earliest, Claim claim) ->
        update(sql, id, ACCEPTED, turn, earliest, claim);
      case InputState.Completed(TurnId turn, long revision) ->
        sql.run("UPDATE input SET state = ?, turn = ?, boundary = NULL, claim_id = NULL, claim_token = NULL, "
            + "claim_generation = NULL, claimed_at = NULL, head_revision = ? WHERE id = ?", COMPLETED,
            turn == null ? null : turn.number(), revision, id);
      case InputState.Cancelled() -> update(sql, id, CANCELLED, null, null, null);
    }
  }

  private static void update(Sql sql, long id, String state, @Nullable TurnId turn, @Nullable Boundary earliest,
      @Nullable Claim claim) {
    sql.run("UPDATE input SET state = ?, turn = ?, boundary = ?, claim_id = ?, claim_token = ?, claim_generation = ?, "
        + "claimed_at = ? WHERE id = ?", state, turn == null ? null : turn.number(),
        earliest == null ? null : earliest.text(), claim == null ? null : claim.id(),
        claim == null ? null : claim.token(), claim == null ? null : claim.generation(),
        claim == null ? null : claim.claimedAt(), id);
  }

  static void cancelAllPending(Sql sql) {
    sql.run(cancelled("SELECT i.id FROM head h CROSS JOIN input i ON i.worker = h.no AND i.id >= h.first_pending "
        + "WHERE h.pending_inputs > 0 AND i.state = 'deferred' "
        + "UNION ALL SELECT i.id FROM head h CROSS JOIN input i INDEXED BY input_active ON i.worker = h.no "
        + "WHERE h.pending_inputs > 0 AND i.state = 'pending'"));
  }

  static void cancelPending(Sql sql, Head head) {
    sql.run(cancelled("SELECT id FROM input WHERE worker = ?1 AND id >= ?2 AND state = 'deferred' "
        + "UNION ALL SELECT id FROM input INDEXED BY input_active WHERE worker = ?1 AND state = 'pending'"),
        head.worker().id().number(),
        head.firstPending());
  }

  private static String cancelled(String ids) {
    return "UPDATE input SET state = 'cancelled', turn = NULL, boundary = NULL WHERE id IN (" + ids + ")";
  }
}
