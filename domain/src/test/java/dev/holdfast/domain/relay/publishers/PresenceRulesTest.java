package dev.holdfast.domain.relay.publishers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.integrity.fold.MemoryState;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.RelayRows;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.PresenceRules.Swept;
import dev.holdfast.domain.relay.publishers.Registration.Presented;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PresenceRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Publisher OWN = RelayRows.publisher('a', NOW);

  private final MemoryState state = new MemoryState();

  private <T> Outcome<T> apply(Decision<T> decision) {
    state.apply(decision.changes());
    return decision.outcome();
  }

  private void put(VirtualProvider... rows) {
    for (VirtualProvider row : rows) {
      state.apply(List.of(new ProviderChange.VirtualPut(row)));
    }
  }

  private static VirtualProvider heardBefore(String name, char publisher, Duration ago) {
    return RelayRows.served(name, publisher, NOW.minus(ago));
  }

  private static VirtualProvider lostBefore(String name, char publisher, Duration ago) {
    return RelayRows.served(name, publisher, NOW.minus(ago)).lost(NOW.minus(ago));
  }

  private VirtualProvider row(String name) {
    return assertInstanceOf(VirtualProvider.class, state.provider(name).orElseThrow());
  }

  private Outcome<List<VirtualProvider>> heartbeat(Map<String, Status> statuses, String... kept) {
    return apply(PresenceRules.heartbeat(state, OWN, statuses, Set.of(kept), NOW));
  }

  private Swept sweep() {
    return apply(PresenceRules.sweep(state, _ -> null, Set.of(), NOW)).orThrow();
  }

  @Test
  @DisplayName("a heartbeat stamps and revives all rows of its publisher, and touches nobody else's")
  void heartbeat() {
    put(lostBefore("gone", 'a', Duration.ofMinutes(2)), heardBefore("here", 'a', Duration.ofMinutes(1)),
        RelayRows.served("asleep", 'a', NOW.minusSeconds(60)).heard(Status.HIBERNATING, NOW.minusSeconds(60)),
        lostBefore("other", 'b', Duration.ofMinutes(2)));

    List<VirtualProvider> heard = heartbeat(Map.of()).orThrow();

    assertEquals(List.of("asleep", "gone", "here"), heard.stream().map(VirtualProvider::name).toList());
    heard.forEach(one -> assertEquals(NOW, one.heardAt()));
    assertEquals(List.of(Status.HIBERNATING, Status.ACTIVE, Status.ACTIVE),
        heard.stream().map(VirtualProvider::status).toList());
    assertEquals(Status.ACTIVE, row("gone").status());
    assertNull(row("gone").inactiveSince());
    assertEquals(lostBefore("other", 'b', Duration.ofMinutes(2)), row("other"));
  }

  @Test
  @DisplayName("a heartbeat that changes nothing is written down when the last one that was is old")
  void seldom() {
    put(heardBefore("x", 'a', PresenceRules.WRITTEN_EVERY.minusMillis(1)));
    assertEquals(List.of(), PresenceRules.heartbeat(state, OWN, Map.of(), Set.of(), NOW).changes());
    put(heardBefore("x", 'a', PresenceRules.WRITTEN_EVERY));
    heartbeat(Map.of()).orThrow();
    assertEquals(NOW, row("x").heardAt());
  }

  @Test
  @DisplayName("what a heartbeat reports is taken, but no sleep of a provider that a call woke")
  void reported() {
    put(heardBefore("x", 'a', Duration.ofSeconds(1)), lostBefore("y", 'a', Duration.ofSeconds(1)));
    heartbeat(Map.of("x", Status.HIBERNATING, "y", Status.HIBERNATING)).orThrow();
    assertEquals(Status.HIBERNATING, row("x").status());
    assertEquals(Status.HIBERNATING, row("y").status());
    heartbeat(Map.of("x", Status.ACTIVE)).orThrow();
    assertEquals(Status.ACTIVE, row("x").status());
    heartbeat(Map.of("x", Status.HIBERNATING), "x").orThrow();
    assertEquals(Status.ACTIVE, row("x").status());

    put(heardBefore("theirs", 'b', Duration.ofSeconds(1)));
    for (Map<String, Status> wrong : List.of(Map.of("x", Status.INACTIVE), Map.of("theirs", Status.ACTIVE),
        Map.of("nobody", Status.ACTIVE))) {
      assertEquals(Outcome.invalid("statuses." + wrong.keySet().iterator().next()), heartbeat(wrong));
    }
  }

  @Test
  @DisplayName("R-A7 unbind flips all own rows, not others'")
  void unlinked() {
    put(heardBefore("x", 'a', Duration.ZERO), lostBefore("y", 'a', Duration.ofMinutes(1)),
        heardBefore("z", 'a', Duration.ZERO).heard(Status.HIBERNATING, NOW), heardBefore("other", 'b', Duration.ZERO));

    assertEquals(new Outcome.Done<>(2), apply(PresenceRules.unlinked(state, OWN.id(), NOW, false, NOW)));

    for (String name : List.of("x", "y", "z")) {
      assertEquals(Status.INACTIVE, row(name).status());
    }
    assertEquals(NOW, row("x").inactiveSince());
    assertEquals(NOW.minusSeconds(60), row("y").inactiveSince(), "it was inactive before");
    assertEquals(Status.ACTIVE, row("other").status());
  }

  @Test
  @DisplayName("opening a link revives nothing, and is counted")
  void linked() {
    state.apply(List.of(new PublisherChange.Put(OWN)));
    put(lostBefore("x", 'a', Duration.ofMinutes(1)));
    assertEquals(OWN.linksOpened() + 1,
        apply(PresenceRules.linked(state, OWN.id(), null, NOW)).orThrow().linksOpened());
    assertEquals(Status.INACTIVE, row("x").status());
  }

  @Test
  @DisplayName("a heartbeat after an unbind makes the row active again")
  void revived() {
    put(heardBefore("x", 'a', Duration.ZERO));
    apply(PresenceRules.unlinked(state, OWN.id(), NOW, false, NOW));
    heartbeat(Map.of()).orThrow();
    assertEquals(Status.ACTIVE, row("x").status());
  }

  @Test
  @DisplayName("R-A16 sweep: 5 min stale becomes inactive, 30 s not; exactly 90 s not (strict)")
  void stale() {
    put(heardBefore("five", 'a', Duration.ofMinutes(5)), heardBefore("half", 'a', Duration.ofSeconds(30)),
        heardBefore("exactly", 'a', Duration.ofSeconds(90)),
        heardBefore("above", 'a', Duration.ofSeconds(90).plusNanos(1_000)),
        RelayRows.served("asleep", 'a', NOW.minusSeconds(300)).heard(Status.HIBERNATING, NOW.minusSeconds(300)));

    assertEquals(new Swept(3, 0), sweep());

    assertEquals(Status.INACTIVE, row("five").status());
    assertEquals(NOW, row("five").inactiveSince());
    assertEquals(Status.ACTIVE, row("half").status());
    assertEquals(Status.ACTIVE, row("exactly").status());
    assertEquals(Status.INACTIVE, row("above").status());
    assertEquals(Status.INACTIVE, row("asleep").status());
  }

  @Test
  @DisplayName("R-A17 sweep: 5 h inactive deleted, 1 h kept, public kept")
  void forgotten() {
    put(lostBefore("five", 'a', Duration.ofHours(5)), lostBefore("one", 'a', Duration.ofHours(1)),
        lostBefore("exactly", 'a', Duration.ofHours(4)));
    state.apply(List.of(new ProviderChange.PublicPut(RelayRows.plain("public", NOW.minus(Duration.ofDays(9))))));

    assertEquals(new Swept(0, 1), sweep());
    assertEquals(List.of("exactly", "one", "public"),
        state.providers("", 10).stream().map(provider -> provider.name()).toList());
  }

  @Test
  @DisplayName("R-A18 sweep twice: second changes nothing")
  void twice() {
    put(lostBefore("old", 'a', Duration.ofHours(5)), heardBefore("stale", 'a', Duration.ofMinutes(5)),
        heardBefore("here", 'a', Duration.ZERO));
    assertEquals(new Swept(1, 1), sweep());
    Decision<Swept> second = PresenceRules.sweep(state, _ -> null, Set.of(), NOW);
    assertEquals(new Outcome.Done<>(new Swept(0, 0)), second.outcome());
    assertEquals(List.of(), second.changes());
  }

  @Test
  @DisplayName("a sweep goes by what the process has heard since it was written, and leaves who is busy")
  void heardSince() {
    put(heardBefore("heard", 'a', Duration.ofMinutes(5)), heardBefore("busy", 'a', Duration.ofMinutes(5)),
        lostBefore("busy-too", 'a', Duration.ofHours(5)), heardBefore("older", 'a', Duration.ofSeconds(10)));
    Map<String, Instant> heard = Map.of("heard", NOW.minusSeconds(20), "older", NOW.minusSeconds(500));
    assertEquals(new Swept(0, 0),
        apply(PresenceRules.sweep(state, heard::get, Set.of("busy", "busy-too"), NOW)).orThrow());
    assertEquals(4, state.providers("", 10).size());
  }

  @Test
  @DisplayName("a wake that ended well makes a hibernating row active, and no other")
  void woken() {
    put(heardBefore("asleep", 'a', Duration.ZERO).heard(Status.HIBERNATING, NOW.minusSeconds(9)),
        lostBefore("lost", 'a', Duration.ZERO), heardBefore("awake", 'a', Duration.ofSeconds(5)));
    assertEquals(new Outcome.Done<>(true), apply(PresenceRules.woken(state, "asleep", NOW)));
    assertEquals(Status.ACTIVE, row("asleep").status());
    assertEquals(NOW, row("asleep").heardAt());
    for (String name : List.of("lost", "awake", "nobody")) {
      assertEquals(Decision.unchanged(false), PresenceRules.woken(state, name, NOW));
    }
  }

  /** What a node and a publisher do; each is one unit of work, so that every order of them is every way they can meet. */
  private enum Step {
    /** The publisher's register, and that the process has heard of it. */
    REGISTER,
    BIND,
    HEARTBEAT,
    SWEEP
  }

  @Test
  @DisplayName("sweeps between register, bind and heartbeat, in every order: who is bound and was just heard isn't inactive")
  void interleaved() {
    List<List<Step>> orders = new ArrayList<>();
    orders(new ArrayList<>(), new ArrayList<>(List.of(Step.REGISTER, Step.BIND, Step.HEARTBEAT, Step.SWEEP, Step.SWEEP,
        Step.SWEEP)), orders);
    List<@Nullable VirtualProvider> starts = new ArrayList<>(List.of(heardBefore("x", 'a', Duration.ofMinutes(5)),
        heardBefore("x", 'a', Duration.ofMillis(89_999)), lostBefore("x", 'a', Duration.ofHours(1)),
        lostBefore("x", 'a', Duration.ofHours(5)),
        heardBefore("x", 'a', Duration.ofMinutes(5)).heard(Status.HIBERNATING, NOW.minusSeconds(300))));
    starts.add(null);
    int bound = 0;
    for (VirtualProvider start : starts) {
      for (List<Step> order : orders) {
        bound += run(start, order);
      }
    }
    assertEquals(120, orders.size());
    assertTrue(bound > 300, "bound and heard " + bound + " times");
  }

  private static void orders(List<Step> begun, List<Step> left, List<List<Step>> found) {
    if (left.isEmpty()) {
      found.add(List.copyOf(begun));
    }
    for (Step step : Set.copyOf(left)) {
      left.remove(step);
      begun.add(step);
      orders(begun, left, found);
      begun.removeLast();
      left.add(step);
    }
  }

  /** @return how often the row was there with an open link and a fresh heartbeat */
  private static int run(@Nullable VirtualProvider start, List<Step> order) {
    var node = new PresenceRulesTest();
    node.state.apply(List.of(new PublisherChange.Put(OWN)));
    if (start != null) {
      node.put(start);
    }
    Map<String, Instant> heard = new TreeMap<>();
    boolean isBound = false;
    int found = 0;
    Instant now = NOW;
    for (Step step : order) {
      now = now.plusSeconds(1);
      node.take(step, heard, now);
      isBound |= step == Step.BIND;
      boolean isThere = node.state.provider("x").isPresent() && heard.containsKey("x");
      if (isBound && isThere) {
        found++;
        assertNotEquals(Status.INACTIVE, node.row("x").status(), () -> start + " behind " + order);
      }
    }
    return found;
  }

  private void take(Step step, Map<String, Instant> heard, Instant now) {
    switch (step) {
      case REGISTER -> {
        var entry = new Registration.Entry(RelayRows.served("x", 'a', now).offer(), Status.ACTIVE);
        var asked = new Registration(new Presented(OWN.id(), RelayRows.secret('a')), Key.DEFAULT_SUBJECT, null,
            List.of(entry));
        apply(RegisterRules.register(state, asked, new Registration.Fresh("f".repeat(32), "f".repeat(64),
            List.of("f".repeat(16))), Registration.Circumstances.NONE, null, now)).orThrow();
        heard.put("x", now);
      }
      case BIND -> apply(PresenceRules.linked(state, OWN.id(), null, now)).orThrow();
      case HEARTBEAT -> apply(PresenceRules.heartbeat(state, OWN, Map.of(), Set.of(), now)).orThrow()
          .forEach(one -> heard.put(one.name(), now));
      case SWEEP -> apply(PresenceRules.sweep(state, heard::get, Set.of(), now)).orThrow();
    }
  }
}
