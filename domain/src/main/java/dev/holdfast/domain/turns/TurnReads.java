package dev.holdfast.domain.turns;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.turns.inputs.InputReads;
import dev.holdfast.domain.turns.leases.LeaseReads;
import dev.holdfast.domain.turns.output.OutputReads;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerReads;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sessions and turns, and what they build on, as one consistent state shows them. */
public interface TurnReads extends WorkerReads, EventReads, LeaseReads, InputReads, OutputReads {

  /** The worker's session; the initial one when nothing was done in it yet. */
  Session session(WorkerId id);

  Optional<Turn> turn(TurnId id);

  /** @return by index, ascending, those with an index above {@code afterIndex} */
  List<Turn> turns(WorkerId session, long afterIndex, int limit);

  /** The transcript entries that a turn's commits appended, in their order. */
  List<TranscriptEntry> entriesOf(TurnId turn);

  Optional<Stamp> stamp(Stamp.Key key);

  /**
   * Sessions of workers with built-in execution that have an open turn or a pending user input, and no live lease (spec
   * T-11); by session, behind {@code after}. The cost is that of the sessions with open or pending work.
   */
  List<WorkerId> workableSessions(Instant now, long after, int limit);
}
