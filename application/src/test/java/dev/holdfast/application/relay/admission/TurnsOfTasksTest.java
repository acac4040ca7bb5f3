package dev.holdfast.application.relay.admission;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.admission.Admissions.Patience;
import dev.holdfast.application.relay.admission.Admissions.Place;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.PublicProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is next among callers and tasks that nobody waits for. */
@Timeout(60)
class TurnsOfTasksTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final Admissions admissions = new Admissions(now::get);

  private static Provider one(String pool) {
    var offer = new Offer("one", pool, Offer.OPENAI, "b", "fast", null, Offer.Visibility.SHARED, 1, null, null);
    return PublicProvider.of(Provider.idOf("one"), "default", offer, "http://127.0.0.1/v1", null, Instant.EPOCH);
  }

  /** It has a place, or waits in the queue when this returns. */
  private CompletableFuture<Place> caller(String model, Provider provider) {
    int before = admissions.queued(model);
    var place = new CompletableFuture<Place>();
    Thread.ofVirtual().start(() -> {
      try {
        place.complete(admissions.take(model, Candidates.of(() -> List.of(provider)), Patience.OF_CALLERS).orThrow());
      } catch (InterruptedException e) {
        place.completeExceptionally(e);
      }
    });
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
        .until(() -> place.isDone() || admissions.queued(model) > before);
    return place;
  }

  private CompletableFuture<Place> caller() {
    return caller("m", one("m"));
  }

  private Optional<Place> task() {
    return admissions.takeNow("m", Candidates.of(() -> List.of(one("m"))));
  }

  @Test
  @DisplayName("R-43 while callers and tasks wait for a model, each fourth place that becomes free is a task's")
  void fourth() {
    Place held = caller().join();
    List<CompletableFuture<Place>> callers = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      callers.add(caller());
    }
    assertTrue(task().isEmpty());
    for (int i = 0; i < 6; i++) {
      held.close();
      held = callers.get(i).join();
      assertTrue(task().isEmpty(), "a caller has the place");
      if (i % 3 == 2) {
        held.close();
        assertFalse(callers.get(i + 1).isDone(), "it is the task's turn");
        held = task().orElseThrow();
        assertTrue(task().isEmpty(), "and one task's alone");
      }
    }
    held.close();
    callers.get(6).join().close();
    assertEquals(0, admissions.inFlight("one"));
  }

  /** Callers of whom one always waits, until it is a task's turn. */
  private Place threeCallers() {
    Place held = caller().join();
    assertTrue(task().isEmpty());
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Place> next = caller();
      held.close();
      held = next.join();
    }
    return held;
  }

  @Test
  @DisplayName("R-43 callers who come back at once don't overtake the task whose turn it is")
  void comeBack() {
    threeCallers().close();
    CompletableFuture<Place> caller = caller();
    assertFalse(caller.isDone());
    Place task = task().orElseThrow();
    assertFalse(caller.isDone());
    task.close();
    caller.join().close();
    assertEquals(0, admissions.queued("m"));
  }

  @Test
  @DisplayName("R-43 callers go on when no task comes for its turn")
  void noTask() {
    Place held = threeCallers();
    CompletableFuture<Place> caller = caller();
    held.close();
    assertFalse(caller.isDone());
    now.updateAndGet(at -> at.plusSeconds(3));
    admissions.tick();
    caller.join().close();
  }

  @Test
  @DisplayName("R-43 a place that becomes free goes to who waits for the model that its provider serves now")
  void otherPool() {
    Place held = caller("m", one("m")).join();
    CompletableFuture<Place> waits = caller("other", one("other"));
    assertFalse(waits.isDone());
    held.close();
    waits.join().close();
  }
}
