package dev.holdfast.domain.turns.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.turns.cancels.InputCancels;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputAck;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueRules;
import dev.holdfast.domain.workers.WorkerLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** What arrives in a scenario's session, by its aliases. */
final class Arrivals {
  private final Stage stage;
  private final WorkerId session;
  private final Supplier<TurnId> activeTurn;
  private final Map<String, Input> inputs = new HashMap<>();

  Arrivals(Stage stage, WorkerId session, Supplier<TurnId> activeTurn) {
    this.stage = stage;
    this.session = session;
    this.activeTurn = activeTurn;
  }

  void arrive(Phase.Item item) {
    switch (item) {
      case Phase.Item.Command(String alias) ->
        enqueue(alias, new Payload.Command(Payload.Command.Kind.REFRESH_TOOL_CATALOG, null));
      case Phase.Item.Wake(String alias, String text) -> enqueue(alias, Payload.Wake.of(alias, 1, text));
      case Phase.Item.NextTurnInput(String alias, String text) ->
        inputs.put(alias, send(session, alias, text, new Ingress.NextTurn()));
      case Phase.Item.ActiveInput(String alias, String text) ->
        inputs.put(alias, send(session, alias, text,
            new Ingress.ActiveTurn(activeTurn.get(), Boundary.AFTER_WORK)));
      case Phase.Item.Replay(String alias) -> replay(known(alias));
      case Phase.Item.Conflict(String alias, String text) -> conflict(known(alias), text);
      case Phase.Item.Cancel(String alias) -> cancel(alias);
    }
  }

  private void enqueue(String alias, Payload payload) {
    var draft = new BatchDraft(List.of(payload), null, null, alias);
    stage.done(state -> QueueRules.enqueue(state, Sender.to(session), draft, WorkerLimits.DEFAULT, stage.now()));
  }

  private Rule<InputAck> sending(WorkerId to, String key, String text, Ingress ingress) {
    var draft = new InputDraft(InputKind.USER, text, null, ingress, key);
    return state -> InputRules.accept(state, Sender.to(to), draft, WorkerLimits.DEFAULT, stage.now());
  }

  Input send(WorkerId to, String key, String text, Ingress ingress) {
    return stage.done(sending(to, key, text, ingress)).input();
  }

  private void replay(Input original) {
    Outcome<InputAck> again =
        stage.write(sending(session, key(original), original.content(), original.submittedIngress()));
    assertInstanceOf(Outcome.Replayed.class, again);
    assertEquals(original.id(), again.orThrow().input().id());
    assertEquals(original.content(), again.orThrow().input().content());
  }

  private void conflict(Input original, String text) {
    Outcome.Refused<InputAck> refused =
        stage.refused(Reason.SOURCE_KEY_CONFLICT, sending(session, key(original), text, original.submittedIngress()));
    assertEquals(original.id().value(), refused.facts().get("existing_input_id"));
  }

  void cancel(String alias) {
    var target = new InputCancels.Target.BySourceKey(key(known(alias)));
    InputCancels.Result result =
        stage.done(state -> InputCancels.cancel(state, Sender.to(session), target, false, stage.now()));
    assertEquals(known(alias).id(), assertInstanceOf(InputCancels.Result.Cancelled.class, result).input().id());
  }

  static String key(Input input) {
    return Objects.requireNonNull(input.sourceKey());
  }

  Input known(String alias) {
    return Objects.requireNonNull(inputs.get(alias), "no input " + alias);
  }
}
