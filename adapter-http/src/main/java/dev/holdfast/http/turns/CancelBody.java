package dev.holdfast.http.turns;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.turns.cancels.InputCancels;
import dev.holdfast.domain.turns.cancels.InputCancels.Result;
import dev.holdfast.domain.turns.cancels.InputCancels.Target;
import dev.holdfast.domain.turns.inputs.Input;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which inputs to cancel, and what became of them (spec T-47, T-48).
 *
 * @param from the anchor, whose later inputs are meant as well; null where the targets are named
 */
record CancelBody(@Nullable Target from, List<Target> targets) {

  static CancelBody read(JsonMembers members) {
    String from = members.optionalText("from_input_id");
    List<Target> targets = members.objects("targets", CancelBody::target);
    if (from != null) {
      if (!targets.isEmpty()) {
        throw members.wrong("from_input_id");
      }
      return new CancelBody(
          new Target.ById(members.checked("from_input_id", () -> InputId.parse(from))), List.of());
    }
    if (targets.isEmpty() || targets.size() > InputCancels.MAX_TARGETS) {
      throw members.wrong("targets");
    }
    return new CancelBody(null, targets);
  }

  private static Target target(JsonMembers members) {
    String id = members.optionalText("input_id");
    String key = members.optionalText("source_key");
    if ((id == null) == (key == null)) {
      throw members.wrong("input_id");
    }
    return key != null
        ? new Target.BySourceKey(key)
        : new Target.ById(members.checked("input_id", () -> InputId.parse(String.valueOf(id))));
  }

  /** The answer to a cancel of one input, which was not refused. */
  static Json single(Result result, boolean content) {
    return switch (result) {
      case Result.Cancelled cancelled ->
        Json.object("outcome", "cancelled", "input", TurnJson.of(cancelled.input(), content));
      case Result.AlreadyCancelled already ->
        Json.object("outcome", "already_cancelled", "input", TurnJson.of(already.input(), content));
      case Result.TurnAsked asked -> Json.object("outcome", "turn_cancel_requested", "input",
          TurnJson.of(asked.input(), content), "turn_id", asked.turn().value());
      case Result.AlreadyCompleted _,Result.AlreadyClaimed _,Result.NotFound _ ->
        throw new IllegalStateException("such a cancel is refused");
    };
  }

  /** The results in the targets' order, or of the anchor and what comes behind it. */
  Json results(List<Result> results) {
    List<Json> shown = new ArrayList<>();
    for (Result result : results) {
      shown.add(of(from == null ? targets.get(shown.size()).text() : null, result));
    }
    return Json.object("results", shown);
  }

  private static Json of(@Nullable String target, Result result) {
    return switch (result) {
      case Result.Cancelled cancelled -> of(target, "cancelled", cancelled.input());
      case Result.AlreadyCancelled already -> of(target, "already_cancelled", already.input());
      case Result.AlreadyCompleted completed -> of(target, "already_completed", completed.input());
      case Result.AlreadyClaimed claimed -> of(target, "already_claimed", claimed.input());
      case Result.TurnAsked asked -> of(target, "turn_cancel_requested", asked.input());
      case Result.NotFound unknown -> Json.object("target", unknown.target().text(), "outcome", "not_found");
    };
  }

  private static Json of(@Nullable String target, String outcome, Input input) {
    return Json.object("target", target == null ? input.id().value() : target, "outcome", outcome, "input_id",
        input.id().value(), "turn_id",
        input.turn() == null ? null : input.turn().value());
  }
}
