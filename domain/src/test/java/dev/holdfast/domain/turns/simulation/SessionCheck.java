package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.Execution;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
    Violation.unless(done.turn() != null, "an input is part of a turn", input);
    TurnModel turn = Objects.requireNonNull(turns.get(Objects.requireNonNull(done.turn())));
    long times = (turn.turn().inputs().contains(input.id()) ? 1 : 0)
        + turn.admissions().stream().filter(one -> one.inputs().contains(input.id())).count();
    Violation.unless(times == 1, "an input is in exactly one committed turn", input);
    Violation.unless(turn.turn().inputs().contains(input.id())
        || admitted.stream().anyMatch(one -> one.inputs().contains(input.id())), "an input is taken in once", input);
    Violation.unless(turn.turn().equals(state.turn(done.turn()).orElse(null)), "the stored turn", turn.turn());
  }

  /** Whether there is something that an executor could still do at {@code now}. */
  static boolean hasWork(SessionModel model, Instant now) {
    return model.session().openTurn() != null || (model.isRunning() && (model.inputs().stream()
        .anyMatch(input -> input.kind() == InputKind.USER && input.state() instanceof InputState.Deferred)
        || model.batches().stream()
            .anyMatch(batch -> !batch.state().isEnded() && !batch.availableAt().isAfter(now))));
  }

  /** What spec T-60 has for a holder, told before the call from what is known. */
  record Due(@Nullable TurnOutcome settled, @Nullable TurnId goesOn, @Nullable BatchId command,
      List<InputId> inputs, @Nullable BatchId wake) {
    private static final Due NOTHING = new Due(null, null, null, List.of(), null);

    /** @param live the generation whose claims count, 0 for none */
    static Due of(SessionModel model, long live, boolean builtin, boolean named, TurnLimits limits, Instant now) {
      boolean foreign = builtin && model.worker().execution() == Execution.EXTERNAL;
      Turn open = model.openTurn().orElse(null);
      if (open != null) {
        TurnOutcome settled = settled(open, live, limits, now);
        return settled == null && foreign ? NOTHING : new Due(settled, open.id(), null, List.of(), null);
      }
      BatchId held = heldCommand(model, live);
      if (held != null) {
        return new Due(null, null, held, List.of(), null);
      }
      return foreign || !model.isRunning() ? NOTHING : begun(model, live, named, limits.claimMax(), now);
    }

    private static @Nullable BatchId heldCommand(SessionModel model, long live) {
      return model.batches().stream().filter(batch -> batch.isCommand()
          && batch.state() instanceof BatchState.Claimed(Claim claim, _) && claim.generation() == live)
          .map(Batch::id).findFirst().orElse(null);
    }

    /** @param running whether the asking one runs the turn itself, and so will end it */
    Due onlySettled(boolean running) {
      return settled == null || running ? NOTHING : this;
    }

    private static @Nullable TurnOutcome settled(Turn open, long live, TurnLimits limits, Instant now) {
      int lost = 0;
      for (Attempt attempt : open.attempts()) {
        lost = attempt.commits() > 0 ? 0 : lost;
        boolean isLost = attempt.end() == null
            ? attempt.generation() != live
            : attempt.end().by() == Attempt.EndedBy.LOST;
        lost += isLost && attempt.commits() == 0 ? 1 : 0;
      }
      if (open.cancel() != null) {
        return new TurnOutcome.Cancelled();
      }
      if (!now.isBefore(open.deadlineAt())) {
        return new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED);
      }
      return lost >= limits.attemptsWithoutProgress() ? new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED) : null;
    }

    private static Due begun(SessionModel model, long live, boolean named, int max, Instant now) {
      List<Input> waiting =
          model.inputs().stream().filter(input -> input.state() instanceof InputState.Deferred).toList();
      boolean user = waiting.stream().anyMatch(input -> input.kind() == InputKind.USER);
      List<Batch> batches = model.batches();
      Batch head = batches.stream()
          .filter(batch -> batch.state().isFree(live) && !batch.availableAt().isAfter(now)).findFirst().orElse(null);
      if (head != null && head.isCommand()
          && (named || !user || head.enqueuedAt().isBefore(waiting.getFirst().enqueuedAt()))) {
        return new Due(null, null, head.id(), List.of(), null);
      }
      if (user) {
        // A user input is among them, if need be in the last place.
        List<InputId> first = waiting.stream().limit(max - 1L).map(Input::id).toList();
        return new Due(null, null, null, first.isEmpty() ? List.of(waiting.getFirst().id()) : first, null);
      }
      return head == null || head.isCommand() ? NOTHING : new Due(null, null, null, List.of(), head.id());
    }

    /** @param named whether batches were asked for by id, which may be the wrong ones */
    void check(NextWork given, boolean named) {
      boolean right = switch (given) {
        case NextWork.None _ -> equals(NOTHING) || (named && wake != null);
        case NextWork.Apply apply -> apply.batch().id().equals(command);
        case NextWork.Settle settle -> settle.turn().id().equals(goesOn) && settle.outcome().equals(settled);
        case NextWork.Run run -> settled == null && (goesOn != null
            ? run.turn().id().equals(goesOn)
            : !inputs.isEmpty()
                ? run.turn().inputs().containsAll(inputs)
                : wake != null && run.turn().start().batches().getFirst().equals(wake));
      };
      Violation.unless(right, "the next work by spec T-60", this, given);
    }
  }
}
