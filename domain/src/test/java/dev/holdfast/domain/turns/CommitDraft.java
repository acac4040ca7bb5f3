package dev.holdfast.domain.turns;

import dev.holdfast.domain.turns.commits.TurnCommit;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Owner;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A commit of which a test changes one thing. */
final class CommitDraft {
  Fence fence;
  @Nullable
  Long expectedHead;
  TurnId turn;
  int attempt;
  TurnOutcome outcome;
  List<TurnCommit.Entry> entries;
  List<TurnCommit.Completion> completed;
  @Nullable
  Long lastOutputSeq;
  boolean release;
  private final TurnCommit original;

  CommitDraft(TurnCommit original) {
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

  TurnCommit build() {
    return new TurnCommit(fence, expectedHead, new TurnCommit.Subject.Terminal(turn, attempt, outcome), entries,
        original.checkpoint(), original.usage(), completed, null, lastOutputSeq, release, null);
  }

  void session(WorkerId session) {
    fence = new Fence(session, fence.owner(), fence.token(), fence.generation());
  }

  void owner(String id, String incarnation) {
    fence = new Fence(fence.session(), new Owner(id, incarnation), fence.token(), fence.generation());
  }

  void token(String token) {
    fence = new Fence(fence.session(), fence.owner(), token, fence.generation());
  }

  void generation(long generation) {
    fence = new Fence(fence.session(), fence.owner(), fence.token(), generation);
  }

  void claim(String id, String token, List<InputId> inputs) {
    completed = List.of(new TurnCommit.Completion.OfInputs(id, token, inputs));
  }
}
