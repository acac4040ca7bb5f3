package dev.holdfast.application.relay.providers;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Public providers that couldn't be reached several times in a row are left alone for a while (spec R-42). */
public final class Cooling {
  static final int FAILURES = 3;
  static final Duration COOLS_FOR = Duration.ofSeconds(30);

  private final InstantSource clock;
  // Guarded by this.
  private final Map<String, Failures> byProvider = new HashMap<>();

  private record Failures(int inARow, Instant last) {}

  public Cooling(InstantSource clock) {
    this.clock = clock;
  }

  public synchronized void failed(String provider) {
    byProvider.compute(provider, (_, known) -> new Failures(known == null ? 1 : known.inARow() + 1, clock.instant()));
  }

  public synchronized void reached(String provider) {
    byProvider.remove(provider);
  }

  public synchronized boolean isCooling(String provider) {
    Failures known = byProvider.get(provider);
    return known != null && known.inARow() >= FAILURES && clock.instant().isBefore(known.last().plus(COOLS_FOR));
  }
}
