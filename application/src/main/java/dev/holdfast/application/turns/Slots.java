package dev.holdfast.application.turns;

import dev.holdfast.domain.WorkerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * The places in which sessions are drained: so many at once, each on a virtual thread of its own; sessions beyond wait in the
 * order in which they came (spec T-57).
 */
final class Slots {
  private final int places;
  private final BiPredicate<WorkerId, Draining> drain;
  private final Map<WorkerId, Draining> active = new HashMap<>();
  private final Queue<WorkerId> waiting = new ArrayDeque<>();
  private final Set<WorkerId> waitingSet = new HashSet<>();
  private boolean taking;

  /**
   * @param drain works in a session until there is nothing left to do there, or its place is wanted, and answers whether that
   *     went well; after a failure the session isn't looked at again at once
   */
  Slots(int places, BiPredicate<WorkerId, Draining> drain) {
    this.places = places;
    this.drain = drain;
  }

  synchronized void open() {
    taking = true;
  }

  /** The session may have work. Cheap, and never too often. */
  synchronized void ask(WorkerId session) {
    if (!taking) {
      return;
    }
    Draining present = active.get(session);
    if (present != null) {
      present.askAgain();
    } else if (active.size() < places) {
      begin(session);
    } else {
      queue(session);
    }
  }

  private void queue(WorkerId session) {
    if (waitingSet.add(session)) {
      waiting.add(session);
    }
  }

  private void begin(WorkerId session) {
    var draining = new Draining();
    active.put(session, draining);
    draining.start(Thread.ofVirtual().name("turns-" + session).unstarted(() -> run(session, draining)));
  }

  private void run(WorkerId session, Draining draining) {
    boolean well = false;
    try {
      well = drain.test(session, draining);
    } finally {
      ended(session, draining, !well);
    }
  }

  /** Whether a session that has just ended a turn may begin another: not while the node drains or others wait. */
  synchronized boolean mayGoOn(Draining draining) {
    if (!waiting.isEmpty()) {
      draining.askAgain();
    }
    return taking && waiting.isEmpty();
  }

  private synchronized void ended(WorkerId session, Draining draining, boolean failed) {
    active.remove(session);
    // After a failure the scan comes back to the session, not at once.
    if (taking && draining.isAskedAgain() && !failed) {
      queue(session);
    }
    while (taking && !waiting.isEmpty() && active.size() < places) {
      WorkerId next = waiting.remove();
      waitingSet.remove(next);
      if (!active.containsKey(next)) {
        begin(next);
      }
    }
    notifyAll();
  }

  synchronized boolean isActive(WorkerId session) {
    return active.containsKey(session);
  }

  synchronized List<Draining> all() {
    return new ArrayList<>(active.values());
  }

  /** Whether no session is being drained or waits to be. */
  synchronized boolean isIdle() {
    return active.isEmpty() && waiting.isEmpty();
  }

  /** Takes nothing new; what waits is forgotten. */
  synchronized void shut() {
    taking = false;
    waiting.clear();
    waitingSet.clear();
  }

  /** @return whether every place was left within the time */
  synchronized boolean awaitEmpty(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!active.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
