package dev.holdfast.application.relay;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.admission.Admissions;
import dev.holdfast.application.relay.admission.Admissions.Patience;
import dev.holdfast.application.relay.admission.Admissions.Place;
import dev.holdfast.application.relay.providers.Cooling;
import dev.holdfast.application.relay.providers.OwnCalls;
import dev.holdfast.application.relay.providers.Roster;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import dev.holdfast.domain.relay.tasks.TaskRules;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings a call to a provider of its model: chooses one that is there and has a place, and goes on to the next as long as the
 * caller has seen nothing of an answer (spec §6).
 */
public final class Relay {
  private final Roster roster;
  private final ProviderCalls calls;
  private final Links links;
  private final LiveTasks tasks;
  private final Admissions admissions;
  private final Cooling cooling;
  private final Wakes wakes;
  private final OwnCalls own;
  private final UsageLog usage;
  private final Ids ids;
  private final InstantSource clock;

  /** What the relay keeps in memory. */
  public record Present(Links links, LiveTasks tasks, Admissions admissions, Cooling cooling, Wakes wakes,
      OwnCalls own) {

    public static Present of(InstantSource clock) {
      var links = new Links(clock);
      return new Present(links, new LiveTasks(links, clock), new Admissions(clock), new Cooling(clock),
          new Wakes(links, clock), new OwnCalls(clock));
    }

    /** Deadlines of what waits and of what is under way; to be called about once in a second. */
    public void tick() {
      ticks().forEach(Runnable::run);
    }

    /** The parts of a tick, none of which needs another. */
    List<Runnable> ticks() {
      return List.of(tasks::tick, () -> admissions.changed(wakes.tick()), admissions::tick, own::tick);
    }
  }

