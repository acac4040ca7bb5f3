package dev.holdfast.application.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.KeyRules;
import dev.holdfast.domain.access.NewKey;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KeyCheckTest {
  private final AtomicLong drawn = new AtomicLong();
  private final Ids ids = digits -> ("%0" + digits + "x").formatted(drawn.incrementAndGet());
  private Instant now = Instant.parse("2026-06-01T00:00:00Z");
  private final Watched store = new Watched();
  private final UnitsOfWork units = new UnitsOfWork(store, new NewsRoom(), new NodeState(),
      new AuditKey("5a".repeat(32)), () -> now);
  private final KeyCheck check = new KeyCheck(units, () -> now);
  private final Keys keys = new Keys(units, check, ids, () -> now);
  private final Key maker =
      Key.of(PresentedKey.random(ids), Key.DEFAULT_SUBJECT, Role.ADMIN, "maker", now);
  private final List<String> ended = new ArrayList<>();

  /** Counts what is asked, and lets something happen between what a read sees of a key and what its reader makes of it. */
  private static final class Watched implements Store {
    private final Store store = new MemoryStore();
    private int reads;
    private boolean mute;
    private Runnable behindKey = () -> {
    };

    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      Outcome<T> outcome = store.write(rule);
      if (mute) {
        throw StoreException.unknown("nobody is told", null);
      }
      return outcome;
    }

    @Override
    public <T> T read(Function<? super State, T> query) {
      reads++;
      return query.apply((State) Proxy.newProxyInstance(State.class.getClassLoader(), new Class<?>[] {State.class},
          (_, method, arguments) -> seen(method, arguments)));
    }

    private Object seen(Method method, Object[] arguments) {
      Object answer = store.read(state -> {
        try {
          return method.invoke(state, arguments);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      });
      if (method.getName().equals("key")) {
        Runnable once = behindKey;
        behindKey = () -> {
        };
        once.run();
      }
      return answer;
    }

    @Override
    public String backend() {
      return store.backend();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private Audited call() {
    return Audited.local("0".repeat(32), "key.test");
  }

  private Keys.Made made() {
    keys.whenEnded(ended::add);
    return keys.create(call(), new NewKey(Role.CONSUMER, "ann", "l", null, Key.Limits.NONE, null), maker).orThrow();
  }

  private KeyRules.Revision of(Keys.Made made) {
    return new KeyRules.Revision(made.key().id(), maker, null, null);
  }

  private static boolean admits(Optional<Outcome<Key>> found) {
    return found.filter(outcome -> outcome instanceof Outcome.Done<Key>).isPresent();
  }

  @Test
  @DisplayName("A known key is judged from memory; a revoked, rotated or removed one never is again")
  void cached() {
    Keys.Made made = made();
    String text = made.presented().text();
    assertEquals(Optional.empty(), check.known(text));
    assertTrue(check.check(text) instanceof Outcome.Done<Key>);
    int reads = store.reads;
    assertTrue(admits(check.known(text)));
    assertEquals(reads, store.reads);
    keys.revoke(call(), of(made)).orThrow();
    assertFalse(admits(check.known(text)));
    assertEquals(Outcome.refused(Reason.KEY_REVOKED), check.check(text));
    assertEquals(List.of(made.key().id()), ended);
    assertEquals(Optional.of(Reason.KEY_REVOKED), check.whyEnded(made.key().id()));
    keys.remove(call(), of(made)).orThrow();
    assertFalse(admits(check.known(text)));
    assertEquals(Outcome.refused(Reason.INVALID_KEY), check.check(text));
  }

  @Test
  @DisplayName("A key that was revoked, and nobody told so, is not admitted from memory")
  void untold() {
    Keys.Made made = made();
    String text = made.presented().text();
    check.check(text);
    store.mute = true;
    assertThrows(StoreException.class, () -> keys.revoke(call(), of(made)));
    assertFalse(admits(check.known(text)));
    assertEquals(Outcome.refused(Reason.KEY_REVOKED), check.check(text));
  }

  @Test
  @DisplayName("A key that is revoked between a check's read and its keeping isn't kept as it was")
  void race() {
    Keys.Made made = made();
    String text = made.presented().text();
    // Its use is noted, so that a kept one would be let in without asking.
    check.check(text);
    store.behindKey = () -> keys.revoke(call(), of(made)).orThrow();
    check.check(text);
    assertFalse(admits(check.known(text)), "the old key was brought back");
    assertEquals(Outcome.refused(Reason.KEY_REVOKED), check.check(text));
  }

  @Test
  @DisplayName("Unknown ids and wrong secrets are judged by the store and leave nothing in memory")
  void unknown() {
    Keys.Made made = made();
    check.check(made.presented().text());
    for (int i = 0; i < 10_000; i++) {
      String text = PresentedKey.random(ids).text();
      assertEquals(Outcome.refused(Reason.INVALID_KEY), check.check(text));
      assertEquals(Optional.empty(), check.known(text));
    }
    String other = new PresentedKey(made.key().id(), "f".repeat(64)).text();
    assertEquals(Optional.of(Outcome.refused(Reason.INVALID_KEY)), check.known(other));
    assertTrue(admits(check.known(made.presented().text())), "nobody's wrong keys pushed the right one out");
  }

  @Test
  @DisplayName("A text of the wrong form never reaches the store")
  void form() {
    int reads = store.reads;
    for (String text : List.of("", "hfk_", "hfk_x", "a".repeat(10_000))) {
      assertEquals(Optional.of(Outcome.refused(Reason.INVALID_KEY)), check.known(text));
      assertEquals(Outcome.refused(Reason.INVALID_KEY), check.check(text));
    }
    assertEquals(reads, store.reads);
  }

  @Test
  @DisplayName("A use is noted once in a minute, and a key that expires is refused from that instant on, from memory too")
  void times() {
    Keys.Made made = made();
    String text = made.presented().text();
    check.check(text);
    assertEquals(now, keys.show(made.key().id(), null).orThrow().key().lastUsedAt());
    now = now.plusSeconds(59);
    assertTrue(admits(check.known(text)));
    now = now.plusSeconds(1);
    assertEquals(Optional.empty(), check.known(text), "the use has to be noted");
    check.check(text);
    assertEquals(now, keys.show(made.key().id(), null).orThrow().key().lastUsedAt());
    assertEquals(1, keys.show(made.key().id(), null).orThrow().key().version());
    Keys.Made next = keys.rotate(call(), of(made), Duration.ofSeconds(30)).orThrow();
    assertEquals(List.of(), ended, "it works on for the overlap");
    check.check(text);
    now = now.plusSeconds(29);
    assertTrue(admits(check.known(text)));
    now = now.plusSeconds(1);
    assertEquals(Optional.of(Outcome.refused(Reason.KEY_EXPIRED)), check.known(text));
    assertEquals(Optional.of(Reason.KEY_EXPIRED), check.whyEnded(made.key().id()));
    assertEquals(Optional.empty(), check.whyEnded(next.key().id()));
  }
}
