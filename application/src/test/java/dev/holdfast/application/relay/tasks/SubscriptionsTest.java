package dev.holdfast.application.relay.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.FakeRelay;
import dev.holdfast.application.relay.admission.Admissions;
import dev.holdfast.application.relay.admission.Candidates;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.tasks.KeptTasks;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is left of those who followed, waited or were linked for a while, when they have gone: nothing. */
class SubscriptionsTest {
  private static final int MANY = 10_000;

  private final FakeRelay relay = new FakeRelay();
  private final TaskDispatch dispatch =
      relay.parts.dispatch();
  private final InferenceTasks tasks =
      relay.parts.tasks();

  @AfterEach
  void stop() {
    dispatch.close();
  }

  private FakeRelay.Played publisher() {
    return relay.publisher(FakeRelay.offer("a", "m", 1, null), Status.ACTIVE);
  }

  private String submit() {
    var draft = new KeptTasks.Draft("m", InferenceRequest.CHAT, FakeRelay.chat("m"), true);
    return tasks.submit(relay.called(), draft, new KeptTasks.Caller(Viewer.of("callers"), "key-2"), null).orThrow()
        .task().id();
  }

  @Test
  @DisplayName("R-A35 10 000 subscriptions of a task that goes on leave no listener behind")
  void followers() throws InterruptedException {
    FakeRelay.Played laptop = publisher();
    String id = submit();
    LinkFrame.Infer infer = laptop.frame(LinkFrame.Infer.class, 1);
    List<WeakReference<TaskRing.Reader>> left = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      TaskRing.Reader reader = tasks.follow(id, "callers", 0, 0).orThrow();
      var _ = reader.next();
      left.add(new WeakReference<>(reader));
    }
    // Whatever knew of one of them would keep it.
    await().until(() -> {
      System.gc();
      return left.stream().allMatch(reader -> reader.get() == null);
    });
    laptop.chunk(infer, 1, "one", false);
    TaskRing.Reader last = tasks.follow(id, "callers", 0, 0).orThrow();
    await().until(() -> last.next().size() == 1);
  }

  @Test
  @DisplayName("R-A35 10 000 links that came and went leave none behind")
  void links() {
    FakeRelay.Played laptop = publisher();
    List<WeakReference<Object>> left = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      // Every second one is replaced by the next before it closes.
      var link = relay.publishers.bind(laptop.publisher, "key-1").orThrow();
      left.add(new WeakReference<>(link));
      if (i % 2 == 0) {
        relay.publishers.unbind(link);
      }
    }
    laptop.close();
    laptop.open().close();
    assertEquals(Set.of(), relay.present.links().publishers());
    await().until(() -> {
      System.gc();
      return left.stream().allMatch(link -> link.get() == null);
    });
  }

  @Test
  @DisplayName("R-A35 10 000 calls that waited for a place and left leave no entry behind")
  void waiters() throws Exception {
    publisher();
    Admissions admissions = relay.present.admissions();
    var candidates = Candidates.of(() -> List.of(relay.provider("a")));
    Admissions.Place held = admissions.take("m", candidates, Admissions.Patience.OF_CALLERS).orThrow();
    int atOnce = 8;
    for (int round = 0; round < MANY / atOnce; round++) {
      List<Thread> waiting = IntStream.range(0, atOnce).mapToObj(_ -> Thread.ofVirtual().start(() -> {
        try {
          Outcome<Admissions.Place> place = admissions.take("m", candidates, Admissions.Patience.OF_CALLERS);
          throw new AssertionError("nobody gave it " + place);
        } catch (InterruptedException e) {
          // It leaves.
        }
      })).toList();
      await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
          .until(() -> admissions.queued("m") == atOnce);
      for (Thread thread : waiting) {
        thread.interrupt();
        thread.join();
      }
      assertEquals(0, admissions.queued("m"));
    }
    assertEquals(1, admissions.inFlight("a"));
    held.close();
    assertTrue(admissions.busy().isEmpty());
  }
}
