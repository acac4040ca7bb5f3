package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.http.access.Route;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Where every refusal that leaves a record passes, once for each request (spec A-90): those of, and those of
 * calls that would have changed something.
 */
@Singleton
final class Refusals {
  private final Map<Reason, LongAdder> counts = new ConcurrentHashMap<>();

  /**
   * What was refused.
   *
   * @param remote the caller's address
   * @param key null where no valid one was presented
   */
  record Refusal(String requestId, String remote, @Nullable Key key, Route route, Reason reason) {}

  /** Called on a thread that may wait, before the answer is sent. */
  void add(Refusal refusal) {
    counts.computeIfAbsent(refusal.reason(), _ -> new LongAdder()).increment();
  }

  /** Since the node began. */
  long count(Reason reason) {
    LongAdder count = counts.get(reason);
    return count == null ? 0 : count.sum();
  }
}
