package dev.holdfast.application.relay;

import dev.holdfast.application.relay.admission.Candidates;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.VirtualProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Whom one call may still choose among a model's members: those that are there and that it hasn't tried. Where there are none,
 * one that sleeps is woken (spec ).
 */
public final class Choosing extends Candidates implements AutoCloseable {
  private final Relay relay;
  private final Wakes wakes;
  private final String model;
  private final Viewer viewer;
  private final Set<String> tried = new HashSet<>();
  /** The wakes of this call, by their providers' names. */
  private final Map<String, Wakes.Wake> woken = new HashMap<>();
  private final List<Wakes.Kept> kept = new ArrayList<>();
  private int members;
  private @Nullable Instant awaited;

  Choosing(Relay relay, Wakes wakes, String model, Viewer viewer) {
    this.relay = relay;
    this.wakes = wakes;
    this.model = model;
    this.viewer = viewer;
  }

  public void tried(String provider) {
    tried.add(provider);
  }

  int attempts() {
    return tried.size();
  }

  /** Each member once, beginning anywhere. */
  @Override
  public List<Provider> now() {
    List<Provider> visible = relay.members(model, viewer);
    members = visible.size();
    awaited = null;
    List<Provider> there = new ArrayList<>(visible.stream()
        .filter(provider -> !tried.contains(provider.name()) && relay.isAvailable(provider)).toList());
    if (there.isEmpty()) {
      wake(visible);
    }
    if (there.size() > 1) {
      Collections.rotate(there, ThreadLocalRandom.current().nextInt(there.size()));
    }
    return there;
  }

  /** One after the other, each once. */
  private void wake(List<Provider> visible) {
    for (Provider provider : visible) {
      if (provider instanceof VirtualProvider asleep && !tried.contains(asleep.name()) && relay.canBeWoken(asleep)) {
        Wakes.Wake wake = woken.computeIfAbsent(asleep.name(), name -> {
          kept.add(wakes.keep(name));
          return wakes.begin(asleep, relay.digits());
        });
        if (!wake.hasFailed()) {
          awaited = wake.until();
          return;
        }
      }
    }
  }

  @Override
  public int members() {
    return members;
  }

  @Override
  public @Nullable Instant awaited() {
    return awaited;
  }

  /** Whether somebody was tried or woken in vain, so that looking again at once is of no use. */
  public boolean isExhausted() {
    return awaited == null && (!tried.isEmpty() || woken.values().stream().anyMatch(Wakes.Wake::hasFailed));
  }

  /** Why there was nobody to be chosen. */
  <T> Outcome.Refused<T> refusal(Outcome.Refused<?> refused) {
    if (members == 0) {
      return Outcome.refused(Reason.MODEL_NOT_FOUND);
    }
    boolean inVain = refused.reason() == Reason.PUBLISHER_OFFLINE
        && woken.values().stream().anyMatch(Wakes.Wake::hasFailed);
    return inVain ? Outcome.refused(Reason.WAKE_FAILED) : refused.as();
  }

  /** The call is over; whoever was woken for it may sleep again. */
  @Override
  public void close() {
    kept.forEach(Wakes.Kept::close);
  }
}
