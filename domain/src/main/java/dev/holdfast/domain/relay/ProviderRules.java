package dev.holdfast.domain.relay;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.NewEvents;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Adding, changing and removing providers, and the default model (spec ). */
public final class ProviderRules {
  private static final Offer SCRIPTED_OFFER =
      Offer.of(Provider.SCRIPTED, Provider.SCRIPTED, Offer.Visibility.SHARED);
  private static final Pattern CREDENTIAL = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*|file:.+");
  /** Printable ASCII without the backslash, as spec S-1 wants a URL. */
  private static final Pattern PLAIN_URL = Pattern.compile("[\\x21-\\x5b\\x5d-\\x7e]{1,2000}");

  private static final Pattern DOT_SEGMENTS =
      Pattern.compile("(^|/)\\.{1,2}(/|$)|%2e|%2f|%5c|%25|%00", Pattern.CASE_INSENSITIVE);

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private ProviderRules() {}

  /** Whether it says where a key is found, and isn't the key itself. */
  public static boolean isPlace(String credential) {
    return CREDENTIAL.matcher(credential).matches();
  }

  /** @param allowHttp whether plain http is taken beyond loopback addresses */
  public static Outcome<String> checkUrl(String url, boolean allowHttp) {
    if (!PLAIN_URL.matcher(url).matches()) {
      return Outcome.refused(Reason.MALFORMED_SPEC);
    }
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      return Outcome.refused(Reason.MALFORMED_SPEC);
    }
    String host = uri.getHost();
    if (host == null || uri.getScheme() == null || uri.getUserInfo() != null || uri.getQuery() != null
        || uri.getFragment() != null || DOT_SEGMENTS.matcher(uri.getRawPath()).find()) {
      return Outcome.refused(Reason.MALFORMED_SPEC);
    }
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    boolean plain = scheme.equals("http") && (allowHttp || LOOPBACK.contains(host.toLowerCase(Locale.ROOT)));
    if (!scheme.equals("https") && !plain) {
      return Outcome.refused(Reason.SCHEME_NOT_ALLOWED);
    }
    return new Outcome.Done<>(uri.toString().replaceAll("/+$", ""));
  }

  /** The first real provider becomes the default model by itself (spec R-6). */
  public static <S extends ProviderReads & EventReads> Decision<PublicProvider> add(
      S state, PublicProvider wanted, boolean allowHttp, Set<String> sharedPools, @Nullable String actor,
      Instant now) {
    Outcome<PublicProvider> checked = checked(wanted, allowHttp);
    if (checked instanceof Outcome.Refused<PublicProvider> refused) {
      return Decision.refused(refused);
    }
    PublicProvider added = checked.orThrow();
    if (state.provider(added.name()).isPresent()) {
      return Decision.refused(Reason.NAME_TAKEN);
    }
    if (joinsOthers(state, added, sharedPools)) {
      return Decision.refused(Reason.POOL_OWNED_BY_OTHER);
    }
    var changes = new ArrayList<Change>(put(state, added, EventName.MODEL_PUBLIC_CREATED, actor, now));
    if (state.defaultModel().filter(model -> !model.equals(Provider.SCRIPTED)).isEmpty()) {
      changes.add(new ProviderChange.DefaultModelPut(added.model()));
    }
    return Decision.done(added, changes);
  }

  private static Outcome<PublicProvider> checked(PublicProvider wanted, boolean allowHttp) {
    Outcome<Offer> offer = wanted.offer().checked();
    if (offer instanceof Outcome.Refused<Offer> refused) {
      return refused.as();
    }
    if (wanted.credential() != null && !isPlace(wanted.credential())) {
      return Outcome.invalid("credential");
    }
    return wanted.isScripted()
        ? new Outcome.Done<>(wanted)
        : checkUrl(wanted.url(), allowHttp).map(url -> new PublicProvider(wanted.id(), wanted.owner(), wanted.offer(),
            url, wanted.credential(), wanted.enabled(), wanted.version(), wanted.createdAt(), wanted.updatedAt()));
  }

  /**
   * A pool is its first owner's, unless the admin has opened it to all (spec R-3). A provider without a pool whose name is a
   * pool's serves that model, too.
   */
  public static boolean joinsOthers(ProviderReads state, Provider joining, Set<String> sharedPools) {
    if (sharedPools.contains(joining.model())) {
      return false;
    }
    return state.providersOf(joining.model()).stream()
        .filter(member -> !member.name().equals(joining.name()))
        .anyMatch(member -> !member.owner().equals(joining.owner()));
  }

  /**
   * Changes a public provider.
   *
   * @param version the one that the caller has seen, or null for any
   * @param wanted makes the changed provider; its name stays
   */
  public static <S extends ProviderReads & EventReads> Decision<Provider> change(
      S state, String name, @Nullable Integer version, boolean allowHttp, Set<String> sharedPools,
      UnaryOperator<PublicProvider> wanted, @Nullable String actor, Instant now) {
    if (!(state.provider(name).orElse(null) instanceof PublicProvider known)) {
      return Decision.refused(Reason.MODEL_NOT_FOUND);
    }
    if (version != null && version != known.version()) {
      return Decision.refused(Reason.VERSION_MISMATCH);
    }
    PublicProvider asked = wanted.apply(known);
    Outcome<PublicProvider> checked = checked(asked, allowHttp || asked.url().equals(known.url()));
    if (checked instanceof Outcome.Refused<PublicProvider> refused) {
      return Decision.refused(refused);
    }
    PublicProvider next = checked.orThrow();
    if (next.equals(known)) {
      return Decision.unchanged(known);
    }
    var numbered = new PublicProvider(known.id(), known.owner(), next.offer(), next.url(), next.credential(),
        next.enabled(), known.version() + 1, known.createdAt(), now);
    if (!numbered.model().equals(known.model()) && joinsOthers(state, numbered, sharedPools)) {
      return Decision.refused(Reason.POOL_OWNED_BY_OTHER);
    }
    return Decision.done(numbered, put(state, numbered, EventName.MODEL_PUBLIC_CHANGED, actor, now));
  }

  /** Whether a provider may be chosen. */
  public static <S extends ProviderReads & EventReads> Decision<Provider> enable(
      S state, String name, boolean enabled, @Nullable String actor, Instant now) {
    Provider known = state.provider(name).orElse(null);
    return switch (known) {
      case null -> Decision.refused(Reason.MODEL_NOT_FOUND);
      case Provider same when same.enabled() == enabled -> Decision.unchanged(same);
      case PublicProvider one -> change(state, name, null, true, Set.of(), was -> new PublicProvider(was.id(),
          was.owner(), was.offer(), was.url(), was.credential(), enabled, was.version(), was.createdAt(),
          was.updatedAt()), actor, now);
      case VirtualProvider one -> {
        VirtualProvider next = one.enabled(enabled, now);
        yield Decision.done(next, List.of(new ProviderChange.VirtualPut(next)));
      }
    };
  }

  /** A new store has the scripted provider, which is the default until there is a real one. */
  public static <S extends ProviderReads & EventReads> Decision<Boolean> addScripted(S state, Instant now) {
    if (state.defaultModel().isPresent()) {
      return Decision.unchanged(false);
    }
    var scripted = PublicProvider.of(Provider.idOf(Provider.SCRIPTED), Key.DEFAULT_SUBJECT, SCRIPTED_OFFER,
        Provider.SCRIPTED_URL, null, now);
    var changes = new ArrayList<Change>(put(state, scripted, EventName.MODEL_PUBLIC_CREATED, null, now));
    changes.add(new ProviderChange.DefaultModelPut(Provider.SCRIPTED));
    return Decision.done(true, changes);
  }

  private static List<Change> put(
      EventReads state, PublicProvider provider, EventName name, @Nullable String actor, Instant now) {
    var events = new NewEvents(state, now, actor);
    events.add(null, name, Json.object("model", provider.name()), null);
    List<Change> changes = new ArrayList<>();
    changes.add(new ProviderChange.PublicPut(provider));
    changes.addAll(events.changes());
    return changes;
  }

  /**
   * When nobody serves the default model any more, the scripted one takes its place. The scripted provider itself stays.
   *
   * @param busy the names of the providers that have calls under way (spec R-37)
   * @param owner whose providers may be removed, or null for all
   */
  public static <S extends ProviderReads & EventReads> Decision<Provider> remove(
      S state, String name, Set<String> busy, @Nullable String owner, @Nullable String actor, Instant now) {
    Provider known = state.provider(name).orElse(null);
    if (known == null || (owner != null && !(known instanceof VirtualProvider && known.owner().equals(owner)))) {
      return Decision.refused(Reason.MODEL_NOT_FOUND);
    }
    if (known.isScripted()) {
      return Decision.refused(Outcome.invalid("name"));
    }
    if (busy.contains(name) && known instanceof VirtualProvider) {
      return Decision.refused(Reason.PROVIDER_BUSY);
    }
    var events = new NewEvents(state, now, actor);
    if (known instanceof VirtualProvider one) {
      events.add(null, EventName.PUBLISHER_DELETED, Json.object("publisher", one.publisher(), "provider", name), null);
    } else {
      events.add(null, EventName.MODEL_PUBLIC_DELETED, Json.object("model", name), null);
    }
    List<Change> changes = new ArrayList<>();
    changes.add(new ProviderChange.Deleted(name));
    boolean last = state.providersOf(known.model()).size() == 1;
    if (last && state.defaultModel().equals(Optional.of(known.model()))) {
      changes.add(new ProviderChange.DefaultModelPut(Provider.SCRIPTED));
    }
    changes.addAll(events.changes());
    return Decision.done(known, changes);
  }

  /** @return the name of the model */
  public static <S extends ProviderReads & EventReads> Decision<String> makeDefault(
      S state, String model, @Nullable String actor, Instant now) {
    if (state.providersOf(model).isEmpty()) {
      return Decision.refused(Reason.MODEL_NOT_FOUND);
    }
    if (state.defaultModel().equals(Optional.of(model))) {
      return Decision.unchanged(model);
    }
    var events = new NewEvents(state, now, actor);
    events.add(null, EventName.MODEL_PUBLIC_CHANGED, Json.object("model", model, "default", true), null);
    List<Change> changes = new ArrayList<>();
    changes.add(new ProviderChange.DefaultModelPut(model));
    changes.addAll(events.changes());
    return Decision.done(model, changes);
  }

  /** Another owner for a virtual provider, by an admin's word (spec R-39). */
  public static <S extends ProviderReads> Decision<Provider> transfer(S state, String name, String to, Instant now) {
    if (!(state.provider(name).orElse(null) instanceof VirtualProvider known)) {
      return Decision.refused(Reason.MODEL_NOT_FOUND);
    }
    VirtualProvider next = known.ownedBy(to, now);
    return known.owner().equals(to)
        ? Decision.unchanged(known)
        : Decision.done(next, List.of(new ProviderChange.VirtualPut(next)));
  }
}
