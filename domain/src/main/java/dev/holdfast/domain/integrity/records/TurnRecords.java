package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.TurnOutcome;
import java.util.List;

/** Turns with their attempts. */
public final class TurnRecords {
  private static final Constants<Attempt.EndedBy> ENDED_BY =
      Constants.of(Attempt.EndedBy.class, Attempt.EndedBy::text);
  private static final Constants<Reason> REASONS = Constants.of(Reason.class, Reason::code);

  static final List<Choice.Option<? extends TurnOutcome>> OUTCOMES = List.of(
      option(1, "completed", new TurnOutcome.Completed()),
      option(2, "incomplete", TurnOutcome.Incomplete.class,
          new Codec<>((out, outcome) -> out.constant("reason", REASONS, outcome.why()),
              in -> new TurnOutcome.Incomplete(in.constant("reason", REASONS)))),
      option(3, "failed", TurnOutcome.Failed.class,
          new Codec<>((out, outcome) -> out.constant("reason", REASONS, outcome.why()),
              in -> new TurnOutcome.Failed(in.constant("reason", REASONS)))),
      option(4, "cancelled", new TurnOutcome.Cancelled()));

  private static final Codec<TurnOutcome> OUTCOME = Choice.of("kind", OUTCOMES);

  static final List<Choice.Option<? extends Turn.State>> STATES = List.of(
      option(1, "open", new Turn.State.Open()),
      option(2, "ended", Turn.State.Ended.class, new Codec<>((out, ended) -> {
        out.record("outcome", OUTCOME, ended.outcome());
        out.time("at", ended.at());
        out.number("head_revision", ended.headRevision());
      }, in -> new Turn.State.Ended(in.record("outcome", OUTCOME), in.time("at"), in.number("head_revision")))));

  private static final Codec<Turn.State> STATE = Choice.of("kind", STATES);

  private static final Codec<Turn.Start> START = new Codec<>((out, start) -> {
    IdFields.inputs(out, "inputs", start.inputs());
    IdFields.batches(out, "batches", start.batches());
  }, in -> new Turn.Start(IdFields.inputs(in, "inputs"), IdFields.batches(in, "batches")));

  private static final Codec<Attempt.End> END = new Codec<>((out, end) -> {
    out.constant("by", ENDED_BY, end.by());
    out.time("at", end.at());
  }, in -> new Attempt.End(in.constant("by", ENDED_BY), in.time("at")));

  private static final Codec<Attempt> ATTEMPT = new Codec<>((out, attempt) -> {
    out.number("number", attempt.number());
    out.number("generation", attempt.generation());
    out.text("owner_id", attempt.ownerId());
    out.time("started_at", attempt.startedAt());
    out.number("commits", attempt.commits());
    out.number("last_output_seq", attempt.lastOutputSeq());
    out.optionalRecord("end", END, attempt.end());
  }, in -> new Attempt(in.count("number"), in.number("generation"), in.text("owner_id"), in.time("started_at"),
      in.count("commits"), in.number("last_output_seq"), in.optionalRecord("end", END)));

  public static final Codec<Cancel> CANCEL = new Codec<>((out, cancel) -> {
    out.time("requested_at", cancel.requestedAt());
    out.optionalText("by", cancel.by());
    out.optionalText("note", cancel.note());
    out.optionalTime("delivered_at", cancel.deliveredAt());
    out.optionalTime("acknowledged_at", cancel.acknowledgedAt());
    out.optionalTime("released_at", cancel.releasedAt());
  }, in -> new Cancel(in.time("requested_at"), in.optionalText("by"), in.optionalText("note"),
      in.optionalTime("delivered_at"), in.optionalTime("acknowledged_at"), in.optionalTime("released_at")));

  public static final Codec<Turn> TURN = new Codec<>(TurnRecords::write, TurnRecords::read);

  static final Codec<TurnChange.CancelPut> CANCEL_PUT = new Codec<>((out, put) -> {
    out.number("turn", put.turn().number());
    out.record("cancel", CANCEL, put.cancel());
  }, in -> new TurnChange.CancelPut(IdFields.turn(in, "turn"), in.record("cancel", CANCEL)));

  private TurnRecords() {}

  private static void write(RecordOut out, Turn turn) {
    out.number("id", turn.id().number());
    out.number("session", turn.session().number());
    out.number("index", turn.index());
    out.record("start", START, turn.start());
    out.list("attempts", ATTEMPT, turn.attempts());
    out.time("created_at", turn.createdAt());
    out.time("deadline_at", turn.deadlineAt());
    out.record("usage", SessionRecords.USAGE, turn.usage());
    out.optionalRecord("kept", OutputRecords.CURSOR, turn.kept());
    out.optionalRecord("cancel", CANCEL, turn.cancel());
    out.record("state", STATE, turn.state());
  }

  private static Turn read(RecordIn in) {
    return new Turn(IdFields.turn(in, "id"), IdFields.worker(in, "session"), in.number("index"),
        in.record("start", START), in.items("attempts", ATTEMPT), in.time("created_at"), in.time("deadline_at"),
        in.record("usage", SessionRecords.USAGE), in.optionalRecord("kept", OutputRecords.CURSOR),
        in.optionalRecord("cancel", CANCEL), in.record("state", STATE));
  }
}
