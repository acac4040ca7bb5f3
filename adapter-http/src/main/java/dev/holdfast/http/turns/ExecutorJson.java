package dev.holdfast.http.turns;

import dev.holdfast.application.turns.ExecutorLeases;
import dev.holdfast.application.turns.ExecutorTurns;
import dev.holdfast.application.turns.ExecutorWork;
import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.ContextItem;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.http.Wire;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The answers of the executor protocol (spec turns §11). Only they show tokens, and only to whoever they were made for. */
final class ExecutorJson {
  private ExecutorJson() {}

  static Json of(ExecutorLeases.HeldSession held) {
    Lease.Held lease = held.lease();
    return Json.object(
        "session_id", lease.session().value(),
        "fence", of(lease.fence()),
        "claimed_at", Wire.at(lease.claimedAt()),
        "expires_at", Wire.at(lease.expiresAt()),
        "ttl_ms", lease.ttl().toMillis(),
        "open_turn_id", held.openTurn() == null ? null : held.openTurn().value(),
        "cancel", cancel(held.cancel()));
  }

  private static Json of(Fence fence) {
    return Json.object("session_id", fence.session().value(), "owner_id", fence.owner().id(),
        "incarnation_id", fence.owner().incarnation(), "lease_token", fence.token(), "generation", fence.generation());
  }

  /** What a holder is told of a request to cancel its turn. */
  private static @Nullable Json cancel(@Nullable Cancel cancel) {
    return cancel == null ? null : Json.object("requested_at", Wire.at(cancel.requestedAt()));
  }

  static Json of(NextWork work) {
    return switch (work) {
      case NextWork.None() -> Json.object("kind", "none");
      case NextWork.Apply(_, Claim claim, Batch batch) -> Json.object("kind", "command",
          "claim", of(claim, Stream.of(batch.id().value())), "batch", QueueJson.of(batch, true));
      case NextWork.Run run -> Json.object("kind", "turn",
          "turn", TurnJson.of(run.turn()),
          "attempt", TurnJson.of(run.turn(), run.turn().lastAttempt()),
          "claim", ofStart(run.claim(), run.turn().start().inputs(), run.turn().start().batches()),
          "inputs", run.inputs().stream().map(input -> TurnJson.of(input, true)).toList(),
          "wakes", run.batches().stream().map(batch -> QueueJson.of(batch, true)).toList(),
          "cancel", cancel(run.turn().cancel()));
      case NextWork.Settle settle -> settle(settle);
    };
  }

  private static Json settle(NextWork.Settle settle) {
    Reason reason = settle.outcome().reason();
    return Json.object("kind", "settle",
        "turn_id", settle.turn().id().value(),
        "attempt", settle.turn().lastAttempt().number(),
        "claim", ofStart(settle.claim(), settle.turn().start().inputs(), settle.turn().start().batches()),
        "outcome", settle.outcome().text(),
        "outcome_reason", reason == null ? null : reason.code(),
        "cancel", cancel(settle.turn().cancel()));
  }

  private static Json ofStart(Claim claim, List<InputId> inputs, List<BatchId> batches) {
    return of(claim, Stream.concat(inputs.stream().map(InputId::value), batches.stream().map(BatchId::value)));
  }

  private static Json of(Claim claim, Stream<String> ids) {
    return Json.object("claim_id", claim.id(), "claim_token", claim.token(), "ids", ids.toList());
  }

  static Json of(ClaimRules.AtCheckpoint claimed) {
    ClaimRules.Claimed<Input> inputs = claimed.inputs();
    ClaimRules.Claimed<Batch> batches = claimed.batches();
    return Json.object(
        "inputs", inputs == null
            ? null
            : Json.object("claim", of(inputs.claim(), inputs.items().stream().map(input -> input.id().value())),
                "items", inputs.items().stream().map(input -> TurnJson.of(input, true)).toList()),
        "wakes", batches == null
            ? null
            : Json.object("claim", of(batches.claim(), batches.items().stream().map(batch -> batch.id().value())),
                "items", batches.items().stream().map(batch -> QueueJson.of(batch, true)).toList()),
        "cancel", cancel(claimed.cancel()));
  }

  static Json of(ExecutorTurns.Committed committed, boolean replayed) {
    Stamp.Result result = committed.result();
    return Json.object(
        "head_revision", result.headRevision(),
        "checkpoint", result.checkpoint().json(),
        "event_id", result.eventId(),
        "transcript_sequences", result.transcriptSequences(),
        "last_output_seq", result.lastOutputSeq(),
        "replayed", replayed,
        "cancel", cancel(committed.cancel()));
  }

  static Json of(AppendRules.Appended appended) {
    return Json.object("last_seq", appended.lastSeq(), "cancel", cancel(appended.cancel()));
  }

  static Json context(List<ContextItem> items) {
    return Json.object("items", items.stream()
        .map(item -> Json.object("role", item.role().text(), "content", item.content())).toList());
  }

  static Json work(List<ExecutorWork.Hint> hints) {
    return Json.object("items", hints.stream()
        .map(hint -> Json.object("session_id", hint.session().value(), "why", hint.why().text())).toList());
  }
}
