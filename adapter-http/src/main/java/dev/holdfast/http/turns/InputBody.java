package dev.holdfast.http.turns;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import org.jspecify.annotations.Nullable;

/** An input as it is sent. */
final class InputBody {
  private InputBody() {}

  static InputDraft read(JsonMembers members, @Nullable String sourceKey) {
    return new InputDraft(members.constant("kind", InputKind.class, InputKind.USER), members.text("content"),
        members.optionalJsonObject("options"), ingress(members.optionalObject("ingress")), sourceKey);
  }

  private static Ingress ingress(@Nullable JsonMembers members) {
    if (members == null) {
      return new Ingress.NextTurn();
    }
    Ingress ingress = switch (members.text("kind")) {
      case "next_turn" -> new Ingress.NextTurn();
      case "active_turn" -> new Ingress.ActiveTurn(CommitBody.turn(members, "turn_id"),
          members.constant("min_boundary", Boundary.class, Boundary.AFTER_WORK));
      default -> throw members.wrong("kind");
    };
    members.end();
    return ingress;
  }
}
