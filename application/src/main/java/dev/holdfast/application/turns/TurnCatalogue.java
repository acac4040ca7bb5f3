package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.application.workers.Page;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.SessionView;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looking at sessions and turns. Subjects as in {@link WorkerRules#find}. */
public final class TurnCatalogue {
  private final UnitsOfWork units;
  private final InstantSource clock;

  public TurnCatalogue(UnitsOfWork units, InstantSource clock) {
    this.units = units;
    this.clock = clock;
  }

  public Outcome<Page<Turn>> list(
      @Nullable RuntimeId runtime, WorkerId worker, @Nullable String subject, Listing page) {
    if (page.refusal() != null) {
      return page.refusal().as();
    }
    return units.read(state -> WorkerRules.find(state, runtime, worker, subject).map(found -> Page.of(
        state.turns(worker, page.start(), page.size() + 1), page.size(), turn -> Long.toString(turn.index()))));
  }

  public Outcome<Turn> show(TurnId id, @Nullable String subject) {
    return units.read(state -> visible(state, id, subject));
  }

  /** A turn of another subject's worker answers as an unknown one. */
  static Outcome<Turn> visible(State state, TurnId id, @Nullable String subject) {
    Optional<Turn> turn = state.turn(id)
        .filter(t -> WorkerRules.find(state, null, t.session(), subject) instanceof Outcome.Done<?>);
    return turn.isPresent() ? new Outcome.Done<>(turn.get()) : Outcome.refused(Reason.TURN_NOT_FOUND);
  }

  public Outcome<SessionView> session(@Nullable RuntimeId runtime, WorkerId worker, @Nullable String subject) {
    return units.read(state -> WorkerRules.find(state, runtime, worker, subject)
        .map(found -> SessionView.of(state, worker, clock.instant())));
  }
}
