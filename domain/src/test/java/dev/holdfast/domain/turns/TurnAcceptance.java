package dev.holdfast.domain.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.commits.CommitDraft;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Turns and attempts, as spec turns §19 wants them of every backend. */
public abstract class TurnAcceptance extends StoreSuite {

  private Input input(Input known) {
    return read(state -> state.input(known.id())).orElseThrow();
  }

  private List<OutputRecord> output(TurnId turn) {
    return read(state -> state.output(turn, OutputCursor.START, 1000));
  }

  private boolean release(NextWork.Run run) {
    return done(state -> SessionRules.release(state, run.lease().fence(), now()));
  }

  @Test
  @DisplayName("T-A5 two inputs claimed in order, hidden while live, completed; other session untouched")
  void twoInputs() {
    WorkerId worker = worker();
    Input first = send(worker, "first");
    Input second = send(worker, "second");
    WorkerId other = worker();
    Input elsewhere = send(other, "elsewhere");

    NextWork.Run run = take(worker, HERE);

    assertEquals(List.of(first.id(), second.id()), run.turn().inputs());
    assertEquals(List.of("first", "second"), run.inputs().stream().map(Input::content).toList());
    nowAndAfterReopen(() -> {
      assertEquals(List.of(), read(state -> state.pendingInputs(worker, 10)));
      assertEquals(0, read(state -> state.workQueue(worker)).pendingInputs());
      assertEquals(new InputState.Bound(run.turn().id(), run.claim()), input(first).state());
      assertEquals(List.of(elsewhere), read(state -> state.pendingInputs(other, 10)));
    });
    done(committing(completing(run, "an answer")));
    nowAndAfterReopen(() -> {
      assertEquals(new InputState.Completed(run.turn().id(), 1), input(first).state());
      assertEquals(new InputState.Completed(run.turn().id(), 1), input(second).state());
      assertEquals(List.of(elsewhere), read(state -> state.pendingInputs(other, 10)));
      assertEquals(Session.initial(other), read(state -> state.session(other)));
    });
  }

  @Test
  @DisplayName("a turn takes at most the claim's maximum, in order, and the rest goes into the next")
  void claimMax() {
    WorkerId worker = worker();
    for (int i = 1; i <= 70; i++) {
      send(worker, "input " + i);
    }

    NextWork.Run run = take(worker, HERE);
    assertEquals(64, run.inputs().size());
    assertEquals(6, read(state -> state.workQueue(worker)).pendingInputs());
    done(committing(completing(run, "an answer")));
    NextWork.Run next = take(worker, HERE);
    assertEquals(List.of(65L, 66L, 67L, 68L, 69L, 70L), next.inputs().stream().map(Input::enqueueSeq).toList());
    assertEquals(2, next.turn().index());
  }

  @Test
  @DisplayName("T-A30 recovered text is a new entry, former committed entries unchanged")
  void recoveredText() {
    WorkerId worker = worker();
    send(worker, "first");
    runTurn(worker, "one");
    send(worker, "second");
    NextWork.Run run = take(worker, HERE);
    append(run, 2, "half of");
    List<TranscriptEntry> former = read(state -> state.transcript(worker, 0, 100));
    List<OutputRecord> formerOutput = output(run.turn().id());

    NextWork.Run again = take(worker, HERE_AGAIN);
    append(again, 2, "two");
    done(committing(completing(again, "two")));

    nowAndAfterReopen(() -> {
      List<TranscriptEntry> entries = read(state -> state.transcript(worker, 0, 100));
      assertEquals(former, entries.subList(0, former.size()));
      assertEquals(former.size() + 1, entries.size());
      assertEquals("two", entries.getLast().content());
      assertEquals(new TranscriptEntry.Origin.FromTurn(run.turn().id(), 2, 0), entries.getLast().origin());
      assertEquals(formerOutput, output(run.turn().id()).subList(0, formerOutput.size()), "records are only added");
    });
  }

