package dev.holdfast.http.turns;

import dev.holdfast.application.turns.OutputFeed;
import dev.holdfast.application.turns.TurnCatalogue;
import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.SessionView;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputAck;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.http.Wire;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Inputs, turns, sessions and output on the wire (spec turns §1). */
final class TurnJson {
  private TurnJson() {}

  static Json of(RuntimeId runtime, InputAck ack) {
    Input input = ack.input();
    return Json.object("worker_ref", Wire.ref(runtime, input.session()), "status", ack.workerStatus().text(),
        "transcript_sequence", input.transcriptSequence(), "event_id", input.eventId(), "input_id", input.id().value(),
        "input_state", input.state().text());
  }

  /** @param content whether the caller may see it */
  static Json of(Input input, boolean content) {
    return Json.object(
        "input_id", input.id().value(),
        "session_id", input.session().value(),
        "enqueue_seq", input.enqueueSeq(),
        "source_key", input.sourceKey(),
        "kind", Wire.of(input.kind()),
        "content", content ? input.content() : null,
        "options", content ? input.options() : null,
        "submitted_ingress", ingress(input.submittedIngress()),
        "state", input.state().text(),
        "turn_id", input.turn() == null ? null : input.turn().value(),
        "enqueued_at", Wire.at(input.enqueuedAt()),
        "transcript_sequence", input.transcriptSequence());
  }

  private static Json ingress(Ingress ingress) {
    return switch (ingress) {
      case Ingress.NextTurn() -> Json.object("kind", "next_turn");
      case Ingress.ActiveTurn(TurnId turn, Boundary earliest) -> Json.object("kind", "active_turn", "turn_id",
          turn == null ? null : turn.value(), "min_boundary", earliest.text());
    };
  }

  static Json of(Turn turn) {
    Turn.State.@Nullable Ended end = turn.state() instanceof Turn.State.Ended ended ? ended : null;
    return Json.object(
        "turn_id", turn.id().value(),
        "session_id", turn.session().value(),
        "turn_index", turn.index(),
        "trigger", turn.start().trigger(),
        "start_inputs", turn.inputs().stream().map(InputId::value).toList(),
        "start_batches", turn.start().batches().stream().map(BatchId::value).toList(),
        "attempts", turn.attempts().stream().map(attempt -> of(turn, attempt)).toList(),
        "outcome", end == null ? null : end.outcome().text(),
        "outcome_reason", end == null || end.outcome().reason() == null ? null : end.outcome().reason().code(),
        "head_revision", end == null ? null : end.headRevision(),
        "cancel", turn.cancel() == null ? null : of(turn.cancel()),
        "usage", of(turn.usage()),
        "kept", turn.kept() == null ? null : Json.object("attempt", turn.kept().attempt(), "seq", turn.kept().seq()),
        "created_at", Wire.at(turn.createdAt()),
        "deadline_at", Wire.at(turn.deadlineAt()),
        "ended_at", end == null ? null : Wire.at(end.at()));
  }

  /** A turn with what it took in while it ran. */
  static Json of(TurnCatalogue.Detail detail) {
    var members = of(detail.turn()).members();
    members.put("checkpoints", detail.admissions().stream().map(TurnJson::of).toList());
    return Json.of(members);
  }

  private static Json of(Admission admission) {
    return Json.object(
        "attempt", admission.attempt(),
        "commit_no", admission.commitNo(),
        "head_revision", admission.headRevision(),
        "at", Wire.at(admission.at()),
        "inputs", admission.inputs().stream().map(InputId::value).toList(),
        "wakes", admission.batches().stream().map(BatchId::value).toList());
  }

  static Json of(Turn turn, Attempt attempt) {
    return Json.object(
        "number", attempt.number(),
        "generation", attempt.generation(),
        "owner_id", attempt.ownerId(),
        "started_at", Wire.at(attempt.startedAt()),
        "ended_at", attempt.end() == null ? null : Wire.at(attempt.end().at()),
        "ended_by", attempt.end() == null ? null : attempt.end().by().text(),
        "commits", attempt.commits(),
        "last_output_seq", attempt.lastOutputSeq(),
        "settling", turn.isSettledBy(attempt));
  }

  /** What was asked for, and who brings it about. */
  static Json of(CancelRules.Requested requested) {
    return Json.object("turn_id", requested.turn().id().value(), "cancel",
        of(Objects.requireNonNull(requested.turn().cancel())), "control", requested.control().text());
  }

  /** How far a request to cancel a turn has come. */
  static Json of(Cancel cancel) {
    return Json.object(
        "requested_at", Wire.at(cancel.requestedAt()),
        "by", cancel.by(),
        "note", cancel.note(),
        "stage", cancel.stage().text(),
        "delivered_at", at(cancel.deliveredAt()),
        "acknowledged_at", at(cancel.acknowledgedAt()),
        "released_at", at(cancel.releasedAt()));
  }

  private static @Nullable String at(@Nullable Instant instant) {
    return instant == null ? null : Wire.at(instant);
  }

  private static Json of(Usage usage) {
    return Json.object("input_tokens", usage.inputTokens(), "output_tokens", usage.outputTokens());
  }

  /** The lease is shown without its token, which proves it. */
  static Json of(RuntimeId runtime, SessionView view) {
    Lease.@Nullable Held held = view.lease() instanceof Lease.Held h ? h : null;
    return Json.object(
        "session_id", view.session().id().value(),
        "worker_ref", Wire.ref(runtime, view.session().id()),
        "activity", view.activity().text(),
        "head_revision", view.session().headRevision(),
        "turn_index", view.session().checkpoint().turnIndex(),
        "usage", of(view.session().checkpoint().usage()),
        "open_turn_id", view.session().openTurn() == null ? null : view.session().openTurn().value(),
        "lease", Json.object(
            "generation", view.lease().generation(),
            "owner_id", held == null ? null : held.fence().owner().id(),
            "incarnation_id", held == null ? null : held.fence().owner().incarnation(),
            "claimed_at", held == null ? null : Wire.at(held.claimedAt()),
            "renewed_at", held == null ? null : Wire.at(held.expiresAt().minus(held.ttl())),
            "expires_at", held == null ? null : Wire.at(held.expiresAt())),
        "counts", Json.object("pending_inputs", view.queue().pendingInputs(), "queued_work",
            view.queue().queuedWork()));
  }

  static Json of(OutputFeed.Page page) {
    return Json.object("items", page.records().stream().map(TurnJson::of).toList(), "next", page.next().text(), "ended",
        page.complete(), "gap", page.gap() == null ? null : of(page.gap()));
  }

  static Json of(OutputFeed.Gap gap) {
    return Json.object("from", gap.from().text(), "to", gap.to().text(), "why", "pruned");
  }

  static Json of(OutputRecord record) {
    var members = record.payload().json().members();
    members.put("turn_id", record.turn().value());
    members.put("attempt", record.attempt());
    members.put("seq", record.seq());
    members.put("at", Wire.at(record.at()));
    members.put("kind", record.payload().kind());
    return Json.of(members);
  }
}
