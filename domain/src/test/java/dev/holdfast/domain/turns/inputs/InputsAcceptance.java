package dev.holdfast.domain.turns.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.LifecycleRules.Ending;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Inputs and repeated calls, as spec workers §14 and turns §19 want them of every backend. */
public abstract class InputsAcceptance extends StoreSuite {
  private static final WorkerRules.Caller CALLER = new WorkerRules.Caller(SUBJECT, null, "create-1");

  private Rule<InputAck> sending(WorkerId worker, InputDraft draft) {
    return state -> InputRules.accept(state, Sender.to(worker), draft, LIMITS, now());
  }

  private Rule<Worker> creating(CreateWorker request) {
    return state -> WorkerRules.create(state, request, CALLER, LIMITS, now());
  }

  /** Expects the original in its present state, and that nothing changes. */
  private <T> T replayed(Rule<T> rule) {
    String before = read(StateText::of);
    Outcome<T> outcome = write(rule);
    assertInstanceOf(Outcome.Replayed.class, outcome);
    assertEquals(before, read(StateText::of));
    return outcome.orThrow();
  }

  @Test
  @DisplayName("W-A23 idempotency: create and input repeated, also after restart and after the input was completed or"
      + " cancelled; changed payload conflicts")
  void idempotency() {
    openRuntime();
    CreateWorker request = CreateWorker.of(new WorkerIntent.Task("sum up"));
    Worker made = done(creating(request));
    var draft = InputDraft.user("hello").withKey("input-1");
    Input input = done(sending(made.id(), draft)).input();

    nowAndAfterReopen(() -> {
      assertEquals(made.id(), replayed(creating(request)).id());
      assertEquals(input, replayed(sending(made.id(), draft)).input());
      assertConflicts(made, input);
    });

    runTurn(made.id(), "an answer");
    var later = InputDraft.user("later").withKey("input-2");
    Input cancelled = done(sending(made.id(), later)).input();
    end(made.id(), Ending.STOP);
    done(state -> LifecycleRules.stopRuntime(state, null, null, now()));

    nowAndAfterReopen(() -> {
      assertEquals(made.id(), replayed(creating(request)).id());
      assertEquals("completed", replayed(sending(made.id(), draft)).input().state().text());
      InputAck ack = replayed(sending(made.id(), later));
      assertEquals(cancelled.id(), ack.input().id());
      assertEquals("cancelled", ack.input().state().text());
      assertEquals("stopped", ack.workerStatus().text());
      assertConflicts(made, input);
    });
  }

  private void assertConflicts(Worker made, Input input) {
    Outcome.Refused<Worker> create = refused(
        Reason.IDEMPOTENCY_CONFLICT, creating(CreateWorker.of(new WorkerIntent.Task("sum up again"))));
    assertEquals(made.id().value(), create.facts().get("existing_worker_id"));
    Outcome.Refused<InputAck> send = refused(
        Reason.SOURCE_KEY_CONFLICT, sending(made.id(), InputDraft.user("other").withKey("input-1")));
    assertEquals(input.id().value(), send.facts().get("existing_input_id"));
  }

  @Test
  @DisplayName("the record of a create counts for seven days, and for its subject alone")
  void createIsForgotten() {
    openRuntime();
    CreateWorker request = CreateWorker.of(new WorkerIntent.Assistant(null));
    Worker first = done(creating(request));
    var other = new WorkerRules.Caller("other", null, "create-1");
    Worker foreign = done(state -> WorkerRules.create(state, request, other, LIMITS, now()));
    pass(Remembered.RETENTION.minusMillis(1));
    assertEquals(first.id(), replayed(creating(request)).id());

    pass(Remembered.RETENTION);
    Worker second = done(creating(request));
    assertEquals(List.of(1L, 2L, 3L),
        List.of(first.id().number(), foreign.id().number(), second.id().number()));
    assertEquals(second.id(), replayed(creating(request)).id());
  }

  @Test
  @DisplayName("T-A6 source-key replay keeps id and text; changed content conflicts")
  void sourceKey() {
    WorkerId worker = worker();
    var options = Json.parse("{\"max_output_tokens\":5}");
    var draft = new InputDraft(InputKind.USER, "the text", options, new Ingress.NextTurn(), "k");
    Input original = done(sending(worker, draft)).input();

    nowAndAfterReopen(() -> {
      Input again = replayed(sending(worker, draft)).input();
      assertEquals(original.id(), again.id());
      assertEquals("the text", again.content());
      for (InputDraft changed : List.of(
          new InputDraft(InputKind.USER, "the text!", options, new Ingress.NextTurn(), "k"),
          new InputDraft(InputKind.SYSTEM, "the text", options, new Ingress.NextTurn(), "k"),
          new InputDraft(InputKind.USER, "the text", null, new Ingress.NextTurn(), "k"),
          new InputDraft(InputKind.USER, "the text", Json.parse("{\"max_output_tokens\":6}"), new Ingress.NextTurn(),
              "k"))) {
        Outcome.Refused<InputAck> refused = refused(Reason.SOURCE_KEY_CONFLICT, sending(worker, changed));
        assertEquals(original.id().value(), refused.facts().get("existing_input_id"));
      }
    });
    // Another session may use the key for something else.
    Input elsewhere = done(sending(worker(), InputDraft.user("other").withKey("k"))).input();
    assertEquals("other", elsewhere.content());
  }

  @Test
  @DisplayName("W-A32 input limit reached: refused as over capacity (429); after a turn consumed inputs accepted again")
  void inputLimit() {
    WorkerId worker = worker();
    var limits = new WorkerLimits(10, 100, 3, 10, 10);
    Rule<InputAck> sending =
        state -> InputRules.accept(state, Sender.to(worker), InputDraft.user("hello"), limits, now());
    done(sending);
    done(sending);
    done(sending);

    nowAndAfterReopen(() -> {
      Outcome.Refused<InputAck> refused = refused(Reason.INPUT_LIMIT_REACHED, sending);
      assertEquals(3, refused.facts().get("max"));
      assertEquals(Reason.Kind.OVER_CAPACITY, refused.reason().kind());
    });
    NextWork.Run run = take(worker, HERE);
    assertEquals(3, run.inputs().size());
    done(committing(completing(run, "an answer")));
    done(sending);
    nowAndAfterReopen(() -> assertEquals(1, read(state -> state.workQueue(worker)).pendingInputs()));
  }

  @Test
  @DisplayName("T-A38 (inputs) system-only inputs start no turn; they go with the next user input, in their order")
  void systemInputsWait() {
    WorkerId worker = worker();
    Input first = send(worker, system("one"));
    Input second = send(worker, system("two"));

    nowAndAfterReopen(() -> {
      String before = read(StateText::of);
      assertInstanceOf(NextWork.None.class, done(taking(worker, HERE)));
      assertEquals(before, read(StateText::of), "looking acquires nothing");
      assertEquals(List.of(), read(state -> state.workableSessions(Workable.BUILTIN, now(), 0, 10)));
    });
    Input user = send(worker, "three");
    assertEquals(List.of(first.id(), second.id(), user.id()), take(worker, HERE).turn().inputs());
  }
}
