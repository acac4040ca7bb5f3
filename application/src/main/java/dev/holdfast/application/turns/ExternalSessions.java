package dev.holdfast.application.turns;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerRules;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What every call of an executor is asked before its rule: may it reach the session, and is its fence one of it. */
final class ExternalSessions {
  private ExternalSessions() {}

  static <T> Decision<T> reached(State state, Reach reach, WorkerId session, Supplier<Decision<T>> rule) {
    return WorkerRules.find(state, null, session, reach) instanceof Outcome.Refused<Worker> refused
        ? Decision.refused(refused)
        : rule.get();
  }

  /** A fence of another session than the one that is named is no proof of holding that (spec T-6). */
  static <T> Decision<T> held(State state, Reach reach, WorkerId session, Fence fence, Supplier<Decision<T>> rule) {
    return reached(state, reach, session, () -> fence.session().equals(session)
        ? rule.get()
        : Decision.refused(Reason.SESSION_BINDING_MISMATCH));
  }

  /** The request to cancel a turn, for the answers of its holder. */
  static @Nullable Cancel cancel(State state, @Nullable TurnId turn) {
    return Optional.ofNullable(turn).flatMap(state::turn).map(Turn::cancel).orElse(null);
  }
}