  @Test
  @DisplayName("T-A31 next_work offered twice (same holder): same attempt, text not doubled; second executor busy")
  void offeredTwice() {
    WorkerId worker = worker();
    send(worker, "hello");
    NextWork.Run run = take(worker, HERE);
    append(run, 2, "Hel");

    NextWork.Run again = take(worker, HERE);

    assertEquals(run.turn().id(), again.turn().id());
    assertEquals(1, again.turn().attempts().size());
    assertEquals(run.claim(), again.claim());
    assertEquals(run.lease().fence(), again.lease().fence());
    assertEquals(3, append(again, 2, "Hel", "lo"));
    assertEquals(3, append(again, 2, "Hel", "lo"));
    nowAndAfterReopen(() -> assertEquals(List.of("Hel", "lo"), output(run.turn().id()).stream().skip(1)
        .map(record -> ((OutputPayload.Delta) record.payload()).text()).toList()));
    refused(Reason.LEASE_BUSY, taking(worker, ELSEWHERE));
  }

  @Test
  @DisplayName("T-A32 lease cleared or expired with an open turn: found by the scan, shown interrupted, resumed")
  void interrupted() {
    WorkerId worker = worker();
    send(worker, "hello");
    NextWork.Run first = take(worker, HERE);
    pass(TURN_LIMITS.leaseTtl());
    assertInterrupted(worker);

    NextWork.Run second = take(worker, ELSEWHERE);
    assertEquals(first.turn().id(), second.turn().id());
    assertEquals(2, second.turn().lastAttempt().number());
    release(second);
    assertInterrupted(worker);

    NextWork.Run third = take(worker, HERE);
    assertEquals(3, third.turn().lastAttempt().number());
    assertEquals(List.of("lost", "handed_over"), third.turn().attempts().subList(0, 2).stream()
        .map(attempt -> Objects.requireNonNull(attempt.end()).by().text()).toList());
    assertEquals(List.of(), read(state -> state.workableSessions(Workable.BUILTIN, now(), 0, 10)));
  }

  private void assertInterrupted(WorkerId worker) {
    nowAndAfterReopen(() -> {
      assertEquals(List.of(worker), read(state -> state.workableSessions(Workable.BUILTIN, now(), 0, 10)));
      assertEquals(SessionView.Activity.INTERRUPTED, read(state -> SessionView.of(state, worker, now())).activity());
    });
  }

