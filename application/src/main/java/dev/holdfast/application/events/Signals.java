package dev.holdfast.application.events;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes whoever waits for news of a key. It carries no data: who is woken reads the store, so a missed, late or doubled
 * wake-up costs a look and nothing else.
 */
public final class Signals<K> {
  private final Map<K, List<Subscription>> subscriptions = new ConcurrentHashMap<>();

  /** Close it when done; news that come between subscribing and waiting are not missed. */
  public Subscription subscribe(K key) {
    var subscription = new Subscription(key);
    subscriptions.compute(key, (_, present) -> {
      List<Subscription> list = present == null ? new CopyOnWriteArrayList<>() : present;
      list.add(subscription);
      return list;
    });
    return subscription;
  }

  public void raise(K key) {
    for (Subscription subscription : subscriptions.getOrDefault(key, List.of())) {
      subscription.wake();
    }
  }

  /** Wakes everybody, for example to tell that the node is shutting down. */
  public void raiseAll() {
    subscriptions.keySet().forEach(this::raise);
  }

  /** One reader's place in the waiting room. */
  public final class Subscription implements AutoCloseable {
    private final K key;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private boolean news;

    private Subscription(K key) {
      this.key = key;
    }

    /**
     * Waits until there is news since the last wait, or until the time is over.
     *
     * @return whether there is news
     */
    public boolean await(Duration atMost) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        long left = atMost.toNanos();
        while (!news && left > 0) {
          left = woken.awaitNanos(left);
        }
        boolean had = news;
        news = false;
        return had;
      } finally {
        lock.unlock();
      }
    }

    private void wake() {
      lock.lock();
      try {
        news = true;
        woken.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      subscriptions.computeIfPresent(key, (_, list) -> {
        list.remove(this);
        return list.isEmpty() ? null : list;
      });
    }
  }
}
