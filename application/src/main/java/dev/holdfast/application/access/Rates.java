package dev.holdfast.application.access;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Allowance;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Rated;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.access.SlidingWindows;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often keys call, and how often addresses present no valid key, within the last minute (spec ). It is kept in
 * memory, on the monotonic clock alone: setting the wall clock frees nobody and blocks nobody. What can't be judged is
 * refused, never let through.
 */
public final class Rates {
  private static final Logger LOG = LoggerFactory.getLogger(Rates.class);
  private static final int UNLIMITED = -1;
  private static final long SECOND = 1_000_000_000L;

  private final Limits limits;
  private final LongSupplier nanos;
  private final SlidingWindows keys;
  private final SlidingWindows addresses;

  /**
   * @param requests of a key in 60 s, where the key has no limit of its own
   * @param failedChecks of an address in 60 s
   * @param names of keys and of addresses that are known at once, each
   */
  public record Limits(int requests, int failedChecks, int names) {
    public static final Limits DEFAULT = new Limits(600, 60, 10_000);
  }

  /** @param nanos a monotonic clock's reading */
  public Rates(Limits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
    this.keys = new SlidingWindows(limits.names());
    this.addresses = new SlidingWindows(limits.names());
  }

  /** Counts a request of a key, if there is room for it. */
  public Rated request(Key key) {
    int limit = limit(key);
    if (limit == UNLIMITED) {
      return new Rated.Admitted(new Allowance.Unlimited(), 0);
    }
    try {
      long now = nanos.getAsLong();
      return switch (keys.take(key.id(), limit, now)) {
        case SlidingWindows.Counted.Taken taken -> new Rated.Admitted(
            new Allowance.Limited(limit, taken.remaining(), Duration.ofNanos(taken.untilEmpty())), now);
        case SlidingWindows.Counted.Full full -> new Rated.TooMany(
            new Allowance.Limited(limit, 0, Duration.ofNanos(full.untilEmpty())), Duration.ofNanos(full.untilRoom()));
        case SlidingWindows.Counted.Untracked _ -> new Rated.Unknown();
      };
    } catch (RuntimeException e) {
      unreadable(e);
      return new Rated.Unknown();
    }
  }

  private int limit(Key key) {
    Integer own = key.limits().requestsPerMinute();
    if (own != null) {
      return own;
    }
    return key.role() == Role.ADMIN ? UNLIMITED : limits.requests();
  }

  /** A request that was counted turned out to be none that counts (spec A-44). */
  public void giveBack(Key key, Rated.Admitted request) {
    if (request.allowance() instanceof Allowance.Limited) {
      keys.giveBack(key.id(), request.at());
    }
  }

  /**
   * Why an address may present no key at present, if it may not. An address that nothing is known of may.
   *
   * @param address asked only when any address has failed
   */
  public Optional<Outcome.Refused<Key>> blocked(Supplier<String> address) {
    try {
      long now = nanos.getAsLong();
      return addresses.isEmpty()
          ? Optional.empty()
          : Optional.ofNullable(addresses.full(address.get(), now)).map(Rates::limited);
    } catch (RuntimeException e) {
      return Optional.of(unreadable(e));
    }
  }

  /**
   * Counts a key that was missing or not valid.
   *
   * @return why the caller is not even told so: nobody would know of its next attempts
   */
  public Optional<Outcome.Refused<Key>> failed(String address) {
    try {
      return switch (addresses.take(address, limits.failedChecks(), nanos.getAsLong())) {
        case SlidingWindows.Counted.Taken _,SlidingWindows.Counted.Full _ -> Optional.empty();
        case SlidingWindows.Counted.Untracked _ -> Optional.of(Outcome.refused(Reason.RATE_STATE_UNAVAILABLE));
      };
    } catch (RuntimeException e) {
      return Optional.of(unreadable(e));
    }
  }

  private static Outcome.Refused<Key> limited(SlidingWindows.Counted.Full full) {
    return limited("address", Duration.ofNanos(full.untilRoom()));
  }

  /** The refusal of a key that has to wait so long. */
  public static <T> Outcome.Refused<T> limited(Duration wait) {
    return limited("key", wait);
  }

  /** @param scope what has been used up: a key's own rate, or what its address may fail, which holds back valid keys as well */
  private static <T> Outcome.Refused<T> limited(String scope, Duration wait) {
    return new Outcome.Refused<>(
        Reason.RATE_LIMITED, Map.of("scope", scope, "retry_after_s", wait.plusNanos(SECOND - 1).toSeconds()));
  }

  private static <T> Outcome.Refused<T> unreadable(RuntimeException failure) {
    LOG.error("rates can't be judged: {}", failure.getClass().getName());
    return Outcome.refused(Reason.RATE_STATE_UNAVAILABLE);
  }
}
