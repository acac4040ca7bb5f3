package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import java.util.List;

/** What users submitted. */
public final class InputRecords {
  static final Constants<InputKind> KINDS = Constants.of(InputKind.class);
  private static final Constants<Boundary> BOUNDARIES = Constants.of(Boundary.class, Boundary::text);

  static final List<Choice.Option<? extends Ingress>> INGRESSES = List.of(
      option(1, "next_turn", new Ingress.NextTurn()),
      option(2, "active_turn", Ingress.ActiveTurn.class, new Codec<>((out, active) -> {
        IdFields.optionalTurn(out, "turn", active.turn());
        out.constant("earliest", BOUNDARIES, active.earliest());
      }, in -> new Ingress.ActiveTurn(IdFields.optionalTurn(in, "turn"), in.constant("earliest", BOUNDARIES)))));

  /** Unlike on the wire, each has a name of its own. */
  static final List<Choice.Option<? extends InputState>> STATES = List.of(
      option(1, "pending", InputState.Pending.class, new Codec<>((out, state) -> {
        out.number("turn", state.turn().number());
        out.constant("earliest", BOUNDARIES, state.earliest());
      }, in -> new InputState.Pending(IdFields.turn(in, "turn"), in.constant("earliest", BOUNDARIES)))),
      option(2, "deferred", new InputState.Deferred()),
      option(3, "claimed", InputState.Claimed.class,
          new Codec<>((out, state) -> out.record("claim", LeaseRecords.CLAIM, state.claim()),
              in -> new InputState.Claimed(in.record("claim", LeaseRecords.CLAIM)))),
      option(4, "bound", InputState.Bound.class, new Codec<>((out, state) -> {
        out.number("turn", state.turn().number());
        out.record("claim", LeaseRecords.CLAIM, state.claim());
      }, in -> new InputState.Bound(IdFields.turn(in, "turn"), in.record("claim", LeaseRecords.CLAIM)))),
      option(5, "accepted", InputState.Accepted.class, new Codec<>((out, state) -> {
        out.number("turn", state.turn().number());
        out.constant("earliest", BOUNDARIES, state.earliest());
        out.record("claim", LeaseRecords.CLAIM, state.claim());
      }, in -> new InputState.Accepted(IdFields.turn(in, "turn"), in.constant("earliest", BOUNDARIES),
          in.record("claim", LeaseRecords.CLAIM)))),
      option(6, "completed", InputState.Completed.class, new Codec<>((out, state) -> {
        IdFields.optionalTurn(out, "turn", state.turn());
        out.number("revision", state.revision());
      }, in -> new InputState.Completed(IdFields.optionalTurn(in, "turn"), in.number("revision")))),
      option(7, "cancelled", new InputState.Cancelled()));

  private static final Codec<Ingress> INGRESS = Choice.of("kind", INGRESSES);
  static final Codec<InputState> STATE = Choice.of("kind", STATES);

  public static final Codec<Input> INPUT = new Codec<>(InputRecords::write, InputRecords::read);

  static final Codec<InputChange.Moved> MOVED = new Codec<>((out, moved) -> {
    out.number("id", moved.id().number());
    out.number("session", moved.session().number());
    out.record("state", STATE, moved.state());
  }, in -> new InputChange.Moved(new InputId(in.number("id")), IdFields.worker(in, "session"),
      in.record("state", STATE)));

  static final Codec<InputChange.PendingCancelled> PENDING_CANCELLED =
      new Codec<>((out, cancelled) -> IdFields.optionalWorker(out, "session", cancelled.session()),
          in -> new InputChange.PendingCancelled(IdFields.optionalWorker(in, "session")));

  private InputRecords() {}

  private static void write(RecordOut out, Input input) {
    out.number("id", input.id().number());
    out.number("session", input.session().number());
    out.number("enqueue_seq", input.enqueueSeq());
    out.optionalText("source_key", input.sourceKey());
    out.constant("kind", KINDS, input.kind());
    out.text("content", input.content());
    out.optionalJson("options", input.options());
    out.record("ingress", INGRESS, input.submittedIngress());
    out.time("enqueued_at", input.enqueuedAt());
    out.number("transcript_sequence", input.transcriptSequence());
    out.record("state", STATE, input.state());
  }

  private static Input read(RecordIn in) {
    return new Input(new InputId(in.number("id")), IdFields.worker(in, "session"), in.number("enqueue_seq"),
        in.optionalText("source_key"), in.constant("kind", KINDS), in.text("content"), in.optionalJson("options"),
        in.record("ingress", INGRESS), in.time("enqueued_at"), in.number("transcript_sequence"),
        in.record("state", STATE));
  }
}
