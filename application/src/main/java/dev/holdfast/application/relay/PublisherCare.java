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
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.publishers.PublisherRules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Publishers as those see them who own them or look after the node. */
public final class PublisherCare {
  private final UnitsOfWork units;
  private final Links links;
  private final LiveTasks tasks;
  private final Admissions admissions;
  private final Ids ids;
  private final InstantSource clock;

  public PublisherCare(UnitsOfWork units, Relay.Present present, Ids ids, InstantSource clock) {
    this.units = units;
    this.links = present.links();
    this.tasks = present.tasks();
    this.admissions = present.admissions();
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * A publisher, and how it is doing.
   *
   * @param link the id of its open link, or null
   * @param silent for how long nothing was heard of it; null when this process never heard of it
   * @param inFlight calls that its providers work on
   */
  public record Seen(
      Publisher publisher, List<VirtualProvider> providers, @Nullable String link, @Nullable Duration silent,
      int inFlight) {
    public Seen {
      providers = List.copyOf(providers);
    }
  }

  /**
   * By id.
   *
   * @param owner whose, or null for all
   */
  public List<Seen> list(@Nullable String owner) {
    return units.read(state -> state.publishers("", Integer.MAX_VALUE)).stream()
        .filter(publisher -> owner == null || publisher.owner().equals(owner)).map(this::seen).toList();
  }

  /** @param owner whose are known, or null for all */
  public Outcome<Seen> show(String id, @Nullable String owner) {
    return units.read(state -> PublisherRules.find(state, id, owner)).map(this::seen)
        .<Outcome<Seen>>map(Outcome.Done::new).orElseGet(() -> Outcome.refused(Reason.PUBLISHER_NOT_FOUND));
  }

  private Seen seen(Publisher publisher) {
    List<VirtualProvider> providers = units.read(state -> state.providersBy(publisher.id()));
    Instant heard = links.lastHeard(publisher.id());
    return new Seen(publisher, providers, links.link(publisher.id()).map(Link::id).orElse(null),
        heard == null ? null : Duration.between(heard, clock.instant()),
        providers.stream().mapToInt(provider -> admissions.inFlight(provider.name())).sum());
  }

  /** The new secret, told this once. */
  public record Rotated(Publisher publisher, String secret) {}

  public Outcome<Rotated> rotate(Audited call, String id, @Nullable String owner) {
    String secret = ids.hex(Publisher.SECRET_DIGITS);
    return units.write(call, Publisher::id, state -> PublisherRules.rotate(state, id, owner, secret))
        .map(publisher -> new Rotated(publisher, secret));
  }

  /** Its link, if it has one, is closed; the machine may register anew. */
  public Outcome<Publisher> remove(Audited call, String id, @Nullable String owner, @Nullable String actor) {
    Set<String> models = units.read(state -> state.providersBy(id)).stream().map(Provider::model)
        .collect(Collectors.toSet());
    Set<String> busy = new HashSet<>(admissions.busy());
    busy.addAll(tasks.busy());
    Outcome<Publisher> removed = units.write(call, Publisher::id,
        state -> PublisherRules.remove(state, id, owner, busy, actor, clock.instant()));
    if (removed instanceof Outcome.Done<Publisher>) {
      links.link(id).ifPresent(link -> link.close(LinkFrame.Why.DRAINING));
      admissions.changed(models);
    }
    return removed;
  }
}
