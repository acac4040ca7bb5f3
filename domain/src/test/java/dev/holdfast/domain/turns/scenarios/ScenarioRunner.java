package dev.holdfast.domain.turns.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.ClaimRules.Claimed;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.commits.TurnCommit.Subject;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Runs a scenario against a store, every step of it through the real rules. */
final class ScenarioRunner {
  private static final int MAX = 10;

  private final Stage stage;
  private final Runnable behindEachPhase;
  private final Scenario scenario;
  private final WorkerId session;
  private final WorkerId bystander;
  private final Holding holding;
  private final Arrivals arrivals;
  private final List<Completion> heldCommands = new ArrayList<>();
  private final List<Completion> heldWork = new ArrayList<>();
  private int checkpoints;

  /**
   * @param behindEachPhase may close the store and open it again
   * @param bystander another session, which nothing may touch
   */
  ScenarioRunner(Stage stage, Runnable behindEachPhase, Scenario scenario, WorkerId session, WorkerId bystander) {
    this.stage = stage;
    this.behindEachPhase = behindEachPhase;
    this.scenario = scenario;
    this.session = session;
    this.bystander = bystander;
    this.holding = new Holding(stage, session, scenario.ownerId());
    this.arrivals = new Arrivals(stage, session, () -> activeTurn().turn().id());
  }

  void run() {
    Input untouched = new Arrivals(stage, bystander, () -> activeTurn().turn().id())
        .send(bystander, "elsewhere", "nobody takes it", new Ingress.NextTurn());
    for (int i = 0; i < scenario.phases().size(); i++) {
      try {
        run(scenario.phases().get(i));
      } catch (AssertionError | IllegalStateException | NullPointerException e) {
        throw new AssertionError(scenario.name() + ", phase " + i + ": " + e.getMessage(), e);
      }
      behindEachPhase.run();
    }
    assertEquals(List.of(untouched), stage.read(state -> state.pendingInputs(bystander, MAX)));
    assertEquals(new Lease.Free(bystander, 0), stage.read(state -> state.lease(bystander)));
  }

  private void run(Phase phase) {
    switch (phase) {
      case Phase.Ingress ingress -> arrive(ingress);
      case Phase.LeadingCommandClaim claim -> claimCommand(claim);
      case Phase.Checkpoint checkpoint -> checkpoint(checkpoint);
      case Phase.TurnWorkClaim claim -> claimTurnWork(claim);
      case Phase.NextTurnInputClaim claim -> claimInputs(claim);
      case Phase.ReclaimDeadHolder _ -> holding.reclaim();
      case Phase.StaleQueueCompletion _ -> completeStale();
      case Phase.CommitAfterRelease _ -> commitAfterRelease();
      case Phase.Commit commit -> commit(commit);
    }
  }

  private void arrive(Phase.Ingress ingress) {
    ingress.items().forEach(arrivals::arrive);
    assertEquals(ingress.classes(), waitingBatches().stream().map(Batch::workClass).toList());
  }

  private void claimCommand(Phase.LeadingCommandClaim claim) {
    if (claim.idle() != Phase.IdleTry.NONE) {
      Optional<Claimed<Batch>> tried =
          claim(by -> state -> ClaimRules.turnWork(state, by, null, MAX, stage.now()));
      assertEquals(claim.idle() == Phase.IdleTry.BLOCKED, tried.isEmpty());
      hold(heldWork, tried);
    }
    Optional<Claimed<Batch>> command =
        claim(by -> state -> ClaimRules.leadingCommand(state, by, stage.now()));
    assertEquals(claim.count(), hold(heldCommands, command));
  }

  /** The holder is asked for before the unit of work begins: it may take the session first. */
  private <T> T claim(Function<ClaimRules.Holder, Rule<T>> claiming) {
    return stage.done(claiming.apply(holding.holder()));
  }

  private void claimTurnWork(Phase.TurnWorkClaim claim) {
    var of = claim.moment() == Phase.Moment.IDLE ? null : activeTurn().turn().id();
    Optional<Claimed<Batch>> claimed =
        claim(by -> state -> ClaimRules.turnWork(state, by, of, MAX, stage.now()));
    assertEquals(claim.count(), hold(heldWork, claimed));
    if (claim.pendingInputs() != null) {
      assertEquals(claim.pendingInputs(), pendingInputs());
    }
  }

  private static int hold(List<Completion> held, Optional<Claimed<Batch>> claimed) {
    claimed.ifPresent(some -> held.add(new Completion.OfBatches(
        some.claim().id(), some.claim().token(), some.items().stream().map(Batch::id).toList())));
    return claimed.map(some -> some.items().size()).orElse(0);
  }

  private void claimInputs(Phase.NextTurnInputClaim claim) {
    Optional<Claimed<Input>> claimed =
        claim(by -> state -> ClaimRules.nextTurnInputs(state, by, MAX, stage.now()));
    assertEquals(claim.aliases().isEmpty(), claimed.isEmpty());
    List<Input> items = claimed.map(Claimed::items).orElse(List.of());
    assertEquals(claim.aliases().stream().map(alias -> arrivals.known(alias).id()).toList(),
        items.stream().map(Input::id).toList());
    assertEquals(claim.texts(), items.stream().map(Input::content).toList());
    List<InputId> ids = items.stream().map(Input::id).toList();
    claimed.ifPresent(
        some -> heldWork.add(new Completion.OfInputs(some.claim().id(), some.claim().token(), ids)));
    if (claim.listedEmpty()) {
      assertEquals(List.of(), pendingInputs());
    }
  }

