package dev.holdfast.domain.turns;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.commits.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * The durable turn state of one worker; its lease and its input counters have rows of their own.
 *
 * @param headRevision grows by one with every commit
 * @param contextStart the index of the newest turn that isn't part of later turns' context, 0 while all are
 * @param lastTurnIndex the index of the newest turn, 0 before the first
 */
public record Session(
    WorkerId id, long headRevision, Checkpoint checkpoint, long contextStart, long lastTurnIndex,
    @Nullable TurnId openTurn) {

  public static Session initial(WorkerId id) {
    return new Session(id, 0, Checkpoint.INITIAL, 0, 0, null);
  }

  public Session opened(TurnId turn) {
    return new Session(id, headRevision, checkpoint, contextStart, lastTurnIndex + 1, turn);
  }

  /** One commit more. */
  public Session committed(Checkpoint next) {
    return new Session(id, headRevision + 1, next, contextStart, lastTurnIndex, openTurn);
  }

  /** The same with another checkpoint, within one commit. */
  public Session with(Checkpoint other) {
    return new Session(id, headRevision, other, contextStart, lastTurnIndex, openTurn);
  }

  /** No turn is open any more. */
  public Session closed() {
    return new Session(id, headRevision, checkpoint, contextStart, lastTurnIndex, null);
  }

  /** The context of later turns begins behind the turns that have ended; one that is open stays in it. */
  public Session reset() {
    // Turns are opened one at a time, so all but the newest have ended.
    long ended = openTurn == null ? lastTurnIndex : lastTurnIndex - 1;
    return new Session(id, headRevision, checkpoint, ended, lastTurnIndex, openTurn);
  }
}
