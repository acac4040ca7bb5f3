package dev.holdfast.domain.access;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.NewEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judging a presented key, and making the first one (spec ). */
public final class KeyRules {
  private KeyRules() {}

  /** @param text what the caller presented as its key */
  public static Outcome<Key> check(AccessReads state, String text, Instant now) {
    Optional<PresentedKey> presented = PresentedKey.parse(text);
    Optional<Key> known = presented.flatMap(p -> state.key(p.id()).filter(p::matches));
    if (known.isEmpty()) {
      return Outcome.refused(Reason.INVALID_KEY);
    }
    Key key = known.get();
    if (key.revokedAt() != null) {
      return Outcome.refused(Reason.KEY_REVOKED);
    }
    return isPast(key.expiresAt(), now) ? Outcome.refused(Reason.KEY_EXPIRED) : new Outcome.Done<>(key);
  }

  private static boolean isPast(@Nullable Instant expiry, Instant now) {
    return expiry != null && !now.isBefore(expiry);
  }

  /**
   * The admin key of a first start; a store that has a key already keeps it. The caller has written the key's text to its
   * file before (spec A-60), so that a crash in between leaves a file that the next start replaces.
   *
   * @return whether the key was made
   */
  public static <S extends AccessReads & EventReads> Decision<Boolean> createFirst(
      S state, PresentedKey fresh, Instant now) {
    if (state.keyCount() > 0) {
      return Decision.unchanged(false);
    }
    var key = new Key(fresh.id(), Key.DEFAULT_SUBJECT, Role.ADMIN, "admin of this data directory", fresh.secretHash(),
        true, now, null, null);
    var events = new NewEvents(state, now, null);
    events.add(null, EventName.ACCESS_KEY_CREATED, Json.object("key_id", key.id(), "role", key.role().text()), null);
    List<Change> changes = new ArrayList<>();
    changes.add(new AccessChange.KeyPut(key));
    changes.addAll(events.changes());
    return Decision.done(true, changes);
  }
}
