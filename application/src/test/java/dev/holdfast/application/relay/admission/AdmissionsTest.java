package dev.holdfast.application.relay.admission;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Asked;
import dev.holdfast.application.relay.FakeRelay;
import dev.holdfast.application.relay.admission.Admissions.Patience;
import dev.holdfast.application.relay.admission.Admissions.Place;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AdmissionsTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final Admissions admissions = new Admissions(now::get);

  private static Provider provider(String name, int maxInFlight) {
    var offer = new Offer(name, "m", Offer.OPENAI, "b", "fast", null, Offer.Visibility.SHARED, maxInFlight, null, null);
    return PublicProvider.of(Provider.idOf(name), "default", offer, "http://127.0.0.1/v1", null, Instant.EPOCH);
  }

  /** A caller on a thread of its own, who waits in the queue when this returns. */
  private final class Waiter {
    private final CompletableFuture<Outcome<Place>> outcome = new CompletableFuture<>();
    private final Thread thread;

    Waiter(Patience patience, Provider... candidates) {
      int before = admissions.queued("m");
      thread = Thread.ofVirtual().start(() -> {
        try {
          outcome.complete(admissions.take("m", Candidates.of(() -> List.of(candidates)), patience));
        } catch (InterruptedException e) {
          outcome.completeExceptionally(e);
        }
      });
      await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
          .until(() -> outcome.isDone() || admissions.queued("m") > before);
    }

    Waiter(Provider... candidates) {
      this(Patience.OF_CALLERS, candidates);
    }

    Place place() throws ExecutionException, InterruptedException {
      return outcome.get().orThrow();
    }

    Reason refusal() throws ExecutionException, InterruptedException {
      return outcome.get() instanceof Outcome.Refused<Place>(Reason reason, _) ? reason : Reason.INTERNAL;
    }
  }

  @Test
  @DisplayName("R-A32 two waiters, one freed slot: exactly one proceeds, the other gets the next or its deadline; a waiter that left passes the slot on")
  void oneSlot() throws Exception {
    Provider one = provider("one", 1);
    Place held = new Waiter(one).place();
    var first = new Waiter(one);
    var second = new Waiter(one);
    held.close();
    held.close();
    Place next = first.place();
    assertFalse(second.outcome.isDone(), "one slot, one call");
    assertEquals(1, admissions.inFlight("one"));
    next.close();
    Place last = second.place();

    var leaver = new Waiter(one);
    var patient = new Waiter(one);
    leaver.thread.interrupt();
    assertThrows(ExecutionException.class, leaver.outcome::get);
    last.close();
    Place passedOn = patient.place();

    var late = new Waiter(one);
    now.updateAndGet(at -> at.plus(Admissions.WAIT_AT_MOST));
    admissions.tick();
    assertEquals(Reason.QUEUE_DEADLINE_EXCEEDED, late.refusal());
    passedOn.close();
    assertEquals(0, admissions.inFlight("one"));
    assertEquals(0, admissions.queued("m"));
  }

  @Test
  @DisplayName("a slot that is granted in the moment in which its waiter leaves is passed on, in every order of the two")
  void leavesAsGranted() throws Exception {
    Provider one = provider("one", 1);
    for (int round = 0; round < 200; round++) {
      Place held = new Waiter(one).place();
      var leaver = new Waiter(one);
      var patient = new Waiter(one);
      var go = new CountDownLatch(1);
      Thread frees = Thread.ofPlatform().start(() -> {
        try {
          go.await();
        } catch (InterruptedException e) {
          return;
        }
        held.close();
      });
      go.countDown();
      leaver.thread.interrupt();
      frees.join();
      try {
        leaver.place().close();
      } catch (ExecutionException e) {
        // It left before it was granted the slot.
      }
      patient.place().close();
      assertEquals(0, admissions.inFlight("one"));
    }
  }

  @Test
  @DisplayName("the queue is first come, first served, tells each call its place, and takes eight calls a member")
  void queue() throws Exception {
    Provider one = provider("one", 1);
    Place held = new Waiter(one).place();
    assertEquals(0, held.queuedAt());
    List<Integer> order = new CopyOnWriteArrayList<>();
    List<Waiter> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int number = i;
      waiting.add(new Waiter(one));
      var _ = waiting.getLast().outcome.thenAccept(outcome -> {
        order.add(number);
        outcome.orThrow().close();
      });
    }
    assertEquals(Reason.QUEUE_FULL, new Waiter(one).refusal());
    assertEquals(8, admissions.queued("m"));
    now.updateAndGet(at -> at.plusSeconds(3));
    held.close();
    for (int i = 0; i < 8; i++) {
      assertEquals(i + 1, waiting.get(i).place().queuedAt());
      assertEquals(Duration.ofSeconds(3), waiting.get(i).place().waited());
    }
    await().until(() -> order.size() == 8);
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), order);
  }

  @Test
  @DisplayName("without a candidate a caller is refused at once, a turn waits until one comes")
  void offline() throws Exception {
    assertEquals(Reason.PUBLISHER_OFFLINE, new Waiter().refusal());
    List<Provider> there = new CopyOnWriteArrayList<>();
    var turn = new CompletableFuture<Outcome<Place>>();
    Thread.ofVirtual().start(() -> {
      try {
        turn.complete(admissions.take("m", Candidates.of(() -> there), new Patience(Duration.ofMinutes(10), true)));
      } catch (InterruptedException e) {
        turn.completeExceptionally(e);
      }
    });
    await().until(() -> admissions.queued("m") == 1);
    there.add(provider("one", 1));
    admissions.changed("m");
    assertEquals("one", turn.get().orThrow().provider().name());
  }

  @Test
  @DisplayName("R-43 whoever comes gets a free provider though somebody ahead waits for another; who is ahead and can use it goes first")
  void othersAhead() throws Exception {
    Provider busy = provider("busy", 1);
    Provider free = provider("free", 2);
    Place held = new Waiter(busy).place();
    var ahead = new Waiter(busy);
    List<Provider> there = new CopyOnWriteArrayList<>();
    Candidates cooling = Candidates.of(() -> List.copyOf(there));
    var turn = started(cooling);
    await().until(() -> admissions.queued("m") == 2);
    Place first = new Waiter(free).place();
    assertFalse(ahead.outcome.isDone());
    assertFalse(turn.isDone());

    there.add(free);
    var late = started(Candidates.of(() -> List.of(free)));
    assertEquals("free", turn.get().orThrow().provider().name(), "it came before");
    await().until(() -> admissions.queued("m") == 2);
    assertFalse(late.isDone(), "and took the last place");
    first.close();
    late.get().orThrow().close();
    held.close();
    ahead.place().close();
    turn.get().orThrow().close();
    assertEquals(0, admissions.queued("m"));
    assertTrue(admissions.busy().isEmpty());
  }

  /** A turn, on a thread of its own. */
  private CompletableFuture<Outcome<Place>> started(Candidates candidates) {
    return CompletableFuture.supplyAsync(() -> take(candidates), run -> Thread.ofVirtual().start(run));
  }

  private Outcome<Place> take(Candidates candidates) {
    try {
      return admissions.take("m", candidates, new Patience(Duration.ofMinutes(10), true));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("R-42 a turn goes on when the provider that it waits for has cooled down, of which nobody tells")
  void cooledDown() throws Exception {
    Provider one = provider("one", 1);
    var cool = new AtomicBoolean();
    Candidates cooling = Candidates.of(() -> cool.get() ? List.of(one) : List.of());
    var turn = started(cooling);
    await().until(() -> admissions.queued("m") == 1);
    admissions.tick();
    cool.set(true);
    admissions.tick();
    assertEquals("one", turn.get().orThrow().provider().name());
  }

  @Test
  @DisplayName("R-4 a turn whose model has no member that it sees is told so at once")
  void noMembers() throws Exception {
    var relay = new FakeRelay();
    var asked = new Asked(Viewer.of("callers"), null, "turn-1", "nobody's",
        new InferenceRequest(InferenceRequest.CHAT, FakeRelay.chat("nobody's"), false), Mode.TURN);
    assertEquals(Outcome.refused(Reason.MODEL_NOT_FOUND), relay.relay.call(asked));
  }

  @Test
  @DisplayName("S-48 at no instant are more calls in flight than a provider takes, whoever comes, leaves and waits")
  void bounds() throws Exception {
    Provider one = provider("one", 2);
    Provider two = provider("two", 3);
    var ones = new AtomicInteger();
    var twos = new AtomicInteger();
    var over = new AtomicInteger();
    long seed = new Random().nextLong();
    List<Thread> callers = new ArrayList<>();
    for (int caller = 0; caller < 12; caller++) {
      var random = new Random(seed + caller);
      callers.add(Thread.ofVirtual().start(() -> {
        for (int i = 0; i < 300; i++) {
          call(random, random.nextBoolean() ? List.of(one, two) : List.of(two, one), ones, twos, over);
        }
      }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    assertEquals(0, over.get(), () -> "seed " + seed);
    assertEquals(0, admissions.inFlight("one") + admissions.inFlight("two"));
    assertTrue(admissions.busy().isEmpty());
  }

  private void call(Random random, List<Provider> candidates, AtomicInteger ones, AtomicInteger twos,
      AtomicInteger over) {
    try {
      if (random.nextInt(10) == 0) {
        Thread.currentThread().interrupt();
      }
      if (!(admissions.take("m", Candidates.of(() -> candidates),
          Patience.OF_CALLERS) instanceof Outcome.Done<Place>(Place place))) {
        return;
      }
      boolean first = place.provider().name().equals("one");
      AtomicInteger in = first ? ones : twos;
      if (in.incrementAndGet() > (first ? 2 : 3)) {
        over.incrementAndGet();
      }
      in.decrementAndGet();
      place.close();
    } catch (InterruptedException e) {
      // It left.
    }
  }
}
