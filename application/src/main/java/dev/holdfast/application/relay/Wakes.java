package dev.holdfast.application.relay;

import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskRules;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The wakes that are under way, one per provider at most (spec §8). All calls that need a provider share its wake, and it goes
 * on when they leave.
 */
public final class Wakes {
  /** A wake is one attempt, and has no other. */
  private static final int EPOCH = 1;

  private final Links links;
  private final InstantSource clock;
  // Guarded by this.
  private final Map<String, Wake> underWay = new HashMap<>();
  /** By the provider's name: the calls for which it was woken, and which aren't over. */
  private final Map<String, Integer> calls = new HashMap<>();

  Wakes(Links links, InstantSource clock) {
    this.links = links;
    this.clock = clock;
  }

  /** One wake of one provider. */
  public static final class Wake {
    private final String id;
    private final VirtualProvider provider;
    private final Instant until;
    /** Over which its publisher was told; it may go on over a later one. */
    private @Nullable Link link;
    private volatile boolean failed;

    private Wake(String id, VirtualProvider provider, Instant until) {
      this.id = id;
      this.provider = provider;
      this.until = until;
    }

    private boolean isLostWith(Link ended) {
      return link != null && ended.carried(link);
    }

    public String provider() {
      return provider.name();
    }

    public String model() {
      return provider.model();
    }

    Instant until() {
      return until;
    }

    /** Whether it ended without its provider. */
    public boolean hasFailed() {
      return failed;
    }
  }

  /** The wake of that provider that is under way, or a new one of which its publisher is told (spec R-60). */
  public synchronized Wake begin(VirtualProvider provider, String digits) {
    Wake known = underWay.get(provider.name());
    if (known != null) {
      return known;
    }
    Duration within = Objects.requireNonNull(provider.offer().wakeWithin());
    var wake = new Wake(InferenceTask.idOf(digits), provider, clock.instant().plus(within));
    wake.link =
        links.push(provider.publisher(), new LinkFrame.Wake(wake.id, EPOCH, provider.name(), within)).orElse(null);
    if (wake.link == null) {
      wake.failed = true;
    } else {
      underWay.put(provider.name(), wake);
    }
    return wake;
  }

  /** The wake with that id, where it is one of that publisher's. */
  synchronized Optional<Wake> find(String id, TaskRules.Poster by) {
    return underWay.values().stream().filter(wake -> wake.id.equals(id))
        .filter(wake -> wake.provider.publisher().equals(by.publisher()) && by.epoch() == EPOCH).findFirst();
  }

  synchronized void succeeded(Wake wake) {
    underWay.remove(wake.provider(), wake);
  }

  synchronized void failed(Wake wake) {
    wake.failed |= underWay.remove(wake.provider(), wake);
  }

  /** A publisher that is gone wakes nobody. */
  synchronized void lost(Link ended) {
    fail(wake -> wake.isLostWith(ended));
  }

  /** Ends the wakes whose time is over; to be called about once in a second. Answers the models that waited for them. */
  synchronized Set<String> tick() {
    Instant now = clock.instant();
    return fail(wake -> !now.isBefore(wake.until));
  }

  private Set<String> fail(Predicate<Wake> which) {
    Set<String> models = new HashSet<>();
    underWay.values().removeIf(wake -> {
      boolean over = which.test(wake);
      if (over) {
        wake.failed = true;
        models.add(wake.model());
      }
      return over;
    });
    return models;
  }

  /** A call for which the provider was woken; it stays awake until that is over (spec R-63). */
  synchronized Kept keep(String provider) {
    calls.merge(provider, 1, Integer::sum);
    return new Kept(provider);
  }

  final class Kept implements AutoCloseable {
    private final String provider;
    private boolean over;

    private Kept(String provider) {
      this.provider = provider;
    }

    @Override
    public void close() {
      synchronized (Wakes.this) {
        if (!over) {
          over = true;
          calls.computeIfPresent(provider, (_, count) -> count == 1 ? null : count - 1);
        }
      }
    }
  }

  /** The names of the providers that aren't to sleep again yet. */
  synchronized Set<String> kept() {
    return Set.copyOf(calls.keySet());
  }

  public synchronized int count() {
    return underWay.size();
  }
}
