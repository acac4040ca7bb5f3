package dev.holdfast.domain.relay.publishers;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.ProviderReads;
import dev.holdfast.domain.relay.ProviderRules;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Registers a publisher with its providers: all of them or none (spec R-30, and the table of §3). */
public final class RegisterRules {
  private RegisterRules() {}

  /** @param actor the id of the caller's key */
  public static <S extends ProviderReads & PublisherReads & EventReads> Decision<Registration.Done> register(
      S state, Registration asked, Registration.Fresh fresh, Registration.Circumstances around, @Nullable String actor,
      Instant now) {
    Outcome<Publisher> publisher = publisher(state, asked, fresh, now);
    if (publisher instanceof Outcome.Refused<Publisher> refused) {
      return Decision.refused(refused);
    }
    if (asked.entries().isEmpty() || asked.entries().size() > Registration.MAX_ENTRIES) {
      return Decision.refused(Outcome.invalid("providers"));
    }
    var registering = new Registering(state, publisher.orThrow(), around, now);
    for (int i = 0; i < asked.entries().size(); i++) {
      Registration.Entry entry = asked.entries().get(i);
      Outcome<VirtualProvider> taken = registering.take(entry, Provider.idFrom(fresh.providerIds().get(i)));
      if (taken instanceof Outcome.Refused<VirtualProvider> refused) {
        return Decision.refused(at(refused, i, entry.offer().name()));
      }
    }
    boolean known = asked.as() != null;
    var done = new Registration.Done(publisher.orThrow(), known ? null : fresh.secret(), registering.taken);
    return Decision.done(done, registering.changes(actor));
  }

  /** The publisher that presents itself, if it is one of the caller's. */
  public static Outcome<Publisher> known(PublisherReads state, Registration.Presented as, String owner) {
    Optional<Publisher> known = state.publisher(as.publisher())
        .filter(publisher -> publisher.isSecret(as.secret()) && publisher.owner().equals(owner));
    return known.isPresent() ? new Outcome.Done<>(known.get()) : Outcome.refused(Reason.INVALID_PUBLISHER);
  }

  private static Outcome<Publisher> publisher(
      PublisherReads state, Registration asked, Registration.Fresh fresh, Instant now) {
    if (asked.label() != null && (asked.label().isBlank() || asked.label().length() > Publisher.MAX_LABEL)) {
      return Outcome.invalid("label");
    }
    return asked.as() == null
        ? new Outcome.Done<>(new Publisher(Publisher.idOf(fresh.publisherId()), asked.owner(),
            Publisher.hash(fresh.secret()), asked.label(), now, now, 0))
        : known(state, asked.as(), asked.owner()).map(publisher -> publisher.seen(now));
  }

  private static Outcome.Refused<Registration.Done> at(Outcome.Refused<?> refused, int index, String name) {
    Object field = refused.facts().get("field");
    return new Outcome.Refused<>(refused.reason(), field == null
        ? Map.of("index", index, "name", name)
        : Map.of("index", index, "name", name, "field", "providers[" + index + "]." + field));
  }

  /** One registration under way. */
  private static final class Registering {
    private final ProviderReads state;
    private final EventReads feed;
    private final Publisher publisher;
    private final Registration.Circumstances around;
    private final Instant now;
    private final Set<String> names = new HashSet<>();
    private final List<VirtualProvider> taken = new ArrayList<>();
    private final List<String> adopted = new ArrayList<>();

    <S extends ProviderReads & EventReads> Registering(
        S state, Publisher publisher, Registration.Circumstances around, Instant now) {
      this.state = state;
      this.feed = state;
      this.publisher = publisher;
      this.around = around;
      this.now = now;
    }

    Outcome<VirtualProvider> take(Registration.Entry entry, String freshId) {
      Offer offer = entry.offer();
      Outcome<Offer> checked = offer.checked();
      if (checked instanceof Outcome.Refused<Offer> refused) {
        return refused.as();
      }
      if (!names.add(offer.name())) {
        return Outcome.refused(Reason.INVALID_NAME);
      }
      if (entry.initial() == VirtualProvider.Status.INACTIVE) {
        return Outcome.invalid("initial_status");
      }
      Outcome<VirtualProvider> placed = place(entry, freshId);
      if (placed instanceof Outcome.Done<VirtualProvider>(VirtualProvider provider)) {
        if (ProviderRules.joinsOthers(state, provider, around.sharedPools())) {
          return Outcome.refused(Reason.POOL_OWNED_BY_OTHER);
        }
        if (entry.initial() == VirtualProvider.Status.HIBERNATING && offer.wakeWithin() == null) {
          return Outcome.invalid("wake");
        }
        taken.add(provider);
      }
      return placed;
    }

    private Outcome<VirtualProvider> place(Registration.Entry entry, String freshId) {
      return switch (state.provider(entry.offer().name()).orElse(null)) {
        case null -> new Outcome.Done<>(new VirtualProvider(freshId, publisher.owner(), entry.offer(), publisher.id(),
            entry.initial(), true, now, null, now, now));
        case PublicProvider _ -> Outcome.refused(Reason.NAME_TAKEN_BY_PUBLIC);
        case VirtualProvider known when known.publisher().equals(publisher.id()) -> registered(known, entry);
        case VirtualProvider known when known.status() != VirtualProvider.Status.INACTIVE ->
          Outcome.refused(Reason.NAME_ACTIVE_ELSEWHERE);
        case VirtualProvider known when !known.owner().equals(publisher.owner()) ->
          Outcome.refused(Reason.NAME_OWNED_BY_OTHER);
        case VirtualProvider known when around.busy().contains(known.name()) ->
          Outcome.refused(Reason.NAME_ACTIVE_ELSEWHERE);
        case VirtualProvider known -> {
          adopted.add(known.name());
          yield registered(known, entry);
        }
      };
    }

    private Outcome<VirtualProvider> registered(VirtualProvider known, Registration.Entry entry) {
      return new Outcome.Done<>(known.registered(publisher.id(), entry.offer(), entry.initial(), now));
    }

    List<Change> changes(@Nullable String actor) {
      List<Change> changes = new ArrayList<>();
      changes.add(new PublisherChange.Put(publisher));
      taken.forEach(provider -> changes.add(new ProviderChange.VirtualPut(provider)));
      var events = new NewEvents(feed, now, actor);
      events.add(null, EventName.PUBLISHER_REGISTERED, Json.object("publisher", publisher.id(), "providers",
          taken.stream().map(VirtualProvider::name).toList()), null);
      adopted.forEach(name -> events.add(null, EventName.PUBLISHER_ADOPTED,
          Json.object("publisher", publisher.id(), "provider", name), null));
      changes.addAll(events.changes());
      return changes;
    }
  }
}
