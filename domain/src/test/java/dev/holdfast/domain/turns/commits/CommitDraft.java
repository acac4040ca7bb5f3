package dev.holdfast.domain.turns.commits;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Owner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A commit of which a test changes one thing. */
public final class CommitDraft {
  public Fence fence;
  @Nullable
  public Long expectedHead;
  public TurnId turn;
  public int attempt;
  public TurnOutcome outcome;
  public List<TurnCommit.Entry> entries;
  public List<TurnCommit.Completion> completed;
  @Nullable
  public Long lastOutputSeq;
  public boolean release;
  private final TurnCommit original;

  public CommitDraft(TurnCommit original) {
    this.original = original;
    this.fence = original.fence();
    this.expectedHead = original.expectedHeadRevision();
    var subject = (TurnCommit.Subject.Terminal) original.subject();
    this.turn = subject.turn();
    this.attempt = subject.attempt();
    this.outcome = subject.outcome();
    this.entries = original.entries();
    this.completed = original.completed();
    this.lastOutputSeq = original.lastOutputSeq();
    this.release = original.release();
  }

  public TurnCommit build() {
    return new TurnCommit(fence, expectedHead, new TurnCommit.Subject.Terminal(turn, attempt, outcome), entries,
        original.checkpoint(), original.usage(), completed, null, lastOutputSeq, release, null);
  }

  public void session(WorkerId session) {
    fence = new Fence(session, fence.owner(), fence.token(), fence.generation());
  }

  public void owner(String id, String incarnation) {
    fence = new Fence(fence.session(), new Owner(id, incarnation), fence.token(), fence.generation());
  }

  public void token(String token) {
    fence = new Fence(fence.session(), fence.owner(), token, fence.generation());
  }

  public void generation(long generation) {
    fence = new Fence(fence.session(), fence.owner(), fence.token(), generation);
  }

  public void claim(String id, String token, List<InputId> inputs) {
    completed = List.of(new TurnCommit.Completion.OfInputs(id, token, inputs));
  }
}
