package dev.holdfast.application.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ModelSink;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TurnProfileTest {
  private static final Profiles PROFILES = Profiles.read(Json.parse("""
      {"default": {"instructions": "Be brief."},
       "reviewer": {"instructions": "Review.", "model": "scripted", "options": {"seed": 1, "stop": "x"}}}"""));

  private final FakeNode node = new FakeNode();
  private final List<TurnExecutor> executors = new ArrayList<>();

  private TurnExecutor start(ModelGateway gateway, Profiles profiles) {
    TurnExecutor executor = node.start(gateway, FakeNode.settings(), profiles);
    executors.add(executor);
    return executor;
  }

  @AfterEach
  void stopExecutors() {
    executors.forEach(TurnExecutor::close);
  }

  private static ModelEnd answer(ModelSink sink, String text) {
    sink.delta(false, text);
    return new ModelEnd.Finished(new ModelEnd.Tokens(3, 2));
  }

  @Test
  @DisplayName("W-13 a profile's instructions lead the context, its options lie under the input's, and neither is stored")
  void profile() {
    var calls = new CopyOnWriteArrayList<ModelCall>();
    TurnExecutor executor = start((call, sink) -> {
      calls.add(call);
      return answer(sink, "ok");
    }, PROFILES);

    WorkerId worker = node.worker(new ProfileSelector.Named("reviewer"), null, Execution.BUILTIN);
    node.send(executor, worker, new InputDraft(
        InputKind.USER, "this", Json.parse("{\"seed\":2}"), new Ingress.NextTurn(), null));
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(List.of(new ModelCall.Message("system", "Review."), new ModelCall.Message("user", "this")),
        calls.getFirst().messages());
    assertEquals(Json.parse("{\"seed\":2,\"stop\":\"x\"}"), calls.getFirst().options());
    assertEquals(List.of("this", "ok"), node.transcript(worker).stream().map(TranscriptEntry::content).toList());
  }

  @Test
  @DisplayName("W-13 the model of a turn is the worker's, else its profile's, else the node's default")
  void modelOfATurn() {
    var models = new CopyOnWriteArrayList<String>();
    node.models.add(node.called(), new Models.Wanted(Offer.of("big", "b", Offer.Visibility.SHARED),
        "http://127.0.0.1:9/v1", null, false, "default"), null).orThrow();
    node.models.makeDefault(node.called(), "scripted", null).orThrow();
    TurnExecutor executor = start((call, sink) -> {
      models.add(call.model());
      return answer(sink, "ok");
    }, Profiles.read(Json.parse("{\"p\":{\"model\":\"big\"},\"q\":{}}")));

    for (WorkerId worker : List.of(node.worker(new ProfileSelector.Named("p"), "scripted", Execution.BUILTIN),
        node.worker(new ProfileSelector.Named("p"), null, Execution.BUILTIN),
        node.worker(new ProfileSelector.Named("q"), null, Execution.BUILTIN))) {
      node.send(executor, worker, "go");
      await().until(() -> node.hasEnded(worker, 1));
    }
    assertEquals(List.of("scripted", "big", "scripted"), models);
  }

  @Test
  @DisplayName("W-13 an attempt after a restart uses the configuration of that start as a whole, and nothing of the one before")
  void profileAfterRestart() {
    var calls = new CopyOnWriteArrayList<ModelCall>();
    TurnExecutor before = start((call, sink) -> {
      calls.add(call);
      sink.delta(false, "begun under the old one");
      new CountDownLatch(1).await();
      return answer(sink, "never");
    }, PROFILES);
    WorkerId worker = node.worker(new ProfileSelector.Named("reviewer"), null, Execution.BUILTIN);
    node.send(before, worker, "go");
    await().until(() -> !node.turns(worker).isEmpty() && node.output(worker).size() == 2);
    before.close();
    start((call, sink) -> {
      calls.add(call);
      return answer(sink, "new");
    }, Profiles.read(Json.parse("{\"reviewer\":{\"options\":{\"seed\":9}}}")));
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(List.of("Review.", "go"), contents(calls.getFirst()));
    assertEquals(List.of("go"), contents(calls.getLast()));
    assertEquals(Json.parse("{\"seed\":9}"), calls.getLast().options());
    assertEquals("new", node.transcript(worker).getLast().content());
  }

  private static List<String> contents(ModelCall call) {
    return call.messages().stream().map(ModelCall.Message::content).toList();
  }
}
