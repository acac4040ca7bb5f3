package dev.holdfast.application.workers;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.SessionView;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Projection;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.TranscriptRules;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Creating, listing, showing and ending workers, and reading their transcripts (spec W-32 to W-37). */
public final class WorkerCatalogue {
  private final UnitsOfWork units;
  private final WorkerRules.Terms terms;
  private final InstantSource clock;
  private final Consumer<WorkerId> ended;

  /** @param ended told of every worker that was stopped or cancelled: its open turn may have to be settled */
  public WorkerCatalogue(
      UnitsOfWork units, WorkerRules.Terms terms, InstantSource clock, Consumer<WorkerId> ended) {
    this.units = units;
    this.terms = terms;
    this.clock = clock;
    this.ended = ended;
  }

  /** A worker in a list. */
  public record Summary(Worker worker, SessionView.Activity activity) {}

  /**
   * A worker with everything that its request said and where its session stands.
   *
   * @param profileResolved whether the node has the profile that it selects, which may differ after a restart
   */
  public record Detail(Worker worker, CreateWorker request, SessionView session, boolean profileResolved) {}

  /** A transcript's window; {@code inputs} has each item's input by its entry's sequence. */
  public record TranscriptView(Projection projection, Map<Long, Input> inputs) {}

  public Outcome<Detail> create(Audited call, CreateWorker request, WorkerRules.Caller caller) {
    return units
        .write(call, worker -> worker.id().value(),
            state -> WorkerRules.create(state, request, caller, terms, clock.instant()))
        .map(worker -> units.read(state -> detail(state, state.worker(worker.id()).orElseThrow())));
  }

  public Outcome<Page<Summary>> list(Listing page, @Nullable WorkerStatus status, Reach reach) {
    if (page.refusal() != null) {
      return page.refusal().as();
    }
    return units.read(state -> {
      List<Worker> found = within(state, page, status, reach);
      return new Outcome.Done<>(Page.of(found, page.size(), w -> Long.toString(w.id().number())).map(
          worker -> new Summary(worker, SessionView.of(state, worker.id(), clock.instant()).activity())));
    });
  }

  /** One more than the page has, where there are so many. Those beyond the caller's reach are passed over. */
  private static List<Worker> within(State state, Listing page, @Nullable WorkerStatus status, Reach reach) {
    int wanted = page.size() + 1;
    List<Worker> found = new ArrayList<>();
    long after = page.start();
    while (true) {
      List<Worker> some = state.workers(after, wanted, status, reach.subject());
      some.stream().filter(reach::covers).limit(wanted - found.size()).forEach(found::add);
      if (some.size() < wanted || found.size() == wanted) {
        return found;
      }
      after = some.getLast().id().number();
    }
  }

  /** Parameters as in {@link WorkerRules#find}. */
  public Outcome<Detail> show(@Nullable RuntimeId runtime, WorkerId id, Reach reach) {
    return units.read(state -> WorkerRules.find(state, runtime, id, reach).map(worker -> detail(state, worker)));
  }

  private Detail detail(State state, Worker worker) {
    return new Detail(
        worker, state.request(worker.id()).orElseThrow(), SessionView.of(state, worker.id(), clock.instant()),
        terms.profiles().has(worker.profile()));
  }

  public Outcome<Worker> end(
      Audited call, Sender caller, LifecycleRules.Ending ending, @Nullable String note) {
    Outcome<Worker> outcome = units.write(call, caller.worker().value(),
        state -> LifecycleRules.end(state, caller, ending, note, clock.instant()));
    if (outcome instanceof Outcome.Done<Worker>) {
      ended.accept(caller.worker());
    }
    return outcome;
  }

  /**
   * @param limit null for the runtime's maximum
   */
  public Outcome<TranscriptView> transcript(
      @Nullable RuntimeId runtime, WorkerId id, Reach reach, long start, @Nullable Integer limit) {
    return units.read(state -> {
      int size = limit == null
          ? state.runtime().orElseThrow().limits().maxTranscriptProjectionItems()
          : limit;
      return TranscriptRules.project(state, runtime, id, reach, start, size).map(projection -> {
        Map<Long, Input> inputs = new HashMap<>();
        for (TranscriptEntry entry : projection.items()) {
          // One that is forgotten is its entry alone.
          Optional.ofNullable(entry.input()).flatMap(state::input)
              .ifPresent(input -> inputs.put(entry.sequence(), input));
        }
        return new TranscriptView(projection, inputs);
      });
    });
  }
}
