package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.WorkQueue;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The invariants of one session between two units of work, on what is known and on what is stored. */
record SessionCheck(SessionModel model, Map<InputId, Input> inputs, Map<BatchId, Batch> batches,
    Map<TurnId, TurnModel> turns) {

  void run(State state, List<Input> completed, List<Admission> admitted) {
    Violation.unless(state.lease(model.id).equals(model.lease()), "the stored lease", state.lease(model.id));
    Violation.unless(state.session(model.id).equals(model.session()), "the stored session", state.session(model.id));
    int pending = 0;
    for (Input input : inputs.values()) {
      check(state, input);
      pending += input.state().isPending() ? 1 : 0;
    }
    int queued = 0;
    for (Batch batch : batches.values()) {
      check(state, batch);
      queued += batch.state().isEnded() ? 0 : 1;
    }
    WorkQueue queue = state.workQueue(model.id);
    Violation.unless(queue.pendingInputs() == pending && queue.queuedWork() == queued,
        "the counts are of what is there", queue, List.of(pending, queued));
    int open = 0;
    for (TurnModel turn : turns.values()) {
      turn.check();
      open += turn.turn().isOpen() ? 1 : 0;
    }
    Violation.unless(open == (model.session().openTurn() == null ? 0 : 1), "at most one turn is open",
        model.session());
    model.openTurn().ifPresent(turn -> checkOpen(state, turn));
    completed.forEach(input -> checkCompleted(state, input, admitted));
  }

  private void check(State state, Input input) {
    Violation.unless(input.equals(state.input(input.id()).orElse(null)), "the stored input",
        input, state.input(input.id()));
    Claim claim = input.state().claim();
    boolean bound = input.state() instanceof InputState.Bound;
    Violation.unless(claim == null || bound || claim.generation() == model.lease().generation(),
        "inputs claimed under an older generation wait again", input);
    boolean ofOpen = input.state() instanceof InputState.Pending || input.state() instanceof InputState.Accepted;
    Violation.unless(!ofOpen || Objects.equals(input.turn(), model.session().openTurn()),
        "an input waits for the open turn or for the next", input);
    Violation.unless(!bound || isStart(input), "a bound input is in the open turn's start", input);
  }

  private boolean isStart(Input input) {
    return model.openTurn().filter(turn -> turn.id().equals(input.turn()) && turn.inputs().contains(input.id()))
        .isPresent();
  }

  private void check(State state, Batch batch) {
    Violation.unless(batch.equals(state.batch(batch.id()).orElse(null)), "the stored batch",
        batch, state.batch(batch.id()));
    Violation.unless(
        !(batch.state() instanceof BatchState.Bound) || model.openTurn()
            .filter(turn -> turn.id().equals(batch.turn()) && turn.start().batches().contains(batch.id())).isPresent(),
        "a bound batch is in the open turn's start", batch);
  }

  private void checkOpen(State state, Turn turn) {
    Violation.unless(turn.equals(state.turn(turn.id()).orElse(null)), "the stored turn",
        turn, state.turn(turn.id()));
    Violation.unless(!turn.lastAttempt().isLive() || turn.lastAttempt().generation() == model.lease().generation(),
        "an attempt ends with its generation", turn);
    turn.inputs().forEach(input -> Violation.unless(
        Objects.requireNonNull(inputs.get(input)).state() instanceof InputState.Bound(TurnId to, _)
            && to.equals(turn.id()),
        "an open turn's start is bound to it", inputs.get(input)));
    turn.start().batches().forEach(batch -> Violation.unless(
        Objects.requireNonNull(batches.get(batch)).state() instanceof BatchState.Bound(TurnId to, _)
            && to.equals(turn.id()),
        "an open turn's start is bound to it", batches.get(batch)));
  }

  /** An input is part of exactly one commit: at the end of the turn that it started, or where it was taken in. */
  private void checkCompleted(State state, Input input, List<Admission> admitted) {
    var done = (InputState.Completed) input.state();
    Violation.unless(done.revision() == model.session().headRevision(), "an input names its commit", input);
    if (done.turn() == null) {
      return;
    }
    TurnModel turn = Objects.requireNonNull(turns.get(done.turn()));
    long times = (turn.turn().inputs().contains(input.id()) ? 1 : 0)
        + turn.admissions().stream().filter(one -> one.inputs().contains(input.id())).count();
    Violation.unless(times == 1, "an input is in exactly one committed turn", input);
    Violation.unless(turn.turn().inputs().contains(input.id())
        || admitted.stream().anyMatch(one -> one.inputs().contains(input.id())), "an input is taken in once", input);
    Violation.unless(turn.turn().equals(state.turn(done.turn()).orElse(null)), "the stored turn", turn.turn());
  }
}
