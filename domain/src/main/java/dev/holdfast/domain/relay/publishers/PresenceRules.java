package dev.holdfast.domain.relay.publishers;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.ProviderReads;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who is there: heartbeats, links that close, wakes that end, and the sweep of those of whom nothing is heard (spec §3). */
public final class PresenceRules {
  public static final Duration STALE = Duration.ofSeconds(90);
  public static final Duration FORGOTTEN = Duration.ofHours(4);
  /** A heartbeat that changes nothing is written down this seldom. */
  public static final Duration WRITTEN_EVERY = Duration.ofMinutes(10);

  private static final int MANY = 1_000;

  private PresenceRules() {}

  /**
   * All providers of the publisher are there (spec R-31).
   *
   * @param statuses what it reports of some of them, by name: ACTIVE or HIBERNATING
   * @param kept the names of those that aren't reported as hibernating for now, because a call woke them (spec R-63)
   */
  public static <S extends ProviderReads> Decision<List<VirtualProvider>> heartbeat(
      S state, Publisher publisher, Map<String, Status> statuses, Set<String> kept, Instant now) {
    List<VirtualProvider> known = state.providersBy(publisher.id());
    for (Map.Entry<String, Status> said : statuses.entrySet()) {
      boolean own = known.stream().anyMatch(provider -> provider.name().equals(said.getKey()));
      if (!own || said.getValue() == Status.INACTIVE) {
        return Decision.refused(Outcome.invalid("statuses." + said.getKey()));
      }
    }
    List<VirtualProvider> heard = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    for (VirtualProvider provider : known) {
      Status usual = provider.status() == Status.INACTIVE ? Status.ACTIVE : provider.status();
      Status said = statuses.getOrDefault(provider.name(), usual);
      boolean stays = said == Status.HIBERNATING && kept.contains(provider.name());
      VirtualProvider next = provider.heard(stays ? usual : said, now);
      heard.add(next);
      boolean old = !now.isBefore(provider.heardAt().plus(WRITTEN_EVERY));
      if (next.status() != provider.status() || old) {
        changes.add(new ProviderChange.VirtualPut(next));
      }
    }
    return changes.isEmpty() ? Decision.unchanged(heard) : Decision.done(heard, changes);
  }

  /** The publisher's link was opened (spec R-32). It makes nothing active by itself (spec R-12). */
  public static <S extends PublisherReads & EventReads> Decision<Publisher> linked(
      S state, String publisher, @Nullable String actor, Instant now) {
    Publisher known = state.publisher(publisher).orElse(null);
    if (known == null) {
      return Decision.refused(Reason.INVALID_PUBLISHER);
    }
    var events = new NewEvents(state, now, actor);
    events.add(null, EventName.PUBLISHER_LINK_OPENED, Json.object("publisher", publisher), null);
    List<Change> changes = new ArrayList<>(List.of(new PublisherChange.Put(known.linked(now))));
    changes.addAll(events.changes());
    return Decision.done(known.linked(now), changes);
  }

  /**
   * The publisher's only link was closed (spec R-33). Whoever was heard of since is back already.
   *
   * @param lostAt when it was closed
   * @param isBack whether the publisher has another link by now, or was heard of behind that time
   */
  public static <S extends ProviderReads & EventReads> Decision<Integer> unlinked(
      S state, String publisher, Instant lostAt, boolean isBack, Instant now) {
    List<Change> changes = new ArrayList<>();
    for (VirtualProvider provider : state.providersBy(publisher)) {
      if (provider.status() != Status.INACTIVE && !isBack && !provider.heardAt().isAfter(lostAt)) {
        changes.add(new ProviderChange.VirtualPut(provider.lost(now)));
      }
    }
    int lost = changes.size();
    var events = new NewEvents(state, now, null);
    events.add(null, EventName.PUBLISHER_LINK_CLOSED, Json.object("publisher", publisher, "inactive", lost), null);
    changes.addAll(events.changes());
    return Decision.done(lost, changes);
  }

  /** A wake has ended. Whoever was lost meanwhile stays lost (spec R-61). */
  public static <S extends ProviderReads> Decision<Boolean> woken(S state, String name, Instant now) {
    if (state.provider(name).orElse(null) instanceof VirtualProvider known && known.status() == Status.HIBERNATING) {
      return Decision.done(true, List.of(new ProviderChange.VirtualPut(known.heard(Status.ACTIVE, now))));
    }
    return Decision.unchanged(false);
  }

  /** What a sweep did (spec R-70). */
  public record Swept(int markedInactive, int deleted) {}

  /**
   * Both comparisons are strict (spec R-10).
   *
   * @param heard when a provider was heard of last, by its name, as this process knows; null for what it doesn't know
   * @param busy the names of the providers that have calls under way (spec)
   */
  public static <S extends ProviderReads & EventReads> Decision<Swept> sweep(
      S state, Function<String, @Nullable Instant> heard, Set<String> busy, Instant now) {
    List<Change> changes = new ArrayList<>();
    var events = new NewEvents(state, now, null);
    int inactive = 0;
    int deleted = 0;
    String after = "";
    for (List<Provider> page = state.providers(after, MANY); !page.isEmpty(); page = state.providers(after, MANY)) {
      for (Provider provider : page) {
        after = provider.name();
        if (!(provider instanceof VirtualProvider one) || busy.contains(one.name())) {
          continue;
        }
        if (one.status() != Status.INACTIVE && lastHeard(one, heard).isBefore(now.minus(STALE))) {
          changes.add(new ProviderChange.VirtualPut(one.lost(now)));
          events.add(null, EventName.PUBLISHER_MARKED_INACTIVE, told(one), null);
          inactive++;
        } else if (one.status() == Status.INACTIVE
            && Objects.requireNonNull(one.inactiveSince()).isBefore(now.minus(FORGOTTEN))) {
              changes.add(new ProviderChange.Deleted(one.name()));
              events.add(null, EventName.PUBLISHER_DELETED, told(one), null);
              deleted++;
            }
      }
    }
    changes.addAll(events.changes());
    var swept = new Swept(inactive, deleted);
    return changes.isEmpty() ? Decision.unchanged(swept) : Decision.done(swept, changes);
  }

  private static Instant lastHeard(VirtualProvider provider, Function<String, @Nullable Instant> heard) {
    Instant known = heard.apply(provider.name());
    return known == null || known.isBefore(provider.heardAt()) ? provider.heardAt() : known;
  }

  private static Json told(VirtualProvider provider) {
    return Json.object("publisher", provider.publisher(), "provider", provider.name());
  }
}
