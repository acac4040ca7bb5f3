package dev.holdfast.application.relay.tasks;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.LiveTasks;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.application.workers.Page;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.KeptTasks;
import dev.holdfast.domain.workers.repeats.AskedOnce;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Calls that nobody waits for: asked for, looked at, followed and cancelled (spec, §13). */
public final class InferenceTasks {
  private static final String ID = "task-[0-9a-f]{32}";

  private final UnitsOfWork units;
  private final Relay relay;
  private final LiveTasks live;
  private final TaskDispatch dispatch;
  private final Ids ids;
  private final InstantSource clock;

  public InferenceTasks(
      UnitsOfWork units, Relay relay, LiveTasks live, TaskDispatch dispatch, Ids ids, InstantSource clock) {
    this.units = units;
    this.relay = relay;
    this.live = live;
    this.dispatch = dispatch;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * A task, and how it stands.
   *
   * @param place among the tasks that wait for its model, from 1; 0 for one that doesn't wait
   * @param estimate how long it may wait yet; null where nothing is known of it
   * @param isPossible whether it has a provider that may come to it
   * @param cancel how far its cancel has come; null where it isn't cancelled
   */
  public record Shown(
      InferenceTask task, int place, @Nullable Duration estimate, boolean isPossible, @Nullable Stages cancel) {}

  /** How far a cancel has come (spec R-36); that it was requested is durable before anything else. */
  public record Stages(boolean delivered, boolean acknowledged, boolean released) {}

  /** @param key the caller's {@code Idempotency-Key}, under which it is one task, or null */
  public Outcome<Shown> submit(
      Audited call, KeptTasks.Draft draft, KeptTasks.Caller caller, @Nullable String key) {
    dispatch.requireStarted();
    String digits = ids.hex(InferenceTask.ID_DIGITS);
    var asked =
        new AskedOnce("inference-task " + caller.viewer().subject(), key, draft.fingerprint(), "existing_task_id");
    Outcome<InferenceTask> enqueued = units.write(call, InferenceTask::id,
        state -> asked.decide(state, state::task, InferenceTask::id,
            () -> KeptTasks.enqueue(state, digits, draft, caller, clock.instant()), clock.instant()));
    if (enqueued instanceof Outcome.Done<InferenceTask>(InferenceTask task)) {
      dispatch.enqueued(task, caller.viewer());
    }
    return enqueued.map(this::shown);
  }

  /** @param owner whose, or null for all */
  public Outcome<Shown> show(String id, @Nullable String owner) {
    Optional<InferenceTask> found = units.read(state -> KeptTasks.find(state, id, owner));
    return found.<Outcome<Shown>>map(task -> new Outcome.Done<>(shown(task)))
        .orElseGet(() -> Outcome.refused(Reason.TASK_NOT_FOUND));
  }

  /** @param which of them */
  public Outcome<Page<Shown>> list(Listing page, Predicate<InferenceTask> which, @Nullable String owner) {
    Outcome.Refused<?> refusal = page.refusal(ID);
    return refusal == null
        ? new Outcome.Done<>(Page.of(units.read(state -> within(state, page, which, owner)), page.size(),
            InferenceTask::id).map(this::shown))
        : refusal.as();
  }

  /** One more than the page has, where there are so many. */
  private static List<InferenceTask> within(
      State state, Listing page, Predicate<InferenceTask> which, @Nullable String owner) {
    int wanted = page.size() + 1;
    List<InferenceTask> found = new ArrayList<>();
    String after = page.after() == null ? "" : page.after();
    while (true) {
      List<InferenceTask> some = state.tasks(after, wanted, owner);
      some.stream().filter(which).limit(wanted - found.size()).forEach(found::add);
      if (some.size() < wanted || found.size() == wanted) {
        return found;
      }
      after = some.getLast().id();
    }
  }

  /** One that has ended stays as it is; its stages are told. */
  public Outcome<Shown> cancel(Audited call, String id, @Nullable String owner) {
    dispatch.requireStarted();
    Outcome<InferenceTask> cancelled =
        units.write(call, InferenceTask::id, state -> KeptTasks.cancel(state, id, owner, clock.instant()));
    if (cancelled instanceof Outcome.Done<InferenceTask>(InferenceTask task)) {
      dispatch.ended(task);
    }
    return cancelled.map(this::shown);
  }

  /**
   * @param seenEpoch the attempt of the last chunk that the reader has seen, 0 for none
   * @param seenSeq its number
   */
  public Outcome<TaskRing.Reader> follow(String id, @Nullable String owner, int seenEpoch, long seenSeq) {
    dispatch.requireStarted();
    // The ring first: a task that ends meanwhile ends its ring.
    Optional<TaskRing> ring = dispatch.ring(id);
    Optional<InferenceTask> found = units.read(state -> KeptTasks.find(state, id, owner));
    return found.<Outcome<TaskRing.Reader>>map(
        task -> new Outcome.Done<>(ring.orElseGet(() -> TaskRing.ended(task)).reader(seenEpoch, seenSeq)))
        .orElseGet(() -> Outcome.refused(Reason.TASK_NOT_FOUND));
  }

  private Shown shown(InferenceTask kept) {
    InferenceTask task = kept.hasEnded() ? kept : live.task(kept.id())
        .filter(now -> now.epoch() == kept.epoch() && !now.hasEnded()).orElse(kept);
    int place = task.state() instanceof InferenceTask.State.Pending ? dispatch.place(task.id()) : 0;
    boolean possible = !task.hasEnded()
        && (task.attempt() != null
            || relay.members(task.model(), dispatch.viewer(task)).stream().anyMatch(this::mayServe));
    return new Shown(task, place, place == 0 ? null : dispatch.estimate(task.model(), place), possible, stages(task));
  }

  private boolean mayServe(Provider provider) {
    return relay.isAvailable(provider) || (provider instanceof VirtualProvider one && relay.canBeWoken(one));
  }

  /** A frame is written before the place is given back, and the links of a node that has stopped are gone. */
  private @Nullable Stages stages(InferenceTask task) {
    if (!(task.state() instanceof InferenceTask.State.Cancelled)) {
      return null;
    }
    boolean released = !dispatch.isAtWork(task.id());
    return new Stages(released, released && !live.isToEnd(task.id()), released);
  }
}
