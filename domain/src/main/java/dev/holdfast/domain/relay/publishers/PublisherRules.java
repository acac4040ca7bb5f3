package dev.holdfast.domain.relay.publishers;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.ProviderReads;
import dev.holdfast.domain.relay.VirtualProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is done with publishers by those who own them or look after the node (spec ). */
public final class PublisherRules {
  private PublisherRules() {}

  /** @param owner whose publishers are known, or null for all: another's is an unknown one */
  public static Optional<Publisher> find(PublisherReads state, String id, @Nullable String owner) {
    return state.publisher(id).filter(known -> owner == null || known.owner().equals(owner));
  }

  /** The old secret counts no more; a link that is open stays so. */
  public static Decision<Publisher> rotate(
      PublisherReads state, String id, @Nullable String owner, String secret) {
    return find(state, id, owner).map(known -> known.withSecretHash(Publisher.hash(secret)))
        .map(rotated -> Decision.done(rotated, List.of(new PublisherChange.Put(rotated))))
        .orElseGet(() -> Decision.refused(Reason.PUBLISHER_NOT_FOUND));
  }

  /**
   * Removes it with its providers.
   *
   * @param busy the names of the providers that have calls under way
   */
  public static <S extends PublisherReads & ProviderReads & EventReads> Decision<Publisher> remove(
      S state, String id, @Nullable String owner, Set<String> busy, @Nullable String actor, Instant now) {
    Optional<Publisher> known = find(state, id, owner);
    if (known.isEmpty()) {
      return Decision.refused(Reason.PUBLISHER_NOT_FOUND);
    }
    List<VirtualProvider> providers = state.providersBy(id);
    if (providers.stream().anyMatch(provider -> busy.contains(provider.name()))) {
      return Decision.refused(Reason.PROVIDER_BUSY);
    }
    List<Change> changes = new ArrayList<>();
    var events = new NewEvents(state, now, actor);
    for (VirtualProvider provider : providers) {
      changes.add(new ProviderChange.Deleted(provider.name()));
      events.add(null, EventName.PUBLISHER_DELETED, Json.object("publisher", id, "provider", provider.name()), null);
    }
    changes.add(new PublisherChange.Deleted(id));
    changes.addAll(events.changes());
    return Decision.done(known.get(), changes);
  }
}
