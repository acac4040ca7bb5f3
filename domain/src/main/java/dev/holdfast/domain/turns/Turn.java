package dev.holdfast.domain.turns;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.output.OutputCursor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution from claim to final commit.
 *
 * @param index from 1, dense per session
 * @param start what it was opened for
 * @param attempts at least one; only the last can be live
 * @param usage of its model calls so far
 * @param kept the output record of its last checkpoint, up to which readers keep its text; null before the first
 * @param cancel null while nobody has asked for it
 */
public record Turn(
    TurnId id, WorkerId session, long index, Start start, List<Attempt> attempts, Instant createdAt,
    Instant deadlineAt, Usage usage, @Nullable OutputCursor kept, @Nullable Cancel cancel, State state) {
  public Turn {
    attempts = List.copyOf(attempts);
  }

  /** Either inputs or batches; the other list is empty. */
  public record Start(List<InputId> inputs, List<BatchId> batches) {
    public Start {
      inputs = List.copyOf(inputs);
      batches = List.copyOf(batches);
    }

    /** What opened the turn, by its name on the wire. */
    public String trigger() {
      return inputs.isEmpty() ? "wakes" : "inputs";
    }
  }

  /** Whether a turn can still be worked on. */
  public sealed interface State {
    record Open() implements State {}

    /** @param headRevision the session's, behind the terminal commit */
    record Ended(TurnOutcome outcome, Instant at, long headRevision) implements State {}
  }

  /** A turn at its opening. */
  public static Turn opened(TurnId id, Session session, Start start, Attempt first, Instant now, Instant deadlineAt) {
    return new Turn(id, session.id(), session.lastTurnIndex() + 1, start, List.of(first), now, deadlineAt, Usage.NONE,
        null, null, new State.Open());
  }

  public List<InputId> inputs() {
    return start.inputs();
  }

  public boolean isOpen() {
    return state instanceof State.Open;
  }

  public Attempt lastAttempt() {
    return attempts.getLast();
  }

  /** The attempt is live only while the session's lease is live and of its generation (spec T-8); this is the row's view. */
  public boolean hasLiveAttempt(long generation) {
    return lastAttempt().isLive() && lastAttempt().generation() == generation;
  }

  public boolean isCancelRequested() {
    return cancel != null;
  }

  /** Why an open turn takes nothing but its end any more (spec T-55, T-86); null while it may go on. */
  public @Nullable Reason overdueAt(Instant now) {
    if (cancel != null && cancel.isOverdueAt(now)) {
      return Reason.CANCEL_OVERDUE;
    }
    return isPastDeadlineAt(now) ? Reason.TURN_DEADLINE_EXCEEDED : null;
  }

  /** The turn as who comes after its holder finds it: without a hand-over its live attempt is lost (spec T-8). */
  public Turn abandonedAt(Instant now) {
    return lastAttempt().isLive() ? withLastAttempt(lastAttempt().ended(Attempt.EndedBy.LOST, now)) : this;
  }

  public boolean isPastDeadlineAt(Instant now) {
    return !now.isBefore(deadlineAt);
  }

  /** Lost attempts since the last one that made a checkpoint commit; hand-overs don't count (spec T-54). */
  public int lostInARow() {
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

  /**
   * Whether an attempt was begun only to end the turn, without a model call: what ended it was there before (spec T-60). Those of
   * a used-up budget are known by the end.
   */
  public boolean isSettledBy(Attempt attempt) {
    if (attempt.number() == 1 || attempt.commits() > 0) {
      return false;
    }
    boolean asked = cancel != null && !attempt.startedAt().isBefore(cancel.requestedAt());
    boolean exhausted = attempt.equals(lastAttempt()) && state instanceof State.Ended(TurnOutcome outcome, _, _)
        && outcome.reason() == Reason.ATTEMPTS_EXHAUSTED;
    return asked || exhausted || isPastDeadlineAt(attempt.startedAt());
  }

  public Turn withLastAttempt(Attempt attempt) {
    var changed = new ArrayList<>(attempts.subList(0, attempts.size() - 1));
    changed.add(attempt);
    return with(changed, usage, kept, cancel, state);
  }

  public Turn plusAttempt(Attempt attempt) {
    var more = new ArrayList<>(attempts);
    more.add(attempt);
    return with(more, usage, kept, cancel, state);
  }

  /** The newest number of the last attempt's output, as a store counts it when records are appended. */
  public Turn withOutput(long lastSeq) {
    return withLastAttempt(lastAttempt().withOutput(lastSeq));
  }

  /** Whoever asked to cancel it has come further. */
  public Turn withCancel(@Nullable Cancel changed) {
    return with(attempts, usage, kept, changed, state);
  }

  /** A checkpoint was committed; its output record is {@code at}. */
  public Turn checkpointed(Usage delta, OutputCursor at) {
    return with(attempts, usage.plus(delta), at, cancel, state);
  }

  public Turn ended(State.Ended end, Usage delta) {
    return with(attempts, usage.plus(delta), kept, cancel == null ? null : cancel.released(end.at()), end);
  }

  private Turn with(List<Attempt> newAttempts, Usage newUsage, @Nullable OutputCursor newKept,
      @Nullable Cancel newCancel, State newState) {
    return new Turn(id, session, index, start, newAttempts, createdAt, deadlineAt, newUsage, newKept, newCancel,
        newState);
  }
}
