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
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.SessionView;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looking at sessions and turns; those of workers beyond the caller's reach answer as unknown ones. */
public final class TurnCatalogue {
  private final UnitsOfWork units;
  private final InstantSource clock;

  public TurnCatalogue(UnitsOfWork units, InstantSource clock) {
    this.units = units;
    this.clock = clock;
  }

  public Outcome<Page<Turn>> list(
      @Nullable RuntimeId runtime, WorkerId worker, Reach reach, Listing page) {
    if (page.refusal() != null) {
      return page.refusal().as();
    }
    return units.read(state -> WorkerRules.find(state, runtime, worker, reach).map(found -> Page.of(
        state.turns(worker, page.start(), page.size() + 1), page.size(), turn -> Long.toString(turn.index()))));
  }

  public Outcome<Turn> show(TurnId id, Reach reach) {
    return units.read(state -> visible(state, id, reach));
  }

  /** A turn with what its commits took in at checkpoints. */
  public record Detail(Turn turn, List<Admission> admissions) {
    public Detail {
      admissions = List.copyOf(admissions);
    }
  }

  public Outcome<Detail> detail(TurnId id, Reach reach) {
    return units.read(state -> visible(state, id, reach).map(turn -> new Detail(turn, state.admissions(id))));
  }

  static Outcome<Turn> visible(State state, TurnId id, Reach reach) {
    Optional<Turn> turn = state.turn(id)
        .filter(t -> WorkerRules.find(state, null, t.session(), reach) instanceof Outcome.Done<?>);
    return turn.isPresent() ? new Outcome.Done<>(turn.get()) : Outcome.refused(Reason.TURN_NOT_FOUND);
  }

  public Outcome<SessionView> session(@Nullable RuntimeId runtime, WorkerId worker, Reach reach) {
    return units.read(state -> WorkerRules.find(state, runtime, worker, reach)
        .map(found -> SessionView.of(state, worker, clock.instant())));
  }
}
