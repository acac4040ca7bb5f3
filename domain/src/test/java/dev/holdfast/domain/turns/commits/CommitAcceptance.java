package dev.holdfast.domain.turns.commits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueRules;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The commit of a turn, as spec turns §19 wants it of every backend. */
public abstract class CommitAcceptance extends StoreSuite {

  /** A turn under way: two inputs taken, one waiting, some output, and a finished turn before it. */
  private NextWork.Run underWay() {
    WorkerId worker = worker();
    send(worker, "before");
    runTurn(worker, "an earlier answer");
    send(worker, "first");
    send(worker, system("second"));
    NextWork.Run run = take(worker, HERE);
    send(worker, "waits");
    append(run, 2, "an", " answer");
    return run;
  }

  private static TurnCommit changed(NextWork.Run run, Consumer<CommitDraft> change) {
    var draft = new CommitDraft(completing(run, "an answer"));
    change.accept(draft);
    return draft.build();
  }

  /** Nothing at all changes: head, inputs, queue, stamp, output, lease, events, transcript. */
  private Outcome.Refused<Stamp.Result> refusedAlone(
      NextWork.Run run, Reason reason, Consumer<CommitDraft> change) {
    return refused(reason, committing(changed(run, change)));
  }

  @Test
  @DisplayName("T-A17 every check of T-70 alone: reason, and head, inputs, queue, stamp, output unchanged")
  void checks() {
    NextWork.Run run = underWay();
    WorkerId session = run.turn().session();
    NextWork.Run other = underWay();
    List<InputId> ids = run.turn().inputs();
    String claim = run.claim().id();
    String token = run.claim().token();

    nowAndAfterReopen(() -> {
      refusedAlone(run, Reason.SESSION_BINDING_MISMATCH, draft -> draft.session(new WorkerId(99)));
      refusedAlone(run, Reason.TURN_COMMIT_CONFLICT, draft -> draft.turn = other.turn().id());
      refusedAlone(run, Reason.TURN_COMMIT_CONFLICT, draft -> draft.session(other.turn().session()));
      refusedAlone(run, Reason.LEASE_EXPIRED, draft -> draft.token("another token"));
      refusedAlone(run, Reason.LEASE_EXPIRED, draft -> draft.generation(run.lease().generation() - 1));
      refusedAlone(run, Reason.LEASE_EXPIRED, draft -> draft.generation(run.lease().generation() + 1));
      refusedAlone(run, Reason.LEASE_EXPIRED, draft -> draft.owner(ELSEWHERE.id(), HERE.incarnation()));
      refusedAlone(run, Reason.LEASE_EXPIRED, draft -> draft.owner(HERE.id(), HERE_AGAIN.incarnation()));
      assertEquals(Map.of("expected", 0L, "actual", 1L),
          refusedAlone(run, Reason.HEAD_REVISION_CONFLICT, draft -> draft.expectedHead = 0L).facts());
      refusedAlone(run, Reason.TURN_NOT_FOUND, draft -> draft.turn = new TurnId(9999));
      refusedAlone(run, Reason.ATTEMPT_SUPERSEDED, draft -> draft.attempt = 2);
      refusedAlone(run, Reason.ATTEMPT_SUPERSEDED, draft -> draft.attempt = 0);
      refusedAlone(run, Reason.CANCEL_NOT_REQUESTED, draft -> draft.outcome = new TurnOutcome.Cancelled());
      assertEquals(Map.of("family", "input", "claim_id", "inc:other"),
          refusedAlone(run, Reason.CLAIM_SUPERSEDED, draft -> draft.claim("inc:other", token, ids)).facts());
      refusedAlone(run, Reason.CLAIM_SUPERSEDED, draft -> draft.claim(claim, "another token", ids));
      refusedAlone(run, Reason.CLAIM_SUPERSEDED, draft -> draft.claim(claim, token, other.turn().inputs()));
      refusedAlone(run, Reason.CLAIM_SUPERSEDED, draft -> draft.claim(claim, token, plusUnknown(ids)));
      assertEquals(Map.of("family", "input", "claim_id", claim),
          refusedAlone(run, Reason.UNSETTLED_CLAIM, draft -> draft.completed = List.of()).facts());
      refusedAlone(run, Reason.CLAIM_SUPERSEDED, draft -> draft.claim(claim, token, ids.subList(0, 1)));
      assertEquals(Map.of("expected_seq", 4L),
          refusedAlone(run, Reason.OUTPUT_GAP, draft -> draft.lastOutputSeq = 4L).facts());
      refusedAlone(run, Reason.OUTPUT_GAP, draft -> draft.lastOutputSeq = 2L);
    });

    pass(TURN_LIMITS.leaseTtl());
    refusedAlone(run, Reason.LEASE_EXPIRED, _ -> {
    });
    assertEquals(1, read(state -> state.session(session)).headRevision());
  }

