package dev.holdfast.http.access.checks;

import dev.holdfast.application.access.RefusalLog;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.domain.Reason;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Where every refusal that leaves a record passes, once for each request (spec A-90): those of, and those of
 * calls that would have changed something.
 */
@Singleton
final class Refusals {
  private final RefusalLog log;
  private final Map<Reason, LongAdder> counts = new ConcurrentHashMap<>();

  Refusals(RefusalLog log) {
    this.log = log;
  }

  /** Called on a thread that may wait, before the answer is sent. */
  void add(Audited call, Reason reason, RefusalLog.From from) {
    counts.computeIfAbsent(reason, _ -> new LongAdder()).increment();
    log.note(call, reason, from);
  }

  /** Since the node began. */
  long count(Reason reason) {
    LongAdder count = counts.get(reason);
    return count == null ? 0 : count.sum();
  }
}