  public Relay(
      UnitsOfWork units, ProviderCalls calls, Present present, UsageLog usage, Ids ids, InstantSource clock) {
    this.roster = new Roster(units);
    this.calls = calls;
    this.links = present.links();
    this.tasks = present.tasks();
    this.admissions = present.admissions();
    this.cooling = present.cooling();
    this.wakes = present.wakes();
    this.own = present.own();
    this.usage = usage;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Makes the call on the calling thread; interrupting it ends the call.
   *
   * @param place told of its place in a queue as {@link Patience} says
   * @return what came of it, a failed call among it; or model_not_found, publisher_offline, wake_failed, queue_full,
   *     queue_deadline_exceeded
   */
  public Outcome<Relayed> call(Asked asked, IntConsumer place) throws InterruptedException {
    var calling = new Calling(asked, place);
    boolean told = false;
    try {
      Outcome<Relayed> outcome = calling.run();
      told = true;
      if (outcome instanceof Outcome.Refused<Relayed> refused) {
        calling.meter.ended(refused.reason().code());
      }
      return outcome;
    } finally {
      if (!told) {
        calling.meter.ended(Meter.CANCELLED);
      }
      calling.leave();
    }
  }

  /** As {@link #call(Asked, IntConsumer)}, for who doesn't tell of its place. */
  public Outcome<Relayed> call(Asked asked) throws InterruptedException {
    return call(asked, _ -> {
    });
  }

  private boolean isThere(Provider provider) {
    return switch (provider) {
      case PublicProvider one -> !cooling.isCooling(one.name());
      case VirtualProvider one -> one.status() == VirtualProvider.Status.ACTIVE && links.isOpen(one.publisher());
    };
  }

  /** Whether the provider can be had at the moment. */
  public boolean isAvailable(Provider provider) {
    return provider.enabled() && isThere(provider);
  }

  /** Whom a call may choose; to be closed when the call is over. */
  public Choosing choosing(String model, Viewer viewer) {
    return new Choosing(this, wakes, model, viewer);
  }

  /** Whether its publisher can load the model of the provider, which isn't loaded. */
  public boolean canBeWoken(VirtualProvider provider) {
    return provider.enabled() && provider.status() == VirtualProvider.Status.HIBERNATING
        && provider.offer().wakeWithin() != null && links.isOpen(provider.publisher());
  }

  /** The providers of the model that the viewer sees, by name. */
  public List<Provider> members(String model, Viewer viewer) {
    return roster.of(model).stream().filter(viewer::sees).toList();
  }

  /** For a task that is none yet. */
  public String digits() {
    return ids.hex(InferenceTask.ID_DIGITS);
  }

  /** One call over all its attempts. */
  private final class Calling {
    private final Asked asked;
    private final IntConsumer place;
    private final Meter meter;
    private final Choosing choosing;
    private InferenceTask task;
    private boolean streams;

    Calling(Asked asked, IntConsumer place) {
      this.asked = asked;
      this.place = place;
      this.meter = new Meter(asked, clock, usage);
      this.choosing = choosing(asked.model(), asked.viewer());
      this.task = new InferenceTask(InferenceTask.idOf(digits()), asked.model(), asked.viewer().subject(), asked.key(),
          asked.request().path(), asked.request().body(), asked.request().streaming(), asked.mode(), 0,
          new InferenceTask.State.Pending(), clock.instant(), clock.instant().plus(InferenceTask.DEADLINE));
    }

    Outcome<Relayed> run() throws InterruptedException {
      Relayed last = null;
      while (true) {
        Outcome<Place> taken = admissions.take(asked.model(), choosing, patience());
        if (taken instanceof Outcome.Refused<Place> refused) {
          return last == null ? choosing.refusal(refused) : new Outcome.Done<>(ended(last));
        }
        Relayed relayed = attempt(taken.orThrow());
        if (!relayed.answer().isWorthAnother()) {
          return new Outcome.Done<>(ended(relayed));
        }
        last = relayed;
      }
    }

    /** Only a first attempt waits, and only a turn's waits for a provider that isn't there. */
    private Patience patience() {
      return asked.mode() == Mode.TURN && choosing.attempts() == 0
          ? new Patience(InferenceTask.DEADLINE, true, place)
          : new Patience(Admissions.WAIT_AT_MOST, false, place);
    }

    private Relayed attempt(Place at) throws InterruptedException {
      Provider provider = at.provider();
      choosing.tried(provider.name());
      meter.trying(provider.name());
      try {
        task = TaskRules.claim(task, provider.name(), publisherOf(provider), clock.instant()).orElseThrow();
        Attempted attempted = Relay.this.attempt(task, provider, _ -> {
        });
        task = attempted.task();
        ProviderAnswer answer = attempted.answer();
        if (answer instanceof ProviderAnswer.Streamed(var stream)) {
          answer = new ProviderAnswer.Streamed(new MeteredStream(stream, () -> {
            at.close();
            choosing.close();
          }, meter));
          streams = true;
        }
        return new Relayed(provider, task.id(), choosing.attempts(), at.queuedAt(), at.waited(), answer);
      } finally {
        if (!streams) {
          at.close();
        }
      }
    }

    /** Behind a stream it is the stream's end that counts. */
    void leave() {
      if (!streams) {
        choosing.close();
      }
    }

    private Relayed ended(Relayed relayed) {
      switch (relayed.answer()) {
        case ProviderAnswer.Whole whole -> meter.whole(whole);
        case ProviderAnswer.Failed failed -> meter.ended(failed.reason().code());
        case ProviderAnswer.Streamed _ -> {
          // Its own end is told when it comes.
        }
      }
      return relayed;
    }
  }

  /** How an attempt began, and where its task is. */
  public record Attempted(InferenceTask task, ProviderAnswer answer) {}

  /** Who runs an attempt of that provider; null when the node does. */
  public static @Nullable String publisherOf(Provider provider) {
    return provider instanceof VirtualProvider one ? one.publisher() : null;
  }

  /**
   * Makes one attempt on the calling thread, up to where its answer begins; interrupting it ends the attempt.
   *
   * @param claimed a task whose attempt that provider was given
   * @param ended told of the task when a publisher's attempt has ended, before the publisher hears that it was taken
   */
  public Attempted attempt(InferenceTask claimed, Provider provider, Consumer<InferenceTask> ended)
      throws InterruptedException {
    return switch (provider) {
      case PublicProvider one -> ofNode(claimed, one);
      case VirtualProvider one -> ofPublisher(claimed, one, ended);
    };
  }

  private Attempted ofNode(InferenceTask claimed, PublicProvider provider) throws InterruptedException {
    var request = new InferenceRequest(claimed.path(), claimed.request(), claimed.streaming());
    ProviderAnswer answer = own.call(calls, provider, request, claimed.deadline());
    if (answer instanceof ProviderAnswer.Failed(_, Reason reason, _) && reason == Reason.TASK_DEADLINE_EXCEEDED) {
      return new Attempted(TaskRules.failed(claimed, false, false, reason, null, clock.instant()), answer);
    }
    if (!answer.isWorthAnother()) {
      cooling.reached(provider.name());
      return new Attempted(claimed, answer);
    }
    cooling.failed(provider.name());
    return new Attempted(TaskRules.failed(claimed, true, true, Reason.PROVIDER_FAILED, null, clock.instant()), answer);
  }

  private Attempted ofPublisher(InferenceTask claimed, VirtualProvider provider, Consumer<InferenceTask> ended)
      throws InterruptedException {
    // Known before the frame goes out: a link that ends meanwhile takes the attempt with it, or takes no frame.
    Link over = links.link(provider.publisher()).orElse(null);
    Attempting attempting = tasks.begin(claimed, over, ended);
    boolean goesOn = false;
    try {
      var frame = new LinkFrame.Infer(claimed.id(), claimed.epoch(), provider.name(), provider.offer().backendModel(),
          claimed.path(), claimed.request(), claimed.streaming(), claimed.deadline());
      if (over == null || !over.push(frame)) {
        attempting.lose(true, Reason.NO_LIVE_LINK, null, clock.instant());
      }
      ProviderAnswer answer = attempting.begin().orElseGet(
          () -> new ProviderAnswer.Streamed(new PublisherStream(attempting, provider.publisher(), this::left)));
      goesOn = answer instanceof ProviderAnswer.Streamed;
      return new Attempted(attempting.task(), answer);
    } finally {
      if (!goesOn) {
        left(attempting, provider.publisher());
      }
    }
  }

  /** Nobody waits for the attempt any more; its publisher ends it if it is still at it (spec R-45). */
  private void left(Attempting attempting, String publisher) {
    InferenceTask.Attempt attempt = attempting.task().attempt();
    if (attempting.isRunning() && attempt != null) {
      attempting.leave(clock.instant());
      tasks.tellToEnd(attempting.task().id(), new TaskRules.Poster(publisher, attempt.epoch()));
    }
    tasks.end(attempting);
  }
}
