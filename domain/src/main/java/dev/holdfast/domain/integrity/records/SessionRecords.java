package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.Usage;

/** Sessions and what their commits leave behind. */
public final class SessionRecords {
  static final Codec<Usage> USAGE = new Codec<>((out, usage) -> {
    out.number("input_tokens", usage.inputTokens());
    out.number("output_tokens", usage.outputTokens());
  }, in -> new Usage(in.number("input_tokens"), in.number("output_tokens")));

  public static final Codec<Checkpoint> CHECKPOINT = new Codec<>((out, checkpoint) -> {
    out.number("turn_index", checkpoint.turnIndex());
    out.record("usage", USAGE, checkpoint.usage());
    out.optionalRecord("last_prompt_usage", USAGE, checkpoint.lastPrompt());
    out.json("options", checkpoint.options());
    out.number("tool_catalog_revision", checkpoint.toolCatalogRevision());
    out.optionalText("executor_state", checkpoint.executorState());
  }, in -> new Checkpoint(in.number("turn_index"), in.record("usage", USAGE),
      in.optionalRecord("last_prompt_usage", USAGE), in.json("options"), in.number("tool_catalog_revision"),
      in.optionalText("executor_state")));

  public static final Codec<Session> SESSION = new Codec<>((out, session) -> {
    out.number("id", session.id().number());
    out.number("head_revision", session.headRevision());
    out.record("checkpoint", CHECKPOINT, session.checkpoint());
    out.number("context_start", session.contextStart());
    out.number("last_turn_index", session.lastTurnIndex());
    IdFields.optionalTurn(out, "open_turn", session.openTurn());
  }, in -> new Session(IdFields.worker(in, "id"), in.number("head_revision"), in.record("checkpoint", CHECKPOINT),
      in.number("context_start"), in.number("last_turn_index"), IdFields.optionalTurn(in, "open_turn")));

  private static final Codec<Stamp.Key> KEY = new Codec<>((out, key) -> {
    out.number("session", key.session().number());
    out.number("turn", key.turn().number());
    out.number("attempt", key.attempt());
    out.number("commit_no", key.commitNo());
  }, in -> new Stamp.Key(IdFields.worker(in, "session"), IdFields.turn(in, "turn"), in.count("attempt"),
      in.count("commit_no")));

  private static final Codec<Stamp.Result> RESULT = new Codec<>((out, result) -> {
    out.number("head_revision", result.headRevision());
    out.record("checkpoint", CHECKPOINT, result.checkpoint());
    out.number("event_id", result.eventId());
    out.numbers("transcript_sequences", result.transcriptSequences());
    out.number("last_output_seq", result.lastOutputSeq());
  }, in -> new Stamp.Result(in.number("head_revision"), in.record("checkpoint", CHECKPOINT), in.number("event_id"),
      in.numbers("transcript_sequences"), in.number("last_output_seq")));

  public static final Codec<Stamp> STAMP = new Codec<>((out, stamp) -> {
    out.record("key", KEY, stamp.key());
    out.text("hash", stamp.hash());
    out.record("result", RESULT, stamp.result());
  }, in -> new Stamp(in.record("key", KEY), in.text("hash"), in.record("result", RESULT)));

  public static final Codec<Admission> ADMISSION = new Codec<>(SessionRecords::write, SessionRecords::read);

  private SessionRecords() {}

  private static void write(RecordOut out, Admission admission) {
    out.number("turn", admission.turn().number());
    out.number("attempt", admission.attempt());
    out.number("commit_no", admission.commitNo());
    out.number("head_revision", admission.headRevision());
    out.number("event_id", admission.eventId());
    out.time("at", admission.at());
    IdFields.inputs(out, "inputs", admission.inputs());
    IdFields.batches(out, "batches", admission.batches());
  }

  private static Admission read(RecordIn in) {
    return new Admission(IdFields.turn(in, "turn"), in.count("attempt"), in.count("commit_no"),
        in.number("head_revision"), in.number("event_id"), in.time("at"), IdFields.inputs(in, "inputs"),
        IdFields.batches(in, "batches"));
  }
}
