package dev.holdfast.http.turns;

import dev.holdfast.domain.JsonMembers;
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
    if (members != null) {
      if (!members.text("kind").equals("next_turn")) {
        throw members.wrong("kind");
      }
      members.end();
    }
    return new Ingress.NextTurn();
  }
}
