package dev.holdfast.application.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.publishers.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PublishersTest {
  private @Nullable Runnable between;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final MemoryStore memory = new MemoryStore();
  private final AtomicLong counter = new AtomicLong();
  private final Ids ids = digits -> ("%0" + digits + "x").formatted(counter.incrementAndGet());
  private final UnitsOfWork units =
      new UnitsOfWork(new Interrupted(), new NewsRoom(), new NodeState(), new AuditKey("5a".repeat(32)), now::get);
  private final Relay.Present present = Relay.Present.of(now::get);
  private final Publishers publishers = new Publishers(units, present, Set.of(), ids, now::get);

  /** Something may happen just before a unit of work begins. */
  private final class Interrupted implements Store {
    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      runBetween();
      return memory.write(rule);
    }

    @Override
    public <T> T read(Function<? super State, T> query) {
      return memory.read(query);
    }

    @Override
    public String backend() {
      return memory.backend();
    }

    @Override
    public void close() {
      memory.close();
    }
  }

  private void runBetween() {
    Runnable once = between;
    between = null;
    if (once != null) {
      once.run();
    }
  }

  private void pass(Duration time) {
    now.updateAndGet(at -> at.plus(time));
  }

  private Registration.Done register(Registration.@Nullable Presented as) {
    var entry = new Registration.Entry(Offer.of("mine", "m", Offer.Visibility.SHARED), Status.ACTIVE);
    return publishers.register(Audited.local(ids.hex(32), "publisher.register"),
        new Registration(as, "ann", null, List.of(entry)), null).orThrow();
  }

  private VirtualProvider row() {
    return (VirtualProvider) memory.read(state -> state.provider("mine")).orElseThrow();
  }

  @Test
  @DisplayName("R-A43 sweep and unbind against bind, register and heartbeat interleaved at every step: a row with open link and fresh heartbeat never ends inactive")
  void interleaved() {
    Registration.Done done = register(null);
    var as = new Registration.Presented(done.publisher().id(), String.valueOf(done.secret()));
    Publisher publisher = done.publisher();
    List<Runnable> comings = List.of(() -> publishers.bind(publisher, "key").orThrow(), () -> register(as),
        () -> publishers.heartbeat(publisher, Map.of()).orThrow());
    List<int[]> orders = List.of(new int[] {0, 1, 2}, new int[] {0, 2, 1}, new int[] {1, 0, 2}, new int[] {1, 2, 0},
        new int[] {2, 0, 1}, new int[] {2, 1, 0});
    for (Runnable going : List.<Runnable>of(publishers::sweep, () -> {
    })) {
      for (boolean unbinds : new boolean[] {true, false}) {
        for (int[] order : orders) {
          for (int before = 0; before <= 3; before++) {
            for (int during = before; during <= 3; during++) {
              Link old = publishers.bind(publisher, "key").orThrow();
              register(as);
              pass(Duration.ofMinutes(3));
              run(comings, order, 0, before);
              pass(Duration.ofMillis(1));
              int until = during;
              int from = before;
              between = () -> {
                pass(Duration.ofMillis(1));
                run(comings, order, from, until);
              };
              if (unbinds) {
                publishers.unbind(old);
              }
              going.run();
              runBetween();
              pass(Duration.ofMillis(1));
              run(comings, order, during, 3);
              going.run();
              // Opening a link revives nothing (spec R-12), so a word of its publisher behind the loss is needed.
              boolean fresh = !unbinds || isLinked(order, before) || isHeard(order, before);
              assertTrue(!fresh || row().status() == Status.ACTIVE, Arrays.toString(order) + " " + from + " " + until);
              assertTrue(present.links().isOpen(publisher.id()));
            }
          }
        }
      }
    }
  }

  private static boolean isLinked(int[] order, int to) {
    return Arrays.stream(order, 0, to).anyMatch(coming -> coming == 0);
  }

  private static boolean isHeard(int[] order, int from) {
    return Arrays.stream(order, from, order.length).anyMatch(coming -> coming > 0);
  }

  private static void run(List<Runnable> comings, int[] order, int from, int to) {
    for (int i = from; i < to; i++) {
      comings.get(order[i]).run();
    }
  }

  @Test
  @DisplayName("R-A6 heartbeat bumps and revives; rows of other publishers untouched")
  void heartbeat() {
    Registration.Done done = register(null);
    var other = new Registration.Entry(Offer.of("theirs", "m", Offer.Visibility.SHARED), Status.ACTIVE);
    publishers.register(Audited.local(ids.hex(32), "publisher.register"),
        new Registration(null, "bob", null, List.of(other)), null).orThrow();
    pass(Duration.ofMinutes(2));
    assertEquals(2, publishers.sweep().markedInactive());
    Instant heard = now.get();
    assertEquals(List.of("mine"),
        new ArrayList<>(publishers.heartbeat(done.publisher(), Map.of()).orThrow()).stream().map(VirtualProvider::name)
            .toList());
    assertEquals(Status.ACTIVE, row().status());
    assertEquals(heard, row().heardAt());
    assertEquals(Status.INACTIVE,
        ((VirtualProvider) memory.read(state -> state.provider("theirs")).orElseThrow()).status());
    pass(Duration.ofSeconds(80));
    publishers.heartbeat(done.publisher(), Map.of()).orThrow();
    pass(Duration.ofSeconds(80));
    assertEquals(0, publishers.sweep().markedInactive(), "what was heard last counts, be it written or not");
  }
}
