package dev.holdfast.domain.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.claims.ClaimRules.Claimed;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.CommitDraft;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.Payload.Command.Kind;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a model call of a turn is shown, as spec turns T-51 and §19 want it of every backend. */
public abstract class ContextAcceptance extends KernelSuite {

  private Session session(WorkerId worker) {
    return read(state -> state.session(worker));
  }

  /** Completes the command and keeps the lease. */
  private void applied(NextWork.Apply apply) {
    TurnCommit commit = apply.commit(session(apply.batch().session()).checkpoint());
    done(committing(new TurnCommit(commit.fence(), null, commit.subject(), List.of(), commit.checkpoint(), Usage.NONE,
        commit.completed(), null, null, false, null)));
  }

  /** A turn with one input, which is answered with its text in capitals. */
  private NextWork.Run answered(WorkerId worker, String text) {
    send(worker, text);
    NextWork.Run run = take(worker, HERE);
    done(committing(completing(run, text.toUpperCase(Locale.ROOT))));
    return run;
  }

  private Claimed<Batch> claimedReset(WorkerId worker, Fence fence) {
    command(worker, Kind.RESET_SESSION);
    return done(claimingCommand(fence)).orElseThrow();
  }

  @Test
  @DisplayName("T-A26 an input accepted while a turn runs is not in that turn's context, nor in its next attempt, but in"
      + " the next turn")
  void inputWhileRunning() {
    WorkerId worker = worker();
    send(worker, "first");
    NextWork.Run run = take(worker, HERE);
    send(worker, "late");

    assertEquals(List.of("first"), context(run.turn()));
    NextWork.Run again = take(worker, HERE_AGAIN);
    nowAndAfterReopen(() -> assertEquals(List.of("first"), context(again.turn())));
    done(committing(completing(again, "an answer")));
    NextWork.Run next = take(worker, HERE_AGAIN);
    nowAndAfterReopen(() -> assertEquals(List.of("first", "an answer", "late"), context(next.turn())));
  }

  @Test
  @DisplayName("a context that is larger than it may be is refused before it is held")
  void contextIsBounded() {
    WorkerId worker = worker();
    send(worker, "12345");
    NextWork.Run run = take(worker, HERE);

    assertTrue(read(state -> ContextRules.context(state, run.turn(), null, 5)).orThrow().size() == 1);
    refusal(Reason.CONTEXT_TOO_LARGE, read(state -> ContextRules.context(state, run.turn(), null, 4)));
    List<ContextItem> instructed = read(state -> ContextRules.context(state, run.turn(), "do", 7)).orThrow();
    assertEquals(new ContextItem(TranscriptEntry.Role.SYSTEM, "do"), instructed.getFirst());
    assertEquals(2, instructed.size());
    refusal(Reason.CONTEXT_TOO_LARGE, read(state -> ContextRules.context(state, run.turn(), "do", 6)));
  }

  @Test
  @DisplayName("T-A42 reset_session cuts the context, keeps the transcript")
  void reset() {
    WorkerId worker = worker();
    send(worker, "before");
    runTurn(worker, "an answer");
    assertEquals(5, Objects.requireNonNull(session(worker).checkpoint().lastPrompt()).outputTokens());
    command(worker, Kind.RESET_SESSION);
    Fence fence = acquire(worker, HERE);
    applied(apply(fence));

    nowAndAfterReopen(() -> {
      assertEquals(2, session(worker).headRevision());
      assertEquals(1, session(worker).contextStart());
      assertEquals(null, session(worker).checkpoint().lastPrompt());
      assertEquals(5, session(worker).checkpoint().usage().outputTokens(), "usage is the session's, not the context's");
      assertEquals(List.of("before", "an answer"),
          read(state -> state.transcript(worker, 0, 10)).stream().map(entry -> entry.content()).toList());
    });
    send(worker, "after");
    NextWork.Run run = run(fence);
    nowAndAfterReopen(() -> assertEquals(List.of("after"), context(run.turn())));
    done(committing(completing(run, "another answer")));
    send(worker, "more");
    NextWork.Run next = take(worker, HERE);
    nowAndAfterReopen(() -> assertEquals(List.of("after", "another answer", "more"), context(next.turn())));
  }

  @Test
  @DisplayName("a turn that has ended is shown with the turns before it, not with those behind, and one from before a reset"
      + " alone (T-51)")
  void ended() {
    WorkerId worker = worker();
    NextWork.Run first = answered(worker, "one");
    NextWork.Run second = answered(worker, "two");
    NextWork.Run third = answered(worker, "three");
    nowAndAfterReopen(() -> {
      assertEquals(List.of("one", "ONE"), context(first.turn()));
      assertEquals(List.of("one", "ONE", "two", "TWO"), context(second.turn()));
      assertEquals(List.of("one", "ONE", "two", "TWO", "three", "THREE"), context(third.turn()));
    });

    command(worker, Kind.RESET_SESSION);
    applied(apply(acquire(worker, HERE)));
    NextWork.Run fourth = answered(worker, "four");
    nowAndAfterReopen(() -> {
      assertEquals(3, session(worker).contextStart());
      assertEquals(List.of("two", "TWO"), context(second.turn()));
      assertEquals(List.of("four", "FOUR"), context(fourth.turn()));
    });
  }

  @Test
  @DisplayName("a reset while a turn is open leaves that turn in the context, one in the turn's own end doesn't (T-64)")
  void resetWithinATurn() {
    WorkerId worker = worker();
    answered(worker, "one");
    send(worker, "two");
    NextWork.Run second = take(worker, HERE);
    Fence fence = second.lease().fence();
    done(committing(checkpoint(second, 1, "step", List.of(batches(claimedReset(worker, fence))))));
    nowAndAfterReopen(() -> assertEquals(List.of("two", "step"), context(second.turn())));
    done(committing(completing(second, "TWO")));
    NextWork.Run third = answered(worker, "three");
    nowAndAfterReopen(() -> assertEquals(List.of("two", "step", "TWO", "three", "THREE"), context(third.turn())));

    send(worker, "four");
    NextWork.Run fourth = take(worker, HERE);
    var end = new CommitDraft(completing(fourth, "FOUR"));
    end.completed =
        List.of(end.completed.getFirst(), batches(claimedReset(worker, fourth.lease().fence())));
    done(committing(end.build()));
    NextWork.Run fifth = answered(worker, "five");
    nowAndAfterReopen(() -> assertEquals(List.of("five", "FIVE"), context(fifth.turn())));
  }

  @Test
  @DisplayName("a long context is read to its end, however many turns there are")
  void manyTurns() {
    WorkerId worker = worker();
    for (int i = 1; i <= 130; i++) {
      answered(worker, "text " + i);
    }
    send(worker, "now");
    NextWork.Run run = take(worker, HERE);
    nowAndAfterReopen(() -> {
      List<String> context = context(run.turn());
      assertEquals(261, context.size());
      assertEquals(List.of("text 130", "TEXT 130", "now"), context.subList(258, 261));
    });
  }
}