  @Test
  @DisplayName("a batch that a commit names twice, and twice the claim, is completed and counted once")
  void namedTwice() {
    WorkerId worker = worker();
    done(state -> QueueRules.enqueue(state, Sender.to(worker), BatchDraft.of(Payload.Wake.of("mail", 1, "one")), LIMITS,
        now()));
    NextWork.Run run = take(worker, HERE);
    List<BatchId> twice = List.of(run.batches().getFirst().id(), run.batches().getFirst().id());
    var completion = new TurnCommit.Completion.OfBatches(run.claim().id(), run.claim().token(), twice);

    done(committing(changed(run, draft -> draft.completed = List.of(completion, completion))));
    nowAndAfterReopen(() -> assertEquals(0, read(state -> state.workQueue(worker)).queuedWork()));
  }

  private static List<InputId> plusUnknown(List<InputId> ids) {
    var more = new ArrayList<>(ids);
    more.add(new InputId(9999));
    return more;
  }

  @Test
  @DisplayName("T-A17 (deadline) past the deadline every outcome but the deadline's is refused, everything unchanged")
  void deadlineCheck() {
    NextWork.Run run = underWay();
    keepLeasePastDeadline(run);

    refusedAlone(run, Reason.TURN_DEADLINE_EXCEEDED, _ -> {
    });
    refusedAlone(run, Reason.TURN_DEADLINE_EXCEEDED,
        draft -> draft.outcome = new TurnOutcome.Failed(Reason.PROVIDER_FAILED));
    done(committing(changed(run, draft -> draft.outcome = new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED))));
  }

  /** Renews as long as that is allowed, so that the lease outlives the turn's deadline by a few seconds. */
  private void keepLeasePastDeadline(NextWork.Run run) {
    while (now().plus(TURN_LIMITS.leaseTtl()).minusSeconds(1).isBefore(run.turn().deadlineAt())) {
      pass(TURN_LIMITS.leaseTtl().minusSeconds(1));
      done(state -> SessionRules.renew(state, run.lease().fence(), TURN_LIMITS.leaseTtl(), now()));
    }
    pass(TURN_LIMITS.leaseTtl().minusSeconds(1));
  }

  @Test
  @DisplayName("a commit that passes every check changes everything it names, at once")
  void everythingAtOnce() {
    NextWork.Run run = underWay();
    WorkerId session = run.turn().session();
    long before = read(state -> state.lastEventId());

    Stamp.Result result = done(committing(changed(run, draft -> {
      draft.expectedHead = 1L;
      draft.lastOutputSeq = 3L;
      draft.release = false;
    })));

    assertEquals(new Stamp.Result(2, result.checkpoint(), before + 1, List.of(6L), 4), result);
    nowAndAfterReopen(() -> {
      assertEquals(2, read(state -> state.session(session)).headRevision());
      assertEquals(result.checkpoint(), read(state -> state.session(session)).checkpoint());
      Turn turn = read(state -> state.turn(run.turn().id())).orElseThrow();
      assertEquals(new Turn.State.Ended(new TurnOutcome.Completed(), now(), 2), turn.state());
      assertEquals(new Usage(3, 5), turn.usage());
      assertEquals(List.of("completed", "completed"), turn.inputs().stream()
          .map(id -> read(state -> state.input(id)).orElseThrow().state().text()).toList());
      assertEquals(1, read(state -> state.workQueue(session)).pendingInputs());
      assertEquals(List.of("an answer"),
          read(state -> state.entriesOf(turn.id())).stream().map(TranscriptEntry::content).toList());
      assertInstanceOf(Lease.Held.class, read(state -> state.lease(session)));
    });
  }

  @Test
  @DisplayName("T-A8 commit after release is lease_expired")
  void commitAfterRelease() {
    NextWork.Run run = underWay();
    assertEquals(true, done(state -> SessionRules.release(state, run.lease().fence(), now())));

    nowAndAfterReopen(() -> refusedAlone(run, Reason.LEASE_EXPIRED, _ -> {
    }));
  }

  @Test
  @DisplayName("T-A18 stamp retry without lease and after release; changed hash conflicts; session binding")
  void stampRetry() {
    NextWork.Run run = underWay();
    TurnCommit commit = completing(run, "an answer");
    Stamp.Result first = done(committing(commit));

    nowAndAfterReopen(() -> {
      pass(TURN_LIMITS.leaseTtl().multipliedBy(2));
      String before = read(StateText::of);
      assertEquals(new Outcome.Replayed<>(first), write(committing(commit)));
      assertEquals(new Outcome.Replayed<>(first), write(committing(changed(run, draft -> draft.token("lost")))),
          "the fence, the expected head and the caller's ids are no part of the hash");
      assertEquals(new Outcome.Replayed<>(first), write(committing(changed(run, draft -> draft.expectedHead = 77L))));
      assertEquals(before, read(StateText::of));

      refused(Reason.TURN_COMMIT_CONFLICT, committing(completing(run, "another answer")));
      refusedAlone(run, Reason.TURN_COMMIT_CONFLICT,
          draft -> draft.outcome = new TurnOutcome.Incomplete(Reason.UPSTREAM_CUT));
      refusedAlone(run, Reason.SESSION_BINDING_MISMATCH, draft -> draft.session(new WorkerId(99)));
    });
  }

  @Test
  @DisplayName("a retry that asks for the release still gets it, and a retry by a lost holder releases nobody else")
  void retryReleases() {
    NextWork.Run run = underWay();
    WorkerId session = run.turn().session();
    done(committing(changed(run, draft -> draft.release = false)));
    assertInstanceOf(Outcome.Replayed.class, write(committing(completing(run, "an answer"))));
    assertEquals(new Lease.Free(session, run.lease().generation()), read(state -> state.lease(session)));

    NextWork.Run next = take(session, ELSEWHERE);
    assertInstanceOf(Outcome.Replayed.class, write(committing(completing(run, "an answer"))));
    assertEquals(next.lease(), held(session));
  }

  @Test
  @DisplayName("T-A20 superseded completion refused; unsettled claim refused")
  void claims() {
    NextWork.Run run = underWay();
    WorkerId session = run.turn().session();
    done(state -> SessionRules.release(state, run.lease().fence(), now()));
    NextWork.Run next = take(session, HERE);

    // The start set is claimed anew for the second attempt, so what the first one held is superseded.
    Outcome.Refused<Stamp.Result> old = refusedAlone(next, Reason.CLAIM_SUPERSEDED,
        draft -> draft.claim(run.claim().id(), run.claim().token(), run.turn().inputs()));
    assertEquals(run.claim().id(), old.facts().get("claim_id"));
    Outcome.Refused<Stamp.Result> none =
        refusedAlone(next, Reason.UNSETTLED_CLAIM, draft -> draft.completed = List.of());
    assertEquals(next.claim().id(), none.facts().get("claim_id"));
    done(committing(completing(next, "an answer")));
  }

  @Test
  @DisplayName("every outcome completes the start set and keeps partial text as a partial entry")
  void everyOutcome() {
    for (TurnOutcome outcome : List.of(new TurnOutcome.Incomplete(Reason.MAX_OUTPUT_TOKENS),
        new TurnOutcome.Failed(Reason.PROVIDER_FAILED))) {
      NextWork.Run run = underWay();
      done(committing(ending(run, outcome, "an ans", TranscriptEntry.Status.PARTIAL)));

      nowAndAfterReopen(() -> {
        assertEquals("completed",
            read(state -> state.input(run.turn().inputs().getFirst())).orElseThrow().state().text());
        assertEquals(TranscriptEntry.Status.PARTIAL,
            read(state -> state.entriesOf(run.turn().id())).getFirst().status());
        assertEquals("turn." + outcome.text(), read(state -> state.events(1, 1000, run.turn().session())).stream()
            .filter(event -> event.id() == endEvent(run)).findFirst().orElseThrow().name().text());
      });
    }
  }

  private long endEvent(NextWork.Run run) {
    return read(state -> state.stamp(Stamp.Key.terminal(run.turn().session(), run.turn().id()))).orElseThrow()
        .result().eventId();
  }
}
