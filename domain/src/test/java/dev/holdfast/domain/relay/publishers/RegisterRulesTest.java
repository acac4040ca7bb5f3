package dev.holdfast.domain.relay.publishers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.fold.MemoryState;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.RelayRows;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.Registration.Circumstances;
import dev.holdfast.domain.relay.publishers.Registration.Entry;
import dev.holdfast.domain.relay.publishers.Registration.Presented;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisterRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final String OWNER = Key.DEFAULT_SUBJECT;
  private static final String FRESH = "0123456789abcdef0123456789abcdef";
  private static final String SECRET = "s".repeat(64);

  private final MemoryState state = new MemoryState();

  private static Entry entry(String name, String backend, Status initial) {
    Offer plain = Offer.of(name, backend, Offer.Visibility.PRIVATE);
    return new Entry(new Offer(name, null, plain.apiType(), backend, plain.tier(), null, plain.visibility(), 4,
        Offer.USUAL_WAKE, null), initial);
  }

  private static Entry entry(String name) {
    return entry(name, "m", Status.ACTIVE);
  }

  private static Entry inPool(String name, String pool) {
    return new Entry(new Offer(name, pool, Offer.OPENAI, "m", Offer.USUAL_TIER, null, Offer.Visibility.PRIVATE, 4, null,
        null), Status.ACTIVE);
  }

  private Outcome<Registration.Done> register(@Nullable Presented as, String owner, List<Entry> entries,
      Circumstances around, Instant now) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      ids.add(String.format("%016x", i));
    }
    Decision<Registration.Done> decision = RegisterRules.register(state, new Registration(as, owner, null, entries),
        new Registration.Fresh(FRESH, SECRET, ids), around, null, now);
    if (decision.outcome() instanceof Outcome.Refused) {
      assertEquals(List.of(), decision.changes());
    }
    state.apply(decision.changes());
    return decision.outcome();
  }

  private Outcome<Registration.Done> register(char publisher, String owner, Entry... entries) {
    var known = RelayRows.publisher(publisher, NOW);
    if (state.publisher(known.id()).isEmpty()) {
      state.apply(List.of(new PublisherChange.Put(new Publisher(known.id(), owner, known.secretHash(), null, NOW, NOW,
          0))));
    }
    return register(new Presented(known.id(), RelayRows.secret(publisher)), owner, Arrays.asList(entries),
        Circumstances.NONE, LATER);
  }

  private VirtualProvider row(String name) {
    return assertInstanceOf(VirtualProvider.class, state.provider(name).orElseThrow());
  }

  private static Reason reason(Outcome<?> outcome) {
    return assertInstanceOf(Outcome.Refused.class, outcome).reason();
  }

  @Test
  @DisplayName("R-A1 register inserts active virtual rows with publisher id, heartbeat set; new id and secret returned once")
  void fresh() {
    Registration.Done done =
        register(null, OWNER, List.of(entry("a"), entry("b")), Circumstances.NONE, NOW).orThrow();

    assertEquals(Publisher.idOf(FRESH), done.publisher().id());
    assertEquals(SECRET, done.secret());
    assertEquals(List.of(row("a"), row("b")), done.providers());
    for (VirtualProvider row : done.providers()) {
      assertEquals(Status.ACTIVE, row.status());
      assertEquals(Publisher.idOf(FRESH), row.publisher());
      assertEquals(NOW, row.heardAt());
      assertEquals(OWNER, row.owner());
    }
    assertNotEquals(row("a").id(), row("b").id());
    assertTrue(!StateText.of(state).contains(SECRET), "only its hash is kept");
    assertTrue(state.publisher(Publisher.idOf(FRESH)).orElseThrow().isSecret(SECRET));

    var again = new Presented(Publisher.idOf(FRESH), SECRET);
    assertNull(register(again, OWNER, List.of(entry("a")), Circumstances.NONE, LATER).orThrow().secret());
    assertEquals(LATER, row("a").heardAt());
    assertEquals(NOW, row("b").heardAt(), "rows that aren't in the list stay as they are");
  }

  @Test
  @DisplayName("R-A2 same publisher, same name: same row id, backend_model updated")
  void again() {
    register('a', OWNER, entry("x", "old", Status.ACTIVE)).orThrow();
    VirtualProvider before = row("x");
    register('a', OWNER, entry("x", "new", Status.ACTIVE)).orThrow();

    assertEquals("new", row("x").offer().backendModel());
    assertEquals(before.id(), row("x").id());
    assertEquals(before.createdAt(), row("x").createdAt());
  }

  @Test
  @DisplayName("R-A3 over a public row: name_taken_by_public")
  void publicRow() {
    state.apply(List.of(new ProviderChange.PublicPut(RelayRows.plain("x", NOW))));
    assertEquals(Reason.NAME_TAKEN_BY_PUBLIC, reason(register('a', OWNER, entry("x"))));
    assertEquals(List.of(RelayRows.plain("x", NOW)), state.providers("", 10));
  }

  @Test
  @DisplayName("R-A4 other publisher's active row: name_active_elsewhere")
  void activeElsewhere() {
    register('b', OWNER, entry("x")).orThrow();
    VirtualProvider before = row("x");
    assertEquals(Reason.NAME_ACTIVE_ELSEWHERE, reason(register('a', OWNER, entry("x"))));
    assertEquals(before, row("x"));
  }

  @Test
  @DisplayName("R-A5 inactive row of the same owner adopted: publisher changed, active, inactive_since null; other owner: "
      + "name_owned_by_other")
  void adopted() {
    state.apply(List.of(new ProviderChange.VirtualPut(RelayRows.served("x", 'b', NOW).lost(NOW))));
    VirtualProvider before = row("x");
    assertEquals(Reason.NAME_OWNED_BY_OTHER, reason(register('c', "other", entry("x"))));
    assertEquals(before, row("x"));

    register('a', OWNER, entry("x")).orThrow();
    assertEquals(RelayRows.publisherId('a'), row("x").publisher());
    assertEquals(Status.ACTIVE, row("x").status());
    assertNull(row("x").inactiveSince());
    assertEquals(before.id(), row("x").id());
    assertEquals(1, state.events(1, 100, null).stream()
        .filter(event -> event.name().text().equals("publisher.adopted")).count());
  }

  /** The table of spec relay §3, its columns of register; the row was made by publisher b of the usual owner. */
  @ParameterizedTest(name = "{0} row, {1}, as {2}: {3}")
  @DisplayName("what register does to a row")
  @CsvSource({
    "none,same,ACTIVE,ACTIVE", "none,same,HIBERNATING,HIBERNATING", "none,publisher,ACTIVE,ACTIVE",
    "none,publisher,HIBERNATING,HIBERNATING", "none,owner,ACTIVE,ACTIVE", "none,owner,HIBERNATING,HIBERNATING",
    "ACTIVE,same,ACTIVE,ACTIVE", "ACTIVE,same,HIBERNATING,HIBERNATING",
    "ACTIVE,publisher,ACTIVE,name_active_elsewhere", "ACTIVE,owner,ACTIVE,name_active_elsewhere",
    "HIBERNATING,same,ACTIVE,ACTIVE", "HIBERNATING,same,HIBERNATING,HIBERNATING",
    "HIBERNATING,publisher,ACTIVE,name_active_elsewhere", "HIBERNATING,owner,ACTIVE,name_active_elsewhere",
    "INACTIVE,same,ACTIVE,ACTIVE", "INACTIVE,same,HIBERNATING,HIBERNATING", "INACTIVE,publisher,ACTIVE,ACTIVE",
    "INACTIVE,publisher,HIBERNATING,HIBERNATING", "INACTIVE,owner,ACTIVE,name_owned_by_other",
    "public,same,ACTIVE,name_taken_by_public", "public,publisher,ACTIVE,name_taken_by_public",
    "public,owner,ACTIVE,name_taken_by_public"})
  void table(String from, String by, Status initial, String expected) {
    switch (from) {
      case "none" -> {
      }
      case "public" -> state.apply(List.of(new ProviderChange.PublicPut(RelayRows.plain("x", NOW))));
      case "INACTIVE" ->
        state.apply(List.of(new ProviderChange.VirtualPut(RelayRows.served("x", 'b', NOW).lost(NOW))));
      default ->
        state.apply(List.of(new ProviderChange.VirtualPut(RelayRows.served("x", 'b', NOW)
            .heard(Status.valueOf(from), NOW))));
    }
    var before = state.provider("x");
    char publisher = by.equals("same") ? 'b' : by.equals("publisher") ? 'a' : 'c';
    Outcome<Registration.Done> outcome =
        register(publisher, by.equals("owner") ? "other" : OWNER, entry("x", "changed", initial));

    if (expected.equals(initial.name())) {
      outcome.orThrow();
      assertEquals(initial, row("x").status());
      assertEquals(RelayRows.publisherId(publisher), row("x").publisher());
      assertEquals(LATER, row("x").heardAt());
      assertNull(row("x").inactiveSince());
      assertEquals("changed", row("x").offer().backendModel());
      before.ifPresent(known -> assertEquals(known.id(), row("x").id()));
    } else {
      assertEquals(expected, reason(outcome).code());
      assertEquals(before, state.provider("x"));
    }
  }

  @Test
  @DisplayName("register of three with a refused second writes nothing, and names the index and the name")
  void allOrNothing() {
    state.apply(List.of(new ProviderChange.PublicPut(RelayRows.plain("taken", NOW))));
    register('a', OWNER, entry("mine")).orThrow();
    String before = StateText.of(state);

    Map<Entry, Reason> refused = Map.of(entry("taken"), Reason.NAME_TAKEN_BY_PUBLIC, entry("A"), Reason.INVALID_NAME,
        entry("first"), Reason.INVALID_NAME, entry("ok", " ", Status.ACTIVE), Reason.INVALID_REQUEST,
        new Entry(inPool("ok", "_").offer(), Status.ACTIVE), Reason.INVALID_NAME,
        new Entry(inPool("ok", "p").offer(), Status.HIBERNATING), Reason.INVALID_REQUEST,
        entry("ok", "m", Status.INACTIVE), Reason.INVALID_REQUEST);
    refused.forEach((second, why) -> {
      Outcome.Refused<?> answer = assertInstanceOf(Outcome.Refused.class,
          register('a', OWNER, entry("first"), second, entry("third")));
      assertEquals(why, answer.reason(), second.toString());
      assertEquals(1, answer.facts().get("index"));
      assertEquals(second.offer().name(), answer.facts().get("name"));
      assertEquals(before, StateText.of(state));
    });
  }

  @Test
  @DisplayName("two publishers register one name one after the other: the first has it")
  void twoPublishers() {
    register('a', OWNER, entry("x")).orThrow();
    assertEquals(Reason.NAME_ACTIVE_ELSEWHERE, reason(register('b', OWNER, entry("x"))));
    assertEquals(RelayRows.publisherId('a'), row("x").publisher());
  }

  @Test
  @DisplayName("a publisher that isn't known, whose secret is wrong, or that is another subject's is invalid")
  void invalidPublisher() {
    register('a', OWNER, entry("x")).orThrow();
    String id = RelayRows.publisherId('a');
    for (Presented wrong : List.of(new Presented(id, RelayRows.secret('b')), new Presented(id, ""),
        new Presented(RelayRows.publisherId('f'), RelayRows.secret('f')), new Presented("", RelayRows.secret('a')))) {
      assertEquals(Outcome.refused(Reason.INVALID_PUBLISHER),
          register(wrong, OWNER, List.of(entry("y")), Circumstances.NONE, NOW));
    }
    assertEquals(Outcome.refused(Reason.INVALID_PUBLISHER), register(new Presented(id, RelayRows.secret('a')), "other",
        List.of(entry("y")), Circumstances.NONE, NOW));
  }

  @Test
  @DisplayName("1 to 64 providers are registered at once")
  void sizes() {
    assertEquals(Outcome.invalid("providers"), register('a', OWNER));
    Entry[] many = Stream.iterate(0, i -> i + 1).limit(65).map(i -> entry("n" + i)).toArray(Entry[]::new);
    assertEquals(Outcome.invalid("providers"), register('a', OWNER, many));
    assertEquals(64, register('a', OWNER, Arrays.copyOf(many, 64)).orThrow().providers().size());
  }

  @Test
  @DisplayName("a pool with a member of another owner is refused, unless the admin has opened it")
  void pools() {
    register('b', "other", inPool("theirs", "pool")).orThrow();
    assertEquals(Reason.POOL_OWNED_BY_OTHER, reason(register('a', OWNER, inPool("mine", "pool"))));
    assertEquals(Reason.POOL_OWNED_BY_OTHER, reason(register('a', OWNER, entry("pool"))));
    register(new Presented(RelayRows.publisherId('a'), RelayRows.secret('a')), OWNER, List.of(inPool("mine", "pool")),
        new Circumstances(Set.of("pool"), Set.of()), LATER).orThrow();
    assertEquals(2, state.providersOf("pool").size());
  }

  @Test
  @DisplayName("a provider with a call under way isn't adopted")
  void busy() {
    state.apply(List.of(new ProviderChange.VirtualPut(RelayRows.served("x", 'b', NOW).lost(NOW)),
        new PublisherChange.Put(RelayRows.publisher('a', NOW))));
    var as = new Presented(RelayRows.publisherId('a'), RelayRows.secret('a'));
    Instant now = NOW.plus(Duration.ofMinutes(5));
    assertEquals(Reason.NAME_ACTIVE_ELSEWHERE, reason(
        register(as, OWNER, List.of(entry("x")), new Circumstances(Set.of(), Set.of("x")), now)));
    register(as, OWNER, List.of(entry("x")), Circumstances.NONE, now).orThrow();
  }
}
