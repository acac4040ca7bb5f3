package dev.holdfast.domain.turns.cancels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.cancels.InputCancels.Result;
import dev.holdfast.domain.turns.cancels.InputCancels.Target;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.inputs.InputState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cancelling inputs, as spec turns §19 wants it of every backend. */
public abstract class InputCancelsAcceptance extends KernelSuite {

  private static Target target(Input input) {
    return new Target.ById(input.id());
  }

  private Rule<Result> cancelling(WorkerId worker, Target target, boolean cascade) {
    return state -> InputCancels.cancel(state, Sender.to(worker), target, cascade, now());
  }

  private List<Result> cancelAll(WorkerId worker, Target... targets) {
    return done(state -> InputCancels.cancelAll(state, Sender.to(worker), List.of(targets), now()));
  }

  private Rule<List<Result>> cancellingFrom(WorkerId worker, Target anchor) {
    return state -> InputCancels.cancelFrom(state, Sender.to(worker), anchor, now());
  }

  private long cancelEvents(WorkerId worker) {
    return read(state -> state.events(1, 1000, worker)).stream()
        .filter(event -> event.name() == EventName.WORKER_INPUT_CANCELLED).count();
  }

  private static List<String> kinds(List<Result> results) {
    return results.stream().map(result -> result.getClass().getSimpleName()).toList();
  }

  /** One input in every state that it can be in while a turn runs, in their order. */
  private record Everywhere(WorkerId worker, NextWork.Run run, List<Input> inputs) {}

  private Everywhere everywhere() {
    WorkerId worker = worker();
    List<Input> inputs = new ArrayList<>();
    inputs.add(send(worker, InputDraft.user("completed").withKey("first")));
    runTurn(worker, "an answer");
    inputs.add(send(worker, "cancelled"));
    done(cancelling(worker, target(inputs.getLast()), false));
    inputs.add(send(worker, "bound"));
    NextWork.Run run = take(worker, HERE);
    inputs.add(steer(worker, "accepted", Boundary.AFTER_WORK));
    atCheckpoint(run, Boundary.AFTER_WORK);
    inputs.add(steer(worker, "pending", Boundary.BEFORE_COMPLETION));
    inputs.add(send(worker, "deferred"));
    inputs.add(send(worker, system("deferred too")));
    return new Everywhere(worker, run, inputs);
  }

  @Test
  @DisplayName("T-A21 bulk cancel with duplicates and unknown: one result per target, in order, all at once")
  void bulk() {
    Everywhere all = everywhere();
    Target deferred = target(all.inputs().get(5));
    Target unknown = new Target.ById(new InputId(9999));
    Target byKey = new Target.BySourceKey("first");
    long events = cancelEvents(all.worker());

    List<Result> results = cancelAll(all.worker(), deferred, unknown, deferred, byKey, target(all.inputs().get(3)),
        target(all.inputs().get(4)));

    assertEquals(
        List.of("Cancelled", "NotFound", "AlreadyCancelled", "AlreadyCompleted", "AlreadyClaimed", "Cancelled"),
        kinds(results));
    assertEquals(new Result.NotFound(unknown), results.get(1));
    nowAndAfterReopen(() -> {
      assertEquals(List.of("completed", "cancelled", "deferred_next_turn", "accepted", "cancelled", "cancelled",
          "deferred_next_turn"), states(all));
      assertEquals(1, read(state -> state.workQueue(all.worker())).pendingInputs());
      assertEquals(events + 2, cancelEvents(all.worker()));
    });
    assertEquals(List.of("AlreadyCancelled", "AlreadyCancelled"),
        kinds(cancelAll(all.worker(), deferred, deferred)), "and again");
    refused(Reason.INVALID_REQUEST,
        state -> InputCancels.cancelAll(state, Sender.to(all.worker()), List.of(), now()));
    Target[] foreign = {deferred};
    assertEquals(List.of("NotFound"), kinds(cancelAll(worker(), foreign)), "another session's");
  }

  private List<String> states(Everywhere all) {
    return all.inputs().stream().map(input -> present(input).state().text()).toList();
  }