  @Test
  @DisplayName("T-A28 (budget) hand-overs never count; three kills without progress settle as attempts_exhausted")
  void budget() {
    WorkerId worker = worker();
    send(worker, "hello");
    for (int restart = 1; restart <= 5; restart++) {
      release(take(worker, Owner.builtin("node-a", restart)));
    }
    for (int kill = 1; kill <= 3; kill++) {
      NextWork.Run run = take(worker, Owner.builtin("node-a", 10 + kill));
      append(run, 2, "text is no progress");
    }

    NextWork.Settle settle = assertInstanceOf(NextWork.Settle.class,
        done(taking(worker, Owner.builtin("node-a", 20))));
    assertEquals(new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED), settle.outcome());
    assertEquals(9, settle.turn().lastAttempt().number());
    settled(settle);
    nowAndAfterReopen(() -> assertInstanceOf(NextWork.None.class, done(taking(worker, ELSEWHERE))));
  }

  @Test
  @DisplayName("T-A33 a turn waiting for ever (silent provider, lost executor) ends by its deadline; session usable")
  void deadline() {
    WorkerId worker = worker();
    send(worker, "hello");
    NextWork.Run run = take(worker, HERE);
    while (now().isBefore(run.turn().deadlineAt().minus(TURN_LIMITS.leaseTtl()))) {
      pass(TURN_LIMITS.leaseTtl().dividedBy(3));
      done(state -> SessionRules.renew(state, run.lease().fence(), TURN_LIMITS.leaseTtl(), now()));
    }
    pass(TURN_LIMITS.leaseTtl().minusNanos(1000));
    assertTrue(!now().isBefore(run.turn().deadlineAt()) || held(worker).isLiveAt(now()));
    pass(Duration.ofNanos(1000));

    // The executor is lost, and whoever comes next settles the turn; nothing else can be done with it.
    NextWork.Settle settle = assertInstanceOf(NextWork.Settle.class, done(taking(worker, HERE_AGAIN)));
    assertEquals(new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED), settle.outcome());
    refused(Reason.TURN_DEADLINE_EXCEEDED,
        state -> SessionRules.renew(state, settle.lease().fence(), TURN_LIMITS.leaseTtl(), now()));
    refused(Reason.TURN_DEADLINE_EXCEEDED, state -> AppendRules.append(state, settle.lease().fence(),
        settle.turn().id(), 2, 2, List.of(new OutputPayload.Rewound(null)), now()));
    settled(settle);
    send(worker, "still there?");
    assertEquals(2, take(worker, HERE_AGAIN).turn().index());
  }

  private void settled(NextWork.Settle settle) {
    var run = new NextWork.Run(settle.lease(), settle.turn(), settle.claim(), List.of(), List.of());
    var draft = new CommitDraft(completing(run, ""));
    draft.outcome = settle.outcome();
    draft.entries = List.of();
    done(committing(draft.build()));
    OutputPayload.End end =
        assertInstanceOf(OutputPayload.End.class, output(settle.turn().id()).getLast().payload());
    assertEquals("failed", end.outcome());
  }

  @Test
  @DisplayName("T-A25 sequence numbers and claim ids never repeat after deletes and restart")
  void numbersNeverRepeat() {
    WorkerId worker = worker();
    Set<Long> sequences = new HashSet<>();
    Set<Long> generations = new HashSet<>();
    Set<Object> claims = new HashSet<>();
    for (int round = 1; round <= 3; round++) {
      sequences.add(send(worker, "taken").enqueueSeq());
      NextWork.Run run = take(worker, HERE);
      claims.add(run.claim().id());
      generations.add(run.lease().generation());
      release(run);
      nowAndAfterReopen(() -> assertEquals(run.turn().id(), read(state -> state.session(worker)).openTurn()));
      NextWork.Run again = take(worker, HERE);
      claims.add(again.claim().id());
      generations.add(again.lease().generation());
      sequences.add(send(worker, "cancelled").enqueueSeq());
      put(new InputChange.PendingCancelled(worker));
      done(committing(completing(again, "an answer")));
      nowAndAfterReopen(() -> assertEquals(0, read(state -> state.workQueue(worker)).pendingInputs()));
    }

    assertEquals(Set.of(1L, 2L, 3L, 4L, 5L, 6L), sequences);
    assertEquals(Set.of(1L, 2L, 3L, 4L, 5L, 6L), generations);
    assertEquals(6, claims.size());
  }

  @Test
  @DisplayName("output is fenced and dense: a gap, an ended turn and another attempt are refused")
  void appends() {
    WorkerId worker = worker();
    send(worker, "hello");
    NextWork.Run run = take(worker, HERE);
    List<OutputPayload> delta = List.of(new OutputPayload.Delta(OutputPayload.Channel.TEXT, "x"));
    var fence = run.lease().fence();
    var id = run.turn().id();

    assertEquals(2L, refused(Reason.OUTPUT_GAP,
        state -> AppendRules.append(state, fence, id, 1, 3, delta, now())).facts().get("expected_seq"));
    refused(Reason.ATTEMPT_SUPERSEDED, state -> AppendRules.append(state, fence, id, 2, 2, delta, now()));
    refused(Reason.TURN_NOT_FOUND, state -> AppendRules.append(state, fence, new TurnId(999), 1, 2, delta, now()));
    String before = read(StateText::of);
    assertEquals(1, append(run, 1, "known already"));
    assertEquals(before, read(StateText::of));
    var draft = new CommitDraft(completing(run, "x"));
    draft.release = false;
    done(committing(draft.build()));
    refused(Reason.TURN_ENDED, state -> AppendRules.append(state, fence, id, 1, 2, delta, now()));
    nowAndAfterReopen(() -> assertEquals(1,
        output(id).stream().filter(record -> record.payload() instanceof OutputPayload.End).count()));
    assertInstanceOf(OutputPayload.End.class, output(id).getLast().payload());
  }
}
