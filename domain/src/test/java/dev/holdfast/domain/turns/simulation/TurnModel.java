package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the simulation knows of one turn: its attempts, its output, and the texts that it brings into contexts. */
final class TurnModel {
  private Turn turn;
  private long lastSeq;
  private boolean endSeen;
  private final List<String> texts = new ArrayList<>();
  private final List<Admission> admissions = new ArrayList<>();

  TurnModel(Turn opened) {
    Violation.unless(opened.attempts().size() == 1 && opened.lastAttempt().number() == 1 && opened.isOpen()
        && opened.cancel() == null, "a turn begins with its first attempt", opened);
    turn = opened;
  }

  Turn turn() {
    return turn;
  }

  List<String> texts() {
    return texts;
  }

  List<Admission> admissions() {
    return admissions;
  }

  void put(Turn next) {
    Violation.unless(turn.isOpen(), "an ended turn never changes", next);
    Violation.unless(next.index() == turn.index() && next.start().equals(turn.start())
        && next.createdAt().equals(turn.createdAt()) && next.deadlineAt().equals(turn.deadlineAt()),
        "what a turn was opened with stays", next);
    checkAttempts(turn.attempts(), next.attempts());
    checkCancel(next.cancel());
    if (next.attempts().size() > turn.attempts().size()) {
      lastSeq = 0;
    }
    turn = next;
  }

  private static void checkAttempts(List<Attempt> before, List<Attempt> after) {
    int known = before.size();
    Violation.unless(after.size() == known || after.size() == known + 1, "attempts come one by one", after);
    Violation.unless(after.subList(0, known - 1).equals(before.subList(0, known - 1)),
        "attempts that were followed by another stay", after);
    Attempt was = before.getLast();
    Attempt is = after.get(known - 1);
    Violation.unless(was.generation() == is.generation() && was.startedAt().equals(is.startedAt())
        && is.commits() >= was.commits() && (was.isLive() || was.equals(is)), "an attempt's end is final", after);
    if (after.size() > known) {
      Attempt fresh = after.getLast();
      Violation.unless(!is.isLive(), "one attempt at a time is live", after);
      Violation.unless(fresh.number() == is.number() + 1 && fresh.generation() > is.generation(),
          "attempts are dense and of growing generations", after);
    }
  }

  void cancelled(Cancel next) {
    Violation.unless(turn.isOpen(), "the request of an ended turn never changes", next);
    checkCancel(next);
    turn = turn.withCancel(next);
  }

  private void checkCancel(@Nullable Cancel next) {
    Violation.unless(Transitions.isForward(turn.cancel(), next), "cancel stages only move forward",
        turn.cancel(), next);
  }

  void appended(List<OutputRecord> records) {
    for (OutputRecord record : records) {
      Violation.unless(!endSeen, "nothing comes behind the end", record);
      Violation.unless(record.attempt() == turn.lastAttempt().number() && record.seq() == lastSeq + 1,
          "output is dense per attempt", record);
      Violation.unless(record.payload() instanceof OutputPayload.AttemptStarted == (record.seq() == 1),
          "an attempt begins with its own record", record);
      lastSeq++;
      endSeen = record.payload() instanceof OutputPayload.End;
    }
    turn = turn.withOutput(lastSeq);
  }

  void admitted(Admission admission) {
    admissions.add(admission);
  }

  /** What must hold between units of work. */
  void check() {
    Violation.unless(turn.isOpen() != endSeen, "an ended turn has its end, and an open one has none", turn);
    Violation.unless(turn.lastAttempt().lastOutputSeq() == lastSeq, "an attempt knows its output", turn);
    boolean released = turn.cancel() != null && turn.cancel().releasedAt() != null;
    Violation.unless(released == (turn.cancel() != null && !turn.isOpen()), "released tells of the end", turn);
    Violation.unless(turn.isOpen() || !turn.lastAttempt().isLive(), "no attempt outlives its turn", turn);
  }
}