  @Test
  @DisplayName("T-A21 (suffix) the anchor and all later inputs, across their states; unknown anchor")
  void suffix() {
    Everywhere all = everywhere();
    refused(Reason.ANCHOR_NOT_FOUND, cancellingFrom(all.worker(), new Target.ById(new InputId(9999))));
    refused(Reason.ANCHOR_NOT_FOUND, cancellingFrom(all.worker(), new Target.BySourceKey("unknown")));
    WorkerId other = worker();
    refused(Reason.ANCHOR_NOT_FOUND, cancellingFrom(other, target(all.inputs().getFirst())));

    List<Result> tail = done(cancellingFrom(all.worker(), target(all.inputs().get(5))));
    assertEquals(List.of("Cancelled", "Cancelled"), kinds(tail));
    List<Result> results = done(cancellingFrom(all.worker(), new Target.BySourceKey("first")));

    assertEquals(List.of("AlreadyCompleted", "AlreadyCancelled", "AlreadyClaimed", "AlreadyClaimed", "Cancelled",
        "AlreadyCancelled", "AlreadyCancelled"), kinds(results));
    nowAndAfterReopen(() -> {
      assertEquals(List.of("completed", "cancelled", "deferred_next_turn", "accepted", "cancelled", "cancelled",
          "cancelled"), states(all));
      assertEquals(0, read(state -> state.workQueue(all.worker())).pendingInputs());
      assertEquals(List.of(), read(state -> state.pendingInputs(all.worker(), 10)));
    });
  }

  @Test
  @DisplayName("a single cancel says what stands against it (T-47)")
  void single() {
    Everywhere all = everywhere();
    Input bound = all.inputs().get(2);

    nowAndAfterReopen(() -> {
      Outcome.Refused<Result> claimed =
          refused(Reason.ALREADY_CLAIMED, cancelling(all.worker(), target(bound), false));
      assertEquals(Map.of("state", "deferred_next_turn", "claim_id", all.run().claim().id(), "generation",
          all.run().lease().generation(), "owner_id", HERE.id(), "turn_id", all.run().turn().id().value()),
          claimed.facts());
      refused(Reason.ALREADY_COMPLETED, cancelling(all.worker(), new Target.BySourceKey("first"), false));
      refused(Reason.INPUT_NOT_FOUND, cancelling(all.worker(), new Target.BySourceKey("unknown"), false));
      assertInstanceOf(Result.AlreadyCancelled.class,
          done(cancelling(all.worker(), target(all.inputs().get(1)), true)));
    });
  }

  @Test
  @DisplayName("T-A41 cascade cancel of a claimed input cancels its turn atomically")
  void cascade() {
    for (int claimed : List.of(2, 3)) {
      Everywhere all = everywhere();
      Input input = all.inputs().get(claimed);
      Turn turn = all.run().turn();
      long before = read(state -> state.lastEventId());

      assertEquals(new Result.TurnAsked(present(input), turn.id()),
          done(cancelling(all.worker(), target(input), true)));

      nowAndAfterReopen(() -> {
        assertTrue(present(turn).isCancelRequested());
        assertEquals(before + 1, (long) read(state -> state.lastEventId()), "one unit of work, one event");
        assertEquals(EventName.TURN_CANCEL_REQUESTED,
            read(state -> state.events(before + 1, 10, all.worker())).getFirst().name());
        assertTrue(present(input).state().claim() != null, "the input stays its turn's until that ends");
      });
      done(cancelling(all.worker(), target(input), true));
      assertEquals(before + 1, (long) read(state -> state.lastEventId()), "asked once");
      refused(Reason.CANCEL_WON, committing(completing(all.run(), "an answer")));
      settle(all);
      nowAndAfterReopen(() -> {
        assertEquals("completed", present(all.inputs().get(2)).state().text());
        refused(Reason.ALREADY_COMPLETED, cancelling(all.worker(), target(all.inputs().get(2)), true));
        assertEquals("cancelled", ((Turn.State.Ended) present(turn).state()).outcome().text());
      });
    }
  }

  /** The holder asks for its work, and is told to end the turn. */
  private Stamp.Result settle(Everywhere all) {
    NextWork.Settle settle =
        assertInstanceOf(NextWork.Settle.class, done(next(all.run().lease().fence(), null)));
    return done(committing(settle.commit(read(state -> state.session(all.worker())).checkpoint())));
  }

  @Test
  @DisplayName("T-A41 (others) cascade cancels an input that waits by itself, and asks no turn for it")
  void cascadeOfWaiting() {
    Everywhere all = everywhere();
    for (Input input : all.inputs().subList(4, 7)) {
      assertInstanceOf(Result.Cancelled.class, done(cancelling(all.worker(), target(input), true)));
    }
    nowAndAfterReopen(() -> {
      assertTrue(!present(all.run().turn()).isCancelRequested());
      assertEquals(List.of(new InputState.Cancelled(), new InputState.Cancelled(), new InputState.Cancelled()),
          Arrays.asList(4, 5, 6).stream().map(i -> present(all.inputs().get(i)).state()).toList());
    });
  }
}