  private void checkpoint(Phase.Checkpoint phase) {
    Checkpoint present = stage.read(state -> state.session(session)).checkpoint();
    var next = new Checkpoint(phase.turnIndex(), present.usage(), present.lastPrompt(), present.options(),
        present.toolCatalogRevision(), present.executorState());
    var interrupted = phase.deferral() == null ? null : activeTurn().turn().id();
    NextWork.Run turn = holding.turn();
    Subject subject = turn == null
        ? new Subject.OfSession()
        : new Subject.AtCheckpoint(turn.turn().id(), turn.turn().lastAttempt().number(), ++checkpoints);
    stage.done(
        committing(new TurnCommit(holding.lease().fence(), null, subject, List.of(), next, Usage.NONE, heldCommands,
            interrupted, null, false, null)));
    heldCommands.clear();
    if (phase.deferral() != null) {
      assertEquals(phase.deferral().pending(), pendingInputs());
      phase.deferral().cancels().forEach(arrivals::cancel);
      assertEquals(Optional.empty(),
          claim(by -> state -> ClaimRules.nextTurnInputs(state, by, MAX, stage.now())));
    }
  }

  private Rule<Stamp.Result> committing(TurnCommit commit) {
    return state -> CommitRules.commit(state, commit, stage.now());
  }

  private TurnCommit finalCommit(List<Completion> completed) {
    NextWork.Run turn = holding.turn();
    Subject subject = turn == null
        ? new Subject.OfSession()
        : new Subject.Terminal(turn.turn().id(), turn.turn().lastAttempt().number(), new TurnOutcome.Completed());
    return new TurnCommit(holding.lease().fence(), null, subject, List.of(),
        stage.read(state -> state.session(session)).checkpoint(), Usage.NONE, completed, null, null, true, null);
  }

  private List<Completion> allHeld() {
    var all = new ArrayList<>(heldCommands);
    all.addAll(heldWork);
    return all;
  }

  private void completeStale() {
    List<Completion> altered = allHeld().stream().<Completion>map(held -> switch (held) {
      case Completion.OfBatches(String id, String token, var batches) ->
        new Completion.OfBatches(id, token + "x", batches);
      case Completion.OfInputs inputClaim -> inputClaim;
    }).toList();
    long generation = holding.lease().generation();
    List<Batch> before = stage.read(state -> state.claimedBatches(session, generation));
    assertTrue(!before.isEmpty());
    assertEquals("queued_work",
        stage.refused(Reason.CLAIM_SUPERSEDED, committing(finalCommit(altered))).facts().get("family"));
    assertEquals(before, stage.read(state -> state.claimedBatches(session, generation)));
  }

  private void commit(Phase.Commit phase) {
    stage.done(committing(finalCommit(allHeld())));
    var after = stage.read(state -> state.session(session));
    assertEquals(session, after.id());
    assertEquals(null, after.openTurn());
    assertEquals(new Lease.Free(session, holding.lease().generation()), stage.read(state -> state.lease(session)));
    assertEquals(List.of(), waitingBatches());
    assertEquals(0, stage.read(state -> state.workQueue(session)).queuedWork());
    allHeld().forEach(this::assertCompleted);
    if (phase.turnIndex() != null) {
      assertEquals(phase.turnIndex(), after.checkpoint().turnIndex());
    }
    if (phase.inputsEmpty()) {
      assertEquals(List.of(), pendingInputs());
      assertEquals(0, stage.read(state -> state.workQueue(session)).pendingInputs());
    }
  }

  private void assertCompleted(Completion claim) {
    switch (claim) {
      case Completion.OfBatches(_, _, List<BatchId> ids) -> ids.forEach(id -> assertEquals("completed",
          stage.read(state -> state.batch(id)).orElseThrow().state().text()));
      case Completion.OfInputs(_, _, List<InputId> ids) -> ids.forEach(id -> assertEquals("completed",
          stage.read(state -> state.input(id)).orElseThrow().state().text()));
    }
  }

  private void commitAfterRelease() {
    commit(new Phase.Commit(false, null));
    var again = new TurnCommit(holding.lease().fence(), null, new Subject.OfSession(), List.of(),
        stage.read(state -> state.session(session)).checkpoint(), Usage.NONE, List.of(), null, null, true, null);
    assertEquals(session, again.fence().session());
    stage.refused(Reason.LEASE_EXPIRED, committing(again));
  }

  private NextWork.Run activeTurn() {
    if (holding.turn() == null) {
      heldWork.addAll(holding.openTurn().completion());
    }
    return holding.openTurn();
  }

  private List<String> pendingInputs() {
    return stage.read(state -> state.pendingInputs(session, 100)).stream().map(Arrivals::key).toList();
  }

  private List<Batch> waitingBatches() {
    return stage.read(state -> state.batches(session, 0, 100, "waiting"));
  }
}
