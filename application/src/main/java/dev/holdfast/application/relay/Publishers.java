package dev.holdfast.application.relay;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.admission.Admissions;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.PresenceRules;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.publishers.RegisterRules;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.tasks.TaskRules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Publishers as they come, are heard of, and go (spec ). */
public final class Publishers {
  public static final Duration HEARTBEAT = Duration.ofSeconds(30);

  private final UnitsOfWork units;
  private final Links links;
  private final LiveTasks tasks;
  private final Admissions admissions;
  private final Wakes wakes;
  private final Set<String> sharedPools;
  private final Ids ids;
  private final InstantSource clock;

  /** @param sharedPools the pools that providers of any owner may join (spec R-3) */
  public Publishers(
      UnitsOfWork units, Relay.Present present, Set<String> sharedPools, Ids ids, InstantSource clock) {
    this.units = units;
    this.links = present.links();
    this.tasks = present.tasks();
    this.admissions = present.admissions();
    this.wakes = present.wakes();
    this.sharedPools = Set.copyOf(sharedPools);
    this.ids = ids;
    this.clock = clock;
  }

  /** @param actor the id of the caller's key */
  public Outcome<Registration.Done> register(Audited call, Registration asked, @Nullable String actor) {
    List<String> providerIds = asked.entries().stream().map(_ -> ids.hex(16)).toList();
    var fresh = new Registration.Fresh(ids.hex(Publisher.ID_DIGITS), ids.hex(Publisher.SECRET_DIGITS), providerIds);
    Outcome<Registration.Done> done = units.write(call, registered -> registered.publisher().id(),
        state -> RegisterRules.register(state, asked, fresh, new Registration.Circumstances(sharedPools, tasks.busy()),
            actor, clock.instant()));
    if (done instanceof Outcome.Done<Registration.Done>(Registration.Done registered)) {
      links.heard(registered.publisher().id());
      changed(registered.providers());
    }
    return done;
  }

  /** The publisher that shows itself, if it is one of that owner's, or invalid_publisher. */
  public Outcome<Publisher> known(Registration.Presented as, String owner) {
    return units.read(state -> RegisterRules.known(state, as, owner));
  }

  /** @param statuses what it reports of some of its providers, by name */
  public Outcome<List<VirtualProvider>> heartbeat(Publisher publisher, Map<String, VirtualProvider.Status> statuses) {
    links.heard(publisher.id());
    Outcome<List<VirtualProvider>> heard = units.write(
        state -> PresenceRules.heartbeat(state, publisher, statuses, wakes.kept(), clock.instant()));
    if (heard instanceof Outcome.Done<List<VirtualProvider>>(List<VirtualProvider> providers)) {
      changed(providers);
    }
    return heard;
  }

  /** Opens the publisher's link; the one that it had is closed (spec R-32). */
  public Outcome<Link> bind(Publisher publisher, String key) {
    Outcome<Publisher> linked =
        units.write(state -> PresenceRules.linked(state, publisher.id(), key, clock.instant()));
    if (linked instanceof Outcome.Refused<Publisher> refused) {
      return refused.as();
    }
    // Before the link is there: what fails here leaves none open that nobody reads.
    List<VirtualProvider> providers = units.read(state -> state.providersBy(publisher.id()));
    Link link = links.bind(ids.hex(16), publisher.id(), key);
    link.push(new LinkFrame.Hello(publisher.id(), link.id(), HEARTBEAT,
        providers.stream().map(VirtualProvider::name).toList()));
    changed(providers);
    return new Outcome.Done<>(link);
  }

  /** A link has ended. Only the publisher's present one's end means that it is gone (spec R-33). */
  public void unbind(Link link) {
    if (!links.unbind(link)) {
      return;
    }
    Instant lostAt = clock.instant();
    try {
      // First: whoever waits for the publisher is told, whether the store can be written or not.
      wakes.lost(link);
      tasks.lost(link);
    } finally {
      units.write(state -> PresenceRules.unlinked(state, link.publisher(), lostAt, isBack(link.publisher(), lostAt),
          clock.instant())).orThrow();
      changed(units.read(state -> state.providersBy(link.publisher())));
    }
  }

  private boolean isBack(String publisher, Instant lostAt) {
    return links.isOpen(publisher) || links.lastHeard(publisher).isAfter(lostAt);
  }

  /** A provider's model was loaded, as its publisher says; the calls that waited for it go on in their order (spec R-61). */
  public Outcome<Boolean> woken(String task, TaskRules.Poster by) {
    Outcome<Wakes.Wake> found = wake(task, by);
    if (found instanceof Outcome.Done<Wakes.Wake>(Wakes.Wake wake)) {
      units.write(state -> PresenceRules.woken(state, wake.provider(), clock.instant())).orThrow();
      boolean there = units.read(state -> state.provider(wake.provider()))
          .filter(known -> known instanceof VirtualProvider one && one.status() == VirtualProvider.Status.ACTIVE)
          .isPresent();
      end(wake, there);
    }
    return found.map(_ -> true);
  }

  /** A provider's model could not be loaded, as its publisher says. */
  public Outcome<Boolean> notWoken(String task, TaskRules.Poster by) {
    return wake(task, by).map(wake -> {
      end(wake, false);
      return true;
    });
  }

  private Outcome<Wakes.Wake> wake(String task, TaskRules.Poster by) {
    return wakes.find(task, by).<Outcome<Wakes.Wake>>map(Outcome.Done::new)
        .orElseGet(() -> Outcome.refused(Reason.TASK_NOT_FOUND));
  }

  private void end(Wakes.Wake wake, boolean there) {
    if (there) {
      wakes.succeeded(wake);
    } else {
      wakes.failed(wake);
    }
    admissions.changed(wake.model());
  }

  /** Those of whom nothing is heard are inactive, and forgotten later (spec R-70). */
  public PresenceRules.Swept sweep() {
    Set<String> busy = new HashSet<>(tasks.busy());
    Map<String, String> publisherOf = units.read(state -> state.providers("", Integer.MAX_VALUE)).stream()
        .filter(VirtualProvider.class::isInstance).map(VirtualProvider.class::cast)
        .collect(Collectors.toMap(Provider::name, VirtualProvider::publisher));
    return units.write(state -> PresenceRules.sweep(state, name -> {
      String publisher = publisherOf.get(name);
      return publisher == null ? null : links.lastHeard(publisher);
    }, busy, clock.instant())).orThrow();
  }

  private void changed(List<VirtualProvider> providers) {
    admissions.changed(providers.stream().map(Provider::model).collect(Collectors.toSet()));
  }
}
