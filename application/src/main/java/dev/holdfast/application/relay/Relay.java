package dev.holdfast.application.relay;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Admissions.Patience;
import dev.holdfast.application.relay.Admissions.Place;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import dev.holdfast.domain.relay.tasks.TaskRules;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Brings a call to a provider of its model: chooses one that is there and has a place, and goes on to the next as long as the
 * caller has seen nothing of an answer (spec §6).
 */
public final class Relay {
  private final UnitsOfWork units;
  private final ProviderCalls calls;
  private final Links links;
  private final LiveTasks tasks;
  private final Admissions admissions;
  private final Cooling cooling;
  private final UsageLog usage;
  private final Ids ids;
  private final InstantSource clock;

  /** What the relay keeps in memory. */
  public record Present(Links links, LiveTasks tasks, Admissions admissions, Cooling cooling) {

    public static Present of(InstantSource clock) {
      var links = new Links(clock);
      return new Present(links, new LiveTasks(links, clock), new Admissions(clock), new Cooling(clock));
    }

    /** Deadlines of what waits and of what is under way; to be called about once in a second. */
    public void tick() {
      tasks.tick();
      admissions.tick();
    }
  }

  public Relay(
      UnitsOfWork units, ProviderCalls calls, Present present, UsageLog usage, Ids ids, InstantSource clock) {
    this.units = units;
    this.calls = calls;
    this.links = present.links();
    this.tasks = present.tasks();
    this.admissions = present.admissions();
    this.cooling = present.cooling();
    this.usage = usage;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Makes the call on the calling thread; interrupting it ends the call.
   *
   * @return what came of it, a failed call among it; or model_not_found, publisher_offline, queue_full,
   *     queue_deadline_exceeded
   */
  public Outcome<Relayed> call(Asked asked) throws InterruptedException {
    var calling = new Calling(asked);
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
    }
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

  /** One call over all its attempts. */
  private final class Calling {
    private final Asked asked;
    private final Meter meter;
    private final Set<String> tried = new HashSet<>();
    private InferenceTask task;
    private boolean known;

    Calling(Asked asked) {
      this.asked = asked;
      this.meter = new Meter(asked, clock, usage);
      this.task = new InferenceTask(InferenceTask.idOf(ids.hex(InferenceTask.ID_DIGITS)), asked.model(),
          asked.viewer().subject(), asked.request().path(), asked.request().body(), asked.request().streaming(),
          asked.mode(), 0, new InferenceTask.State.Pending(), clock.instant(),
          clock.instant().plus(InferenceTask.DEADLINE));
    }

    Outcome<Relayed> run() throws InterruptedException {
      Relayed last = null;
      while (true) {
        Outcome<Place> place = admissions.take(asked.model(), this::candidates, patience());
        if (place instanceof Outcome.Refused<Place> refused) {
          return last == null ? refusal(refused) : new Outcome.Done<>(ended(last));
        }
        Relayed relayed = attempt(place.orThrow());
        if (!isWorthAnother(relayed.answer())) {
          return new Outcome.Done<>(ended(relayed));
        }
        last = relayed;
      }
    }

    private Outcome<Relayed> refusal(Outcome.Refused<Place> refused) {
      return known ? refused.as() : Outcome.refused(Reason.MODEL_NOT_FOUND);
    }

    /** Only a first attempt waits, and only a turn's waits for a provider that isn't there. */
    private Patience patience() {
      return asked.mode() == Mode.TURN && tried.isEmpty()
          ? new Patience(InferenceTask.DEADLINE, true)
          : Patience.OF_CALLERS;
    }

    /** Each member once, beginning anywhere (spec R-40). */
    private List<Provider> candidates() {
      List<Provider> members = units.read(state -> state.providersOf(asked.model())).stream()
          .filter(asked.viewer()::sees).toList();
      known = !members.isEmpty();
      List<Provider> there = new ArrayList<>(
          members.stream().filter(provider -> !tried.contains(provider.name()) && isAvailable(provider)).toList());
      if (there.size() > 1) {
        Collections.rotate(there, ThreadLocalRandom.current().nextInt(there.size()));
      }
      return there;
    }

    private Relayed attempt(Place place) throws InterruptedException {
      Provider provider = place.provider();
      tried.add(provider.name());
      meter.trying(provider.name());
      boolean kept = false;
      try {
        ProviderAnswer answer = switch (provider) {
          case PublicProvider one -> ofNode(one);
          case VirtualProvider one -> ofPublisher(one);
        };
        if (answer instanceof ProviderAnswer.Streamed(var stream)) {
          answer = new ProviderAnswer.Streamed(new MeteredStream(stream, place, meter));
          kept = true;
        }
        return new Relayed(provider, task.id(), tried.size(), place.queuedAt(), place.waited(), answer);
      } finally {
        if (!kept) {
          place.close();
        }
      }
    }

    private ProviderAnswer ofNode(PublicProvider provider) throws InterruptedException {
      task = TaskRules.claim(task, provider.name(), null, clock.instant()).orElseThrow();
      ProviderAnswer answer = calls.call(provider, asked.request());
      if (isWorthAnother(answer)) {
        cooling.failed(provider.name());
        task = TaskRules.failed(task, true, true, Reason.PROVIDER_FAILED, null, clock.instant());
      } else {
        cooling.reached(provider.name());
      }
      return answer;
    }

    private ProviderAnswer ofPublisher(VirtualProvider provider) throws InterruptedException {
      task = TaskRules.claim(task, provider.name(), provider.publisher(), clock.instant()).orElseThrow();
      Attempting attempting = tasks.begin(task);
      boolean goesOn = false;
      try {
        var frame = new LinkFrame.Infer(task.id(), task.epoch(), provider.name(), provider.offer().backendModel(),
            task.path(), task.request(), task.streaming(), task.deadline());
        if (!links.push(provider.publisher(), frame)) {
          attempting.lose(true, Reason.NO_LIVE_LINK, null, clock.instant());
        }
        ProviderAnswer answer = attempting.begin().orElseGet(() -> new ProviderAnswer.Streamed(
            new PublisherStream(attempting, provider.publisher(), Relay.this::left)));
        goesOn = answer instanceof ProviderAnswer.Streamed;
        return answer;
      } finally {
        if (!goesOn) {
          left(attempting, provider.publisher());
        }
        task = attempting.task();
      }
    }

    /** Failures of transport, and the answers of a provider's front that say that the provider isn't there (spec R-41). */
    private boolean isWorthAnother(ProviderAnswer answer) {
      return switch (answer) {
        case ProviderAnswer.Failed(boolean transport, _, _) -> transport;
        case ProviderAnswer.Whole whole -> whole.status() >= 502 && whole.status() <= 504;
        case ProviderAnswer.Streamed _ -> false;
      };
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

  /** Nobody waits for the attempt any more; its publisher ends it if it is still at it (spec R-45). */
  private void left(Attempting attempting, String publisher) {
    InferenceTask.Attempt attempt = attempting.task().attempt();
    if (attempting.isRunning() && attempt != null) {
      attempting.leave(clock.instant());
      links.push(publisher, new LinkFrame.Cancel(attempting.task().id(), attempt.epoch()));
    }
    tasks.end(attempting);
  }
}
