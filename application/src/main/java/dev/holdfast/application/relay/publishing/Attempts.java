package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost;
import dev.holdfast.domain.relay.publishing.AttemptPost.Attempt;
import dev.holdfast.domain.relay.publishing.PublishingNode;
import dev.holdfast.domain.relay.publishing.Waking;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The attempts that are under way, each on a thread of its own, so that ending one ends nothing else. */
final class Attempts {
  private final PublishingNode node;
  private final ProviderCalls calls;
  private final Map<String, Serving> servings;
  private final Timing timing;
  private final Tally tally;
  private final AtomicBoolean uploads = new AtomicBoolean(true);
  // Guarded by this.
  private final Map<Attempt, Thread> running = new HashMap<>();
  private boolean refusing;

  Attempts(PublishingNode node, ProviderCalls calls, List<Serving> servings, Timing timing, Tally tally) {
    this.node = node;
    this.calls = calls;
    this.servings = servings.stream().collect(Collectors.toMap(Serving::name, Function.identity()));
    this.timing = timing;
    this.tally = tally;
  }

  void begin(Registration.Presented as, LinkFrame.Infer infer) {
    var attempt = new Attempt(infer.task(), infer.epoch());
    var posts = new Posts(node, as, attempt, timing);
    Serving serving = servings.get(infer.provider());
    if (serving == null) {
      start(attempt, () -> failed(posts, "unknown_provider", "the publisher doesn't serve this provider"));
    } else if (isRefusing()) {
      start(attempt, () -> failed(posts, AttemptPost.TRANSPORT, "the publisher is stopping"));
    } else {
      tally.begun(serving.name());
      var work = new AttemptWork(posts, calls, serving, infer, uploads);
      start(attempt, () -> {
        AttemptWork.End end = new AttemptWork.End(false, "the publisher broke", false);
        try {
          end = work.run();
        } finally {
          if (end.isBackendGone() && serving.recipe() != null) {
            tally.status(serving.name(), Status.HIBERNATING);
          }
          tally.ended(serving.name(), end.isAnswered(), end.failure());
        }
      });
    }
  }

  private static void failed(Posts posts, String reason, String note) {
    try {
      var _ = posts.post(new AttemptPost.Failure(reason, note));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Its recipe is run; what came of it is told under the frame's own task and epoch. */
  void wake(Registration.Presented as, LinkFrame.Wake wake) {
    var attempt = new Attempt(wake.task(), wake.epoch());
    var posts = new Posts(node, as, attempt, timing);
    Serving serving = servings.get(wake.provider());
    Waking recipe = serving == null ? null : serving.recipe();
    if (recipe == null || isRefusing()) {
      start(attempt, () -> failed(posts, "wake_failed", "the publisher has no recipe to load the model"));
      return;
    }
    start(attempt, () -> {
      try {
        woken(posts, wake, recipe);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private void woken(Posts posts, LinkFrame.Wake wake, Waking recipe) throws InterruptedException {
    long start = System.nanoTime();
    if (recipe.wake(wake.within())) {
      tally.status(wake.provider(), Status.ACTIVE);
      var _ = posts.post(new AttemptPost.Woken(Duration.ofNanos(System.nanoTime() - start)));
    } else {
      failed(posts, "wake_failed", "the model could not be loaded");
    }
  }

  /** Ends that attempt and nothing else; its own thread confirms it. One that has ended is confirmed here. */
  void cancel(Registration.Presented as, LinkFrame.Cancel cancel) {
    var attempt = new Attempt(cancel.task(), cancel.epoch());
    Thread thread;
    synchronized (this) {
      thread = running.get(attempt);
      if (thread != null) {
        thread.interrupt();
        return;
      }
    }
    start(attempt, () -> {
      try {
        var _ = node.post(as, new AttemptPost(attempt, new AttemptPost.Cancelled()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private synchronized void start(Attempt attempt, Runnable work) {
    if (running.containsKey(attempt)) {
      return;
    }
    Thread thread = Thread.ofVirtual().name(attempt.task()).unstarted(() -> {
      try {
        work.run();
      } finally {
        ended(attempt);
      }
    });
    running.put(attempt, thread);
    thread.start();
  }

  private synchronized void ended(Attempt attempt) {
    running.remove(attempt);
    notifyAll();
  }

  /** From now on new tasks are refused in a way that lets the node ask another provider. */
  synchronized void refuse() {
    refusing = true;
  }

  private synchronized boolean isRefusing() {
    return refusing;
  }

  synchronized void awaitNone(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toMillis(); !running.isEmpty() && left > 0;) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }

  /** Ends all that is under way. */
  synchronized void abandon() {
    running.values().forEach(Thread::interrupt);
  }
}
