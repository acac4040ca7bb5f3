package dev.holdfast.application.relay.admission;

import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.supervision.Admission;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How many calls each provider serves. Whoever uses it holds a lock, so that looking and taking are one step. */
final class Places {
  private static final int UNUSED_BOUND = 1;

  /** Of those that serve anybody. */
  private final Map<String, Admission> byProvider = new HashMap<>();

  boolean isFree(Provider provider) {
    return admission(provider).evaluate() == Admission.Verdict.OK;
  }

  void take(Provider provider) {
    byProvider.put(provider.name(), admission(provider).begun());
  }

  void giveBack(String provider) {
    byProvider.computeIfPresent(provider, (_, admission) -> forgotten(admission.completed()));
  }

  /** A provider may take more or less than when the last call came. */
  private Admission admission(Provider provider) {
    int max = provider.offer().maxInFlight();
    Admission known = byProvider.get(provider.name());
    return known == null ? Admission.create(max, UNUSED_BOUND) : known.bounded(max, UNUSED_BOUND);
  }

  private static @Nullable Admission forgotten(Admission admission) {
    return admission.inFlight() == 0 ? null : admission;
  }

  int taken(String provider) {
    Admission admission = byProvider.get(provider);
    return admission == null ? 0 : admission.inFlight();
  }

  Set<String> busy() {
    return Set.copyOf(byProvider.keySet());
  }
}
