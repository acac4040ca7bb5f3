package dev.holdfast.domain.relay;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Adding and removing public providers, and the default model (spec ). */
public final class ProviderRules {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");
  private static final Pattern BACKEND_MODEL = Pattern.compile("[\\x21-\\x7e]{1,200}");
  private static final Pattern CREDENTIAL = Pattern.compile("env:[A-Za-z_][A-Za-z0-9_]*|file:.+");
  /** Printable ASCII without the backslash, as spec S-1 wants a URL. */
  private static final Pattern PLAIN_URL = Pattern.compile("[\\x21-\\x5b\\x5d-\\x7e]{1,2000}");

  private static final Pattern DOT_SEGMENTS =
      Pattern.compile("(^|/)\\.{1,2}(/|$)|%2e|%2f|%5c|%25|%00", Pattern.CASE_INSENSITIVE);

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private ProviderRules() {}

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
  public static <S extends ProviderReads & EventReads> Decision<Provider> add(
      S state, Provider provider, boolean allowHttp, @Nullable String actor, Instant now) {
    if (!NAME.matcher(provider.name()).matches()) {
      return Decision.refused(Reason.INVALID_NAME);
    }
    if (!BACKEND_MODEL.matcher(provider.backendModel()).matches()) {
      return Decision.refused(Outcome.invalid("backend_model"));
    }
    if (provider.credential() != null && !CREDENTIAL.matcher(provider.credential()).matches()) {
      return Decision.refused(Outcome.invalid("credential"));
    }
    Outcome<String> url = checkUrl(provider.url(), allowHttp);
    if (url instanceof Outcome.Refused<String> refused) {
      return Decision.refused(refused);
    }
    if (state.provider(provider.name()).isPresent()) {
      return Decision.refused(Reason.NAME_TAKEN);
    }
    var added = new Provider(
        provider.name(), url.orThrow(), provider.backendModel(), provider.credential(), now);
    var changes = new ArrayList<Change>(put(state, added, actor, now));
    if (state.defaultModel().filter(model -> !model.equals(Provider.SCRIPTED)).isEmpty()) {
      changes.add(new ProviderChange.DefaultModelPut(added.name()));
    }
    return Decision.done(added, changes);
  }

  /** A new store has the scripted provider, which is the default until there is a real one. */
  public static <S extends ProviderReads & EventReads> Decision<Boolean> addScripted(S state, Instant now) {
    if (state.defaultModel().isPresent()) {
      return Decision.unchanged(false);
    }
    var scripted = new Provider(Provider.SCRIPTED, Provider.SCRIPTED_URL, Provider.SCRIPTED, null, now);
    var changes = new ArrayList<Change>(put(state, scripted, null, now));
    changes.add(new ProviderChange.DefaultModelPut(Provider.SCRIPTED));
    return Decision.done(true, changes);
  }

  private static List<Change> put(EventReads state, Provider provider, @Nullable String actor, Instant now) {
    var events = new NewEvents(state, now, actor);
    events.add(null, EventName.MODEL_PUBLIC_CREATED, Json.object("model", provider.name()), null);
    List<Change> changes = new ArrayList<>();
    changes.add(new ProviderChange.Put(provider));
    changes.addAll(events.changes());
    return changes;
  }

  /** When the default model goes, the scripted one takes its place. The scripted provider itself stays. */
  public static <S extends ProviderReads & EventReads> Decision<Provider> remove(
      S state, String name, @Nullable String actor, Instant now) {
    Optional<Provider> known = state.provider(name);
    if (known.isEmpty()) {
      return Decision.refused(Reason.MODEL_NOT_FOUND);
    }
    if (known.get().isScripted()) {
      return Decision.refused(Outcome.invalid("name"));
    }
    var events = new NewEvents(state, now, actor);
    events.add(null, EventName.MODEL_PUBLIC_DELETED, Json.object("model", name), null);
    List<Change> changes = new ArrayList<>();
    changes.add(new ProviderChange.Deleted(name));
    if (state.defaultModel().equals(Optional.of(name))) {
      changes.add(new ProviderChange.DefaultModelPut(Provider.SCRIPTED));
    }
    changes.addAll(events.changes());
    return Decision.done(known.get(), changes);
  }

  public static <S extends ProviderReads & EventReads> Decision<Provider> makeDefault(
      S state, String name, @Nullable String actor, Instant now) {
    Optional<Provider> known = state.provider(name);
    if (known.isEmpty()) {
      return Decision.refused(Reason.MODEL_NOT_FOUND);
    }
    if (state.defaultModel().equals(Optional.of(name))) {
      return Decision.unchanged(known.get());
    }
    var events = new NewEvents(state, now, actor);
    events.add(null, EventName.MODEL_PUBLIC_CHANGED, Json.object("model", name, "default", true), null);
    List<Change> changes = new ArrayList<>();
    changes.add(new ProviderChange.DefaultModelPut(name));
    changes.addAll(events.changes());
    return Decision.done(known.get(), changes);
  }
}
