package dev.holdfast.domain.turns;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One execution from claim to final commit.
 *
 * @param index from 1, dense per session
 * @param inputs its start set
 * @param attempts at least one; only the last can be live
 * @param usage of its model calls so far
 */
public record Turn(
    TurnId id, WorkerId session, long index, List<InputId> inputs, List<Attempt> attempts, Instant createdAt,
    Instant deadlineAt, Usage usage, State state) {

  public Turn {
    inputs = List.copyOf(inputs);
    attempts = List.copyOf(attempts);
  }

  /** Whether a turn can still be worked on. */
  public sealed interface State {
    record Open() implements State {}

    /** @param headRevision the session's, behind the terminal commit */
    record Ended(TurnOutcome outcome, Instant at, long headRevision) implements State {}
  }

  public boolean isOpen() {
    return state instanceof State.Open;
  }

  public Attempt lastAttempt() {
    return attempts.getLast();
  }

  /** The attempt is live only while the session's lease is of its generation, spec T-8; this is the row's own view. */
  boolean hasLiveAttempt(long generation) {
    return lastAttempt().isLive() && lastAttempt().generation() == generation;
  }

  /** Lost attempts since the last one that made a checkpoint commit; hand-overs don't count (spec T-54). */
  int lostInARow() {
    int lost = 0;
    for (Attempt attempt : attempts.reversed()) {
      if (attempt.commits() > 0) {
        break;
      }
      if (attempt.end() != null && attempt.end().by() == Attempt.EndedBy.LOST) {
        lost++;
      }
    }
    return lost;
  }

  Turn withLastAttempt(Attempt attempt) {
    var changed = new ArrayList<>(attempts.subList(0, attempts.size() - 1));
    changed.add(attempt);
    return with(changed, usage, state);
  }

  Turn plusAttempt(Attempt attempt) {
    var more = new ArrayList<>(attempts);
    more.add(attempt);
    return with(more, usage, state);
  }

  Turn ended(State.Ended end, Usage delta) {
    return with(attempts, usage.plus(delta), end);
  }

  private Turn with(List<Attempt> newAttempts, Usage newUsage, State newState) {
    return new Turn(id, session, index, inputs, newAttempts, createdAt, deadlineAt, newUsage, newState);
  }
}
