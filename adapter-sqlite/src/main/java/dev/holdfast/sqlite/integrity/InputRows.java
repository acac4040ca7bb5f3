package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An input and its row. */
final class InputRows {
  private static final String DEFERRED = "deferred";
  private static final String BOUND = "bound";
  private static final String COMPLETED = "completed";
  private static final String CANCELLED = "cancelled";
  private static final String NEXT_TURN = "next_turn";

  private InputRows() {}

  static Input read(ResultSet row) throws SQLException {
    String options = row.getString("options");
    return new Input(new InputId(row.getLong("id")), new WorkerId(row.getLong("worker")), row.getLong("enqueue_seq"),
        row.getString("source_key"), InputKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getString("content"), options == null ? null : Json.canonical(options), readIngress(row),
        Sql.instant(row, "enqueued_at"), row.getLong("transcript_seq"), readState(row));
  }

  private static Ingress readIngress(ResultSet row) throws SQLException {
    String text = row.getString("ingress");
    if (text.equals(NEXT_TURN)) {
      return new Ingress.NextTurn();
    }
    throw new SQLException("no ingress: " + text);
  }

  private static InputState readState(ResultSet row) throws SQLException {
    String text = row.getString("state");
    return switch (text) {
      case DEFERRED -> new InputState.Deferred();
      case BOUND -> new InputState.Bound(new TurnId(row.getLong("turn")), new Claim(row.getString("claim_id"),
          row.getString("claim_token"), row.getLong("claim_generation"), Sql.instant(row, "claimed_at")));
      case COMPLETED -> new InputState.Completed(new TurnId(row.getLong("turn")));
      case CANCELLED -> new InputState.Cancelled();
      default -> throw new SQLException("no input state: " + text);
    };
  }

  static void insert(Sql sql, Input input) {
    Json options = input.options();
    String ingress = switch (input.submittedIngress()) {
      case Ingress.NextTurn() -> NEXT_TURN;
    };
    sql.run(
        "INSERT INTO input (id, worker, enqueue_seq, transcript_seq, kind, state, ingress, enqueued_at, source_key, "
            + "options, content) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        input.id().number(), input.session().number(),
        input.enqueueSeq(), input.transcriptSequence(), input.kind().role().text(), DEFERRED, ingress,
        input.enqueuedAt(), input.sourceKey(), options == null ? null : options.text(), input.content());
  }

  static void updateState(Sql sql, Input input) {
    long id = input.id().number();
    switch (input.state()) {
      case InputState.Deferred() -> update(sql, id, DEFERRED, null, null);
      case InputState.Bound(TurnId turn, Claim claim) -> update(sql, id, BOUND, turn, claim);
      case InputState.Completed(TurnId turn) -> update(sql, id, COMPLETED, turn, null);
      case InputState.Cancelled() -> update(sql, id, CANCELLED, null, null);
    }
  }

  private static void update(Sql sql, long id, String state, @Nullable TurnId turn,
      @Nullable Claim claim) {
    sql.run("UPDATE input SET state = ?, turn = ?, claim_id = ?, claim_token = ?, claim_generation = ?, "
        + "claimed_at = ? WHERE id = ?", state, turn == null ? null : turn.number(),
        claim == null ? null : claim.id(), claim == null ? null : claim.token(),
        claim == null ? null : claim.generation(), claim == null ? null : claim.claimedAt(), id);
  }

  /** The head's first pending input, now that {@code moved} is in its new state. */
  static long firstPending(Sql sql, Head head, Input moved) {
    long id = moved.id().number();
    if (moved.state().isPending()) {
      return Math.min(head.firstPending(), id);
    }
    return id < head.firstPending()
        ? head.firstPending()
        : sql.first("SELECT id FROM input WHERE worker = ? AND id >= ? AND state = 'deferred' ORDER BY id LIMIT 1",
            row -> row.getLong(1), head.worker().id().number(), head.firstPending())
            .orElse(head.worker().lastEventId() + 1);
  }

  static void cancelAllPending(Sql sql) {
    sql.run("UPDATE input SET state = ? WHERE id IN (SELECT i.id FROM head h JOIN input i ON i.worker = h.no "
        + "AND i.id >= h.first_pending WHERE h.pending_inputs > 0 AND i.state = 'deferred')", CANCELLED);
  }

  static void cancelPending(Sql sql, Head head) {
    sql.run("UPDATE input SET state = ? WHERE worker = ? AND id >= ? AND state = 'deferred'", CANCELLED,
        head.worker().id().number(), head.firstPending());
  }
}
