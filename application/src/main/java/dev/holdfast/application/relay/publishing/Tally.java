package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishing.PublishingState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a publisher serves, and how much of it. Whoever listens hears of every change, on the thread that made it. */
final class Tally {
  private final Consumer<PublishingState> listener;
  // Guarded by this.
  private final Map<String, Counts> providers = new LinkedHashMap<>();
  private PublishingState.Link link = new PublishingState.Connecting();
  private boolean draining;

  private static final class Counts {
    private final String model;
    private Status status;
    private int inFlight;
    private long done;
    private long failed;
    private @Nullable String note;

    Counts(String model, Status status) {
      this.model = model;
      this.status = status;
    }
  }

  Tally(List<Serving> servings, Consumer<PublishingState> listener) {
    this.listener = listener;
    servings.forEach(
        one -> providers.put(one.name(), new Counts(one.offer().backendModel(), one.initial())));
  }

  synchronized void link(PublishingState.Link now) {
    link = now;
    tell();
  }

  /** From now on all providers are told as hibernating, whatever is heard of them (spec R-86). */
  synchronized void drain() {
    draining = true;
    providers.values().forEach(counts -> counts.status = Status.HIBERNATING);
    link(new PublishingState.Draining());
  }

  synchronized boolean isDraining() {
    return draining;
  }

  synchronized void begun(String provider) {
    counts(provider).inFlight++;
    tell();
  }

  /** @param note why it failed; null for one that didn't */
  synchronized void ended(String provider, boolean counted, @Nullable String note) {
    Counts counts = counts(provider);
    counts.inFlight--;
    if (note != null) {
      counts.failed++;
      counts.note = note;
    } else if (counted) {
      counts.done++;
    }
    notifyAll();
    tell();
  }

  synchronized void status(String provider, Status status) {
    if (!draining && counts(provider).status != status) {
      counts(provider).status = status;
      tell();
    }
  }

  synchronized Map<String, Status> statuses() {
    Map<String, Status> statuses = new HashMap<>();
    providers.forEach((name, counts) -> statuses.put(name, counts.status));
    return statuses;
  }

  synchronized PublishingState state() {
    List<PublishingState.Provider> shown = new ArrayList<>();
    providers.forEach((name, one) -> shown.add(new PublishingState.Provider(name, one.model, one.status, one.inFlight,
        one.done, one.failed, one.note)));
    return new PublishingState(link, shown);
  }

  private Counts counts(String provider) {
    Counts counts = providers.get(provider);
    if (counts == null) {
      throw new IllegalArgumentException("no such provider");
    }
    return counts;
  }

  private void tell() {
    listener.accept(state());
  }
}
