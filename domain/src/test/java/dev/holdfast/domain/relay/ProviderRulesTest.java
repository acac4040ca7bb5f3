package dev.holdfast.domain.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.integrity.fold.MemoryState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String OWNER = Key.DEFAULT_SUBJECT;
  private final MemoryState state = new MemoryState();

  private <T> Outcome<T> apply(Decision<T> decision) {
    state.apply(decision.changes());
    return decision.outcome();
  }

  private static PublicProvider wanted(String name, String url, String model, @Nullable String credential) {
    return PublicProvider.of(Provider.idOf(name), OWNER, Offer.of(name, model, Offer.Visibility.SHARED), url,
        credential, NOW);
  }

  private Outcome<PublicProvider> add(String name, String url, String model, @Nullable String credential) {
    return add(wanted(name, url, model, credential));
  }

  private Outcome<PublicProvider> add(PublicProvider wanted) {
    return apply(ProviderRules.add(state, wanted, false, Set.of(), "actor", NOW));
  }

  private Outcome<PublicProvider> add(String name) {
    return add(name, "https://example.org/v1", "m", null);
  }

  private Decision<Provider> remove(String name) {
    return ProviderRules.remove(state, name, Set.of(), null, null, NOW);
  }

  private List<String> eventNames() {
    return state.events(1, 100, null).stream().map(event -> event.name().text()).toList();
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("an https address is taken, or http to this machine, without its trailing slashes")
  @CsvSource({"https://api.example.org/v1,https://api.example.org/v1",
    "https://api.example.org/v1/,https://api.example.org/v1", "https://api.example.org//,https://api.example.org",
    "https://api.example.org:8443/a/b,https://api.example.org:8443/a/b",
    "HTTPS://example.org/v1,HTTPS://example.org/v1",
    "http://127.0.0.1:11434/v1,http://127.0.0.1:11434/v1", "http://localhost:1234,http://localhost:1234",
    "http://LocalHost/v1,http://LocalHost/v1", "http://[::1]:8080/v1,http://[::1]:8080/v1",
    "https://10.0.0.7/v1,https://10.0.0.7/v1", "https://example.org/v1.0/a%20b,https://example.org/v1.0/a%20b",
    "https://example.org/a..b/.c,https://example.org/a..b/.c"})
  void addresses(String url, String kept) {
    assertEquals(new Outcome.Done<>(kept), ProviderRules.checkUrl(url, false));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("http beyond this machine and other schemes are refused, http unless it is allowed by name")
  @ValueSource(strings = {"http://example.org/v1", "http://10.0.0.7/v1", "http://127.0.0.1.example.org/v1",
    "http://localhost.example.org", "http://[::2]/", "http://0.0.0.0:80/"})
  void plainHttp(String url) {
    assertEquals(Outcome.refused(Reason.SCHEME_NOT_ALLOWED), ProviderRules.checkUrl(url, false));
    assertEquals(new Outcome.Done<>(url.replaceAll("/$", "")), ProviderRules.checkUrl(url, true));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("other schemes are refused, allowed http or not")
  @ValueSource(
      strings = {"ftp://example.org/v1", "file://host/etc/passwd", "ws://example.org", "gopher://example.org/"})
  void otherSchemes(String url) {
    assertEquals(Outcome.refused(Reason.SCHEME_NOT_ALLOWED), ProviderRules.checkUrl(url, true));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("what is no plain address is malformed")
  @ValueSource(strings = {"", " ", "example.org/v1", "https:", "https://", "https:///v1", "https:example.org",
    "//example.org",
    "mailto:a@example.org", "builtin:scripted", "javascript:alert(1)", "file:/etc/passwd",
    "https://user@example.org/", "https://user:secret@example.org/", "https://example.org/v1?key=secret",
    "https://example.org/v1#f", "https://example.org/v1?", "https://example.org/v1#", "https://example.org/../x",
    "https://example.org/a/./b", "https://example.org/..", "https://example.org/%2e%2e/x",
    "https://example.org/a%2Fb", "https://example.org/a%5cb", "https://example.org/%252e", "https://example.org/%00",
    "https://example.org/a b", "https://example.org\\@evil.example/", "https://example.org/\t",
    "https://example.org/\u0000", "https://ex\u00e4mple.org/", "https://example.org/\u2028", "https://[::1/v1",
    "https://exa_mple.org/v1", "https://example.org:port/v1", "https://example.org/%zz"})
  void malformed(String url) {
    assertEquals(Outcome.refused(Reason.MALFORMED_SPEC), ProviderRules.checkUrl(url, true));
  }

  @Test
  @DisplayName("an address of more than 2,000 characters is malformed")
  void tooLong() {
    assertEquals(Outcome.refused(Reason.MALFORMED_SPEC),
        ProviderRules.checkUrl("https://example.org/" + "a".repeat(2000), false));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("a name is lower-case letters, digits, dot, line and underscore, and begins with a letter or digit")
  @ValueSource(strings = {"", "A", "_a", ".a", "-a", "a b", "a/b", "\u00e4", "a\n", "a:b"})
  void names(String name) {
    assertEquals(Outcome.refused(Reason.INVALID_NAME, "field", "name"), add(name));
    assertEquals(0, state.lastEventId());
  }

  @Test
  @DisplayName("a name has at most 100 characters, a model at the provider 200 visible ones")
  void lengths() {
    assertEquals(Outcome.refused(Reason.INVALID_NAME, "field", "name"), add("a".repeat(101)));
    add("a".repeat(100)).orThrow();
    for (String model : List.of("", " ", "a b", "a\n", "\u00e4", "x".repeat(201))) {
      assertEquals(Outcome.invalid("backend_model"), add("b", "https://example.org", model, null));
    }
    add("b", "https://example.org", "org/model:7b-" + "x".repeat(187), null).orThrow();
  }

  @Test
  @DisplayName("a credential is told by its place, never by itself")
  void credentials() {
    for (String wrong : List.of("", "sk-secret", "env:", "env:1A", "env:A B", "env:A-B", "file:", "ENV:A")) {
      assertEquals(Outcome.invalid("credential"), add("a", "https://example.org", "m", wrong));
    }
    add("a", "https://example.org", "m", "env:API_KEY_2").orThrow();
    add("b", "https://example.org", "m", "file:/run/secrets/a key").orThrow();
    for (Event event : state.events(1, 100, null)) {
      assertFalse(event.toString().toLowerCase(Locale.ROOT).contains("api_key"));
      assertFalse(event.toString().contains("example.org"));
    }
  }

  @Test
  @DisplayName("a new store has the scripted model as its default until the first real provider comes")
  void defaults() {
    assertEquals(new Outcome.Done<>(true), apply(ProviderRules.addScripted(state, NOW)));
    assertEquals(Optional.of("scripted"), state.defaultModel());
    assertEquals(Decision.unchanged(false), ProviderRules.addScripted(state, NOW));

    PublicProvider first = add("first").orThrow();
    assertEquals(wanted("first", "https://example.org/v1", "m", null), first);
    assertEquals(Optional.of("first"), state.defaultModel());
    add("second").orThrow();
    assertEquals(Optional.of("first"), state.defaultModel());
    assertEquals(Outcome.refused(Reason.NAME_TAKEN), add("second"));

    apply(ProviderRules.makeDefault(state, "second", null, NOW)).orThrow();
    assertEquals(Optional.of("second"), state.defaultModel());
    assertEquals(List.of(), ProviderRules.makeDefault(state, "second", null, NOW).changes());
    assertEquals(Outcome.refused(Reason.MODEL_NOT_FOUND),
        ProviderRules.makeDefault(state, "third", null, NOW).outcome());
    assertEquals(List.of("model.public_created", "model.public_created", "model.public_created",
        "model.public_changed"), eventNames());
  }

  @Test
  @DisplayName("when the default model goes the scripted one takes its place; the scripted one stays")
  void removal() {
    apply(ProviderRules.addScripted(state, NOW));
    add("first").orThrow();
    add("second").orThrow();

    apply(remove("second")).orThrow();
    assertEquals(Optional.of("first"), state.defaultModel());
    apply(remove("first")).orThrow();
    assertEquals(Optional.of("scripted"), state.defaultModel());
    assertEquals(Optional.empty(), state.provider("first"));

    assertEquals(Outcome.refused(Reason.MODEL_NOT_FOUND), remove("first").outcome());
    assertEquals(Outcome.invalid("name"), remove("scripted").outcome());
  }

  private static VirtualProvider served(String name, String owner) {
    return RelayRows.served(name, 'a', NOW).ownedBy(owner, NOW);
  }

  private static PublicProvider with(PublicProvider was, String url, String pool) {
    Offer offer = was.offer();
    return new PublicProvider(was.id(), "nobody", new Offer(offer.name(), pool, offer.apiType(), "changed",
        offer.tier(), null, offer.visibility(), 9, null, null), url, was.credential(), was.enabled(), 77, NOW, NOW);
  }

  @Test
  @DisplayName("a public provider is changed by whoever has seen its version; id, owner and creation stay, the version grows")
  void change() {
    add("a").orThrow();
    Instant later = NOW.plusSeconds(1);
    assertEquals(Outcome.refused(Reason.VERSION_MISMATCH), ProviderRules.change(state, "a", 2, false, Set.of(),
        was -> with(was, was.url(), "pool"), null, later).outcome());

    apply(ProviderRules.change(state, "a", 1, false, Set.of(), was -> with(was, was.url(), "pool"), null, later))
        .orThrow();

    PublicProvider now = (PublicProvider) state.provider("a").orElseThrow();
    assertEquals(2, now.version());
    assertEquals(OWNER, now.owner());
    assertEquals(NOW, now.createdAt());
    assertEquals(later, now.updatedAt());
    assertEquals("pool", now.model());
    assertEquals(List.of(), ProviderRules.change(state, "a", null, false, Set.of(), was -> was, null, later).changes());
    assertEquals(Outcome.refused(Reason.SCHEME_NOT_ALLOWED), ProviderRules.change(state, "a", null, false, Set.of(),
        was -> with(was, "http://example.org", "pool"), null, later).outcome());
    apply(ProviderRules.add(state, wanted("plain", "http://10.0.0.7/v1", "m", null), true, Set.of(), null, NOW))
        .orThrow();
    apply(ProviderRules.change(state, "plain", null, false, Set.of(), was -> with(was, was.url(), "pool"), null, NOW))
        .orThrow();
    assertEquals("pool", state.provider("plain").orElseThrow().model(), "its address was allowed once");
    state.apply(List.of(new ProviderChange.VirtualPut(served("v", OWNER))));
    for (String name : List.of("v", "nobody")) {
      assertEquals(Outcome.refused(Reason.MODEL_NOT_FOUND), ProviderRules.change(state, name, null, false, Set.of(),
          was -> was, null, later).outcome());
    }
  }

  @Test
  @DisplayName("any provider may be switched off and on again, once")
  void enable() {
    add("a").orThrow();
    state.apply(List.of(new ProviderChange.VirtualPut(served("v", OWNER))));
    for (String name : List.of("a", "v")) {
      for (boolean enabled : new boolean[] {false, true}) {
        apply(ProviderRules.enable(state, name, enabled, null, NOW)).orThrow();
        assertEquals(enabled, state.provider(name).orElseThrow().enabled());
        assertEquals(List.of(), ProviderRules.enable(state, name, enabled, null, NOW).changes());
      }
    }
    assertEquals(Outcome.refused(Reason.MODEL_NOT_FOUND), ProviderRules.enable(state, "b", true, null, NOW).outcome());
  }

  @Test
  @DisplayName("a virtual provider is removed by its owner or an admin, and not while it has calls under way")
  void removeVirtual() {
    state.apply(List.of(new ProviderChange.VirtualPut(served("v", "s"))));
    add("p").orThrow();
    assertEquals(Outcome.refused(Reason.PROVIDER_BUSY),
        ProviderRules.remove(state, "v", Set.of("v"), "s", null, NOW).outcome());
    assertEquals(Outcome.refused(Reason.MODEL_NOT_FOUND),
        ProviderRules.remove(state, "v", Set.of(), "other", null, NOW).outcome());
    assertEquals(Outcome.refused(Reason.MODEL_NOT_FOUND),
        ProviderRules.remove(state, "p", Set.of(), OWNER, null, NOW).outcome());
    apply(ProviderRules.remove(state, "v", Set.of("p"), "s", null, NOW)).orThrow();
    assertEquals(Optional.empty(), state.provider("v"));
  }

  @Test
  @DisplayName("a pool is its first owner's, unless it is open to all")
  void pools() {
    VirtualProvider theirs = served("v", "other");
    state.apply(List.of(new ProviderChange.VirtualPut(
        theirs.registered(theirs.publisher(), RelayRows.fullOffer("v"), VirtualProvider.Status.ACTIVE, NOW))));
    PublicProvider joining = with(wanted("a", RelayRows.URL, "m", null), RelayRows.URL, "pool");
    assertEquals(Outcome.refused(Reason.POOL_OWNED_BY_OTHER), add(joining));
    assertEquals(Outcome.refused(Reason.POOL_OWNED_BY_OTHER), add("pool"));
    add("b").orThrow();
    assertEquals(Outcome.refused(Reason.POOL_OWNED_BY_OTHER), ProviderRules.change(state, "b", null, false, Set.of(),
        was -> with(was, was.url(), "pool"), null, NOW).outcome());
    apply(ProviderRules.add(state, joining, false, Set.of("pool"), null, NOW)).orThrow();
    assertEquals(2, state.providersOf("pool").size());
  }

  @Test
  @DisplayName("the default model stays while another of its pool is there")
  void defaultOfPool() {
    add(with(wanted("a", RelayRows.URL, "m", null), RelayRows.URL, "pool")).orThrow();
    add(with(wanted("b", RelayRows.URL, "m", null), RelayRows.URL, "pool")).orThrow();
    assertEquals(Optional.of("pool"), state.defaultModel());
    apply(remove("a")).orThrow();
    assertEquals(Optional.of("pool"), state.defaultModel());
    apply(remove("b")).orThrow();
    assertEquals(Optional.of("scripted"), state.defaultModel());
  }

  @Test
  @DisplayName("a virtual provider is given to another owner, a public one isn't")
  void transfer() {
    state.apply(List.of(new ProviderChange.VirtualPut(served("v", "s"))));
    add("p").orThrow();
    apply(ProviderRules.transfer(state, "v", "t", NOW)).orThrow();
    assertEquals("t", state.provider("v").orElseThrow().owner());
    assertEquals(List.of(), ProviderRules.transfer(state, "v", "t", NOW).changes());
    assertEquals(Outcome.refused(Reason.MODEL_NOT_FOUND), ProviderRules.transfer(state, "p", "t", NOW).outcome());
  }
}
