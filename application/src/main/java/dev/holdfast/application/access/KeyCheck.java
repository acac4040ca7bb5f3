package dev.holdfast.application.access;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.KeyRules;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.DiagnosticRules;
import dev.holdfast.domain.workers.WorkerLimits;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges presented keys. Those that were used are kept in memory, so that a call on the usual way asks no store; what changes
 * a key calls {@link #forget}. Only known ids are kept, so wrong keys take no memory.
 */
public final class KeyCheck {
  private static final int CACHED = 4_096;

  private final UnitsOfWork units;
  private final InstantSource clock;

  // Guarded by this.
  private final Map<String, Key> cached = new HashMap<>();
  private final Set<String> noted = new HashSet<>();
  private long changes;

  public KeyCheck(UnitsOfWork units, InstantSource clock) {
    this.units = units;
    this.clock = clock;
  }

  /**
   * Answers from memory, without waiting.
   *
   * @param text what a caller presented as its key
   * @return empty when {@link #check} has to be asked
   */
  public Optional<Outcome<Key>> known(String text) {
    Optional<PresentedKey> presented = PresentedKey.parse(text);
    if (presented.isEmpty()) {
      return Optional.of(Outcome.refused(Reason.INVALID_KEY));
    }
    Key key = cached(presented.get().id());
    if (key == null) {
      return Optional.empty();
    }
    if (!presented.get().matches(key)) {
      return Optional.of(Outcome.refused(Reason.INVALID_KEY));
    }
    Instant now = clock.instant();
    return switch (key.statusAt(now)) {
      case REVOKED -> Optional.of(Outcome.refused(Reason.KEY_REVOKED));
      // The last admin key outlives its expiry, which only the store can tell.
      case EXPIRED -> key.role() == Role.ADMIN
          ? Optional.empty()
          : Optional.of(Outcome.refused(Reason.KEY_EXPIRED));
      case ACTIVE -> KeyRules.isUseDue(key, now) ? Optional.empty() : Optional.of(new Outcome.Done<>(key));
    };
  }

  private synchronized @Nullable Key cached(String id) {
    return cached.get(id);
  }

  /** @param text what a caller presented as its key */
  public Outcome<Key> check(String text) {
    Optional<PresentedKey> presented = PresentedKey.parse(text);
    // A text of the wrong form never reaches the store.
    if (presented.isEmpty()) {
      return Outcome.refused(Reason.INVALID_KEY);
    }
    long before = changes();
    Instant now = clock.instant();
    Outcome<Key> outcome = units.read(state -> {
      Optional<Key> key = state.key(presented.get().id());
      key.ifPresent(found -> keep(found, before));
      return KeyRules.check(state, text, now);
    });
    if (outcome instanceof Outcome.Done<Key>(Key key)) {
      noteUse(key, now);
    }
    return outcome;
  }

  /** Why a key that was admitted once isn't any more, or nothing while it is; for what goes on for long. */
  public Optional<Reason> whyEnded(String keyId) {
    Key known = cached(keyId);
    if (known != null && known.statusAt(clock.instant()) == Key.Status.ACTIVE) {
      return Optional.empty();
    }
    return units.read(state -> switch (state.key(keyId).map(key -> KeyRules.usable(state, key, clock.instant()))
        .orElse(Outcome.refused(Reason.KEY_REVOKED))) {
      case Outcome.Refused<Key> refused -> Optional.of(refused.reason());
      case Outcome.Done<Key> _,Outcome.Replayed<Key> _ -> Optional.empty();
    });
  }

  private synchronized long changes() {
    return changes;
  }

  private synchronized void keep(Key key, long before) {
    // Whoever read the key before it changed doesn't bring the old one back.
    if (changes == before) {
      if (cached.size() >= CACHED) {
        cached.clear();
      }
      cached.put(key.id(), key);
    }
  }

  /** The key has changed. To be called after the change is durable and before its caller is answered. */
  synchronized void forget(String keyId) {
    changes++;
    cached.remove(keyId);
  }

  /** That a use can't be noted is no reason to refuse it. */
  private void noteUse(Key key, Instant now) {
    try {
      if (key.statusAt(now) == Key.Status.EXPIRED && firstTime(key.id())) {
        units.write(state -> Decision.done(true, DiagnosticRules.note(state, Diagnostic.Code.ADMIN_KEY_EXPIRY_IGNORED,
            "the last admin key has expired and still works; make another: holdfast key rotate " + key.id(),
            WorkerLimits.DEFAULT.maxDiagnostics(), now)));
      }
      if (KeyRules.isUseDue(key, now)) {
        units.write(state -> KeyRules.noteUse(state, key.id(), now));
        forget(key.id());
        long before = changes();
        units.read(state -> state.key(key.id())).ifPresent(used -> keep(used, before));
      }
    } catch (StoreException e) {
      // Whoever needs the store will be told; a poisoned one is known by now.
      return;
    }
  }

  private synchronized boolean firstTime(String keyId) {
    return noted.add(keyId);
  }
}
