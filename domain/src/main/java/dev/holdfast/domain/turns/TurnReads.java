package dev.holdfast.domain.turns;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.InputReads;
import dev.holdfast.domain.turns.leases.LeaseReads;
import dev.holdfast.domain.turns.output.OutputReads;
import dev.holdfast.domain.turns.queue.QueueReads;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerReads;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions and turns, and what they build on, as one consistent state shows them. */
public interface TurnReads extends WorkerReads, EventReads, LeaseReads, InputReads, QueueReads, OutputReads {

  /** The worker's session; the initial one when nothing was done in it yet. */
  Session session(WorkerId id);

  Optional<Turn> turn(TurnId id);

  /** @return by index, ascending, those with an index above {@code afterIndex} */
  List<Turn> turns(WorkerId session, long afterIndex, int limit);

  /** The transcript entries that a turn's commits appended, in their order. */
  List<TranscriptEntry> entriesOf(TurnId turn);

  Optional<Stamp> stamp(Stamp.Key key);

  /** What the commits of a turn took in at its checkpoints, in their order. */
  List<Admission> admissions(TurnId turn);

  /**
   * Sessions that have something to do and no live lease (spec T-11): an open turn, or, of running workers only, a user input
   * that waits for the next turn or a batch that is available; by session, behind {@code after}. The cost is that of the
   * sessions with open or waiting work.
   */
  List<WorkerId> workableSessions(Workable which, Instant now, long after, int limit);

  /**
   * Which sessions are looked for.
   *
   * @param owner only workers of that subject, or all when null
   * @param openOnly only sessions with an open turn
   */
  record Workable(Execution execution, @Nullable String owner, boolean openOnly) {
    /** What the built-in executor drains. */
    public static final Workable BUILTIN = new Workable(Execution.BUILTIN, null, false);

    /** What may have to be settled, or resumed. */
    public static final Workable BUILTIN_OPEN = new Workable(Execution.BUILTIN, null, true);

    /** What may have to be settled though an external executor owns it (spec T-63). */
    public static final Workable EXTERNAL_OPEN = new Workable(Execution.EXTERNAL, null, true);
  }
}
