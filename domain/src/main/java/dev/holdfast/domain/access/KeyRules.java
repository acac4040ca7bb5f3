package dev.holdfast.domain.access;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.NewEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The life of a key (spec access §5 and §6). */
public final class KeyRules {
  /** The longest time for which a rotated key goes on beside its successor. */
  public static final Duration MAX_OVERLAP = Duration.ofDays(30);

  private static final Pattern SUBJECT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]*");
  private static final int PAGE = 256;

  private KeyRules() {}

  /** @param text what the caller presented as its key */
  public static Outcome<Key> check(AccessReads state, String text, Instant now) {
    Optional<PresentedKey> presented = PresentedKey.parse(text);
    Optional<Key> known = presented.flatMap(p -> state.key(p.id()).filter(p::matches));
    return known.isEmpty() ? Outcome.refused(Reason.INVALID_KEY) : usable(state, known.get(), now);
  }

  /** The key, if it may be used; else key_revoked or key_expired. */
  public static Outcome<Key> usable(AccessReads state, Key key, Instant now) {
    return switch (statusAt(state, key, now)) {
      case ACTIVE -> new Outcome.Done<>(key);
      case EXPIRED -> Outcome.refused(Reason.KEY_EXPIRED);
      case REVOKED -> Outcome.refused(Reason.KEY_REVOKED);
    };
  }

  /** As {@link Key#statusAt}, but the admin key that is left when all have expired goes on (spec A-51). */
  public static Key.Status statusAt(AccessReads state, Key key, Instant now) {
    Key.Status own = key.statusAt(now);
    return own == Key.Status.EXPIRED && key.equals(lastAdmin(state, now).orElse(null)) ? Key.Status.ACTIVE : own;
  }

  /**
   * The one admin key that must stay: the only active one, or, where all have expired, the one that did so last.
   *
   * @return empty while several are active
   */
  private static Optional<Key> lastAdmin(AccessReads state, Instant now) {
    List<Key> active = new ArrayList<>();
    Key lastExpired = null;
    String after = "";
    while (true) {
      List<Key> page = state.keys(after, PAGE, Role.ADMIN);
      for (Key key : page) {
        Key.Status status = key.statusAt(now);
        if (status == Key.Status.ACTIVE) {
          active.add(key);
        } else if (status == Key.Status.EXPIRED && (lastExpired == null || BY_EXPIRY.compare(key, lastExpired) > 0)) {
          lastExpired = key;
        }
        after = key.id();
      }
      if (page.size() < PAGE) {
        break;
      }
    }
    return active.isEmpty()
        ? Optional.ofNullable(lastExpired)
        : Optional.of(active.getFirst()).filter(_ -> active.size() == 1);
  }

  private static final Comparator<Key> BY_EXPIRY =
      Comparator.comparing(Key::expiresAt, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Key::createdAt).thenComparing(Key::id);

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
    return new Decision<>(new Outcome.Done<>(true), admin(state, fresh, "admin of this data directory", now).changes());
  }

  /** A further admin key, for who owns the machine and has lost the key (spec A-66). */
  public static <S extends AccessReads & EventReads> Decision<Key> recover(
      S state, PresentedKey fresh, Instant now) {
    return admin(state, fresh, "recovered admin key", now);
  }

  private static <S extends AccessReads & EventReads> Decision<Key> admin(
      S state, PresentedKey fresh, String label, Instant now) {
    Key key = Key.of(fresh, Key.DEFAULT_SUBJECT, Role.ADMIN, label, now);
    return made(state, key, EventName.ACCESS_KEY_CREATED, null, List.of(new AccessChange.KeyPut(key)), now);
  }

  /**
   * A key that may do no more than its maker's (spec ). Whether the maker's role may make keys at all is decided
   * where all roles are.
   */
  public static <S extends AccessReads & EventReads> Decision<Key> create(
      S state, NewKey asked, Key maker, PresentedKey fresh, Instant now) {
    String wrong = wrongField(asked, maker, now);
    if (wrong != null) {
      return Decision.refused(Outcome.invalid(wrong));
    }
    String subject = asked.subject() == null ? Key.DEFAULT_SUBJECT : asked.subject();
    Boolean content = asked.content();
    Key key = Key.of(fresh, subject, asked.role(), asked.label(), now)
        .withContent(content == null ? asked.role().readsContent() && maker.content() : content)
        .withLimits(asked.limits()).expiringAt(asked.expiresAt()).createdBy(maker.id());
    return made(state, key, EventName.ACCESS_KEY_CREATED, maker.id(), List.of(new AccessChange.KeyPut(key)), now);
  }

  private static @Nullable String wrongField(NewKey asked, Key maker, Instant now) {
    String subject = asked.subject();
    Key.Limits limits = asked.limits();
    if (asked.label().isBlank() || asked.label().length() > NewKey.MAX_LABEL
        || asked.label().chars().anyMatch(Character::isISOControl)) {
      return "label";
    }
    if (subject != null && !isSubject(subject)) {
      return "subject";
    }
    if (limits.models().size() > NewKey.MAX_MODELS || limits.models().stream()
        .anyMatch(model -> model.isBlank() || model.length() > NewKey.MAX_MODEL_NAME)) {
      return "models";
    }
    if (limits.maxInFlight() != null && limits.maxInFlight() < 1) {
      return "max_in_flight";
    }
    if (limits.requestsPerMinute() != null && limits.requestsPerMinute() < 1) {
      return "requests_per_minute";
    }
    if (asked.expiresAt() != null && !asked.expiresAt().isAfter(now)) {
      return "expires_at";
    }
    return beyond(asked, maker);
  }

  /** Whether a text has the form that subjects have. */
  public static boolean isSubject(String text) {
    return text.length() <= NewKey.MAX_SUBJECT && SUBJECT.matcher(text).matches();
  }

  /** What the maker doesn't have itself. */
  private static @Nullable String beyond(NewKey asked, Key maker) {
    if (Boolean.TRUE.equals(asked.content()) && !maker.content()) {
      return "content";
    }
    String exceeded = maker.limits().exceededBy(asked.limits());
    if (exceeded != null) {
      return exceeded;
    }
    Instant bound = maker.expiresAt();
    return bound != null && (asked.expiresAt() == null || asked.expiresAt().isAfter(bound)) ? "expires_at" : null;
  }

  /**
   * Who asks for a change of a key.
   *
   * @param ifVersion the version that the key must have, or null for any
   * @param note why, for the event; null for none
   */
  public record Revision(String keyId, Key by, @Nullable Integer ifVersion, @Nullable String note) {}

  /** Idempotent: a revoked key stays as it is. */
  public static <S extends AccessReads & EventReads> Decision<Key> revoke(S state, Revision revision, Instant now) {
    Optional<Key> found = state.key(revision.keyId());
    if (found.isEmpty()) {
      return Decision.refused(Reason.KEY_NOT_FOUND);
    }
    Key key = found.get();
    if (isStale(key, revision)) {
      return Decision.refused(stale(key));
    }
    if (key.revokedAt() != null) {
      return Decision.unchanged(key);
    }
    if (key.equals(lastAdmin(state, now).orElse(null))) {
      return Decision.refused(Reason.LAST_ADMIN_KEY);
    }
    Key revoked = key.revokedAt(now).changed();
    var events = new NewEvents(state, now, revision.by().id());
    events.add(null, EventName.ACCESS_KEY_REVOKED, facts(revoked), revision.note());
    List<Change> changes = new ArrayList<>(events.changes());
    changes.addFirst(new AccessChange.KeyPut(revoked));
    return Decision.done(revoked, changes);
  }

  /**
   * A key in the place of another, which goes on for the overlap. Whoever is told the text may use it, so another's key may do
   * no more than the caller's (spec A-21).
   *
   * @param overlap from zero to {@link #MAX_OVERLAP}
   * @return the new key
   */
  public static <S extends AccessReads & EventReads> Decision<Key> rotate(
      S state, Revision revision, PresentedKey fresh, Duration overlap, Instant now) {
    Optional<Key> found = state.key(revision.keyId());
    if (found.isEmpty()) {
      return Decision.refused(Reason.KEY_NOT_FOUND);
    }
    Key key = found.get();
    if (usable(state, key, now) instanceof Outcome.Refused<Key> refused) {
      return Decision.refused(refused);
    }
    if (isStale(key, revision)) {
      return Decision.refused(stale(key));
    }
    if (overlap.isNegative() || overlap.compareTo(MAX_OVERLAP) > 0) {
      return Decision.refused(Outcome.invalid("overlap_s"));
    }
    String wrong = key.id().equals(revision.by().id()) ? null : beyond(NewKey.like(key), revision.by());
    if (wrong != null) {
      return Decision.refused(Outcome.invalid(wrong));
    }
    Instant end = now.plus(overlap);
    Instant expiry = key.expiresAt();
    // The last admin key may have expired; its successor begins a life of its own.
    boolean expired = key.statusAt(now) == Key.Status.EXPIRED;
    Key old = key.expiringAt(expiry != null && expiry.isBefore(end) ? expiry : end).changed();
    Key next = key.rotatedTo(fresh, now, revision.by().id()).expiringAt(expired ? null : expiry);
    return made(state, next, EventName.ACCESS_KEY_ROTATED, revision.by().id(),
        List.of(new AccessChange.KeyPut(old), new AccessChange.KeyPut(next)), now);
  }

  /** Removes a key that can't be used any more. */
  public static <S extends AccessReads & EventReads> Decision<Key> remove(S state, Revision revision, Instant now) {
    Optional<Key> found = state.key(revision.keyId());
    if (found.isEmpty()) {
      return Decision.refused(Reason.KEY_NOT_FOUND);
    }
    Key key = found.get();
    if (isStale(key, revision)) {
      return Decision.refused(stale(key));
    }
    return statusAt(state, key, now) == Key.Status.ACTIVE
        ? Decision.refused(Reason.KEY_ACTIVE)
        : made(state, key, EventName.ACCESS_KEY_REMOVED, revision.by().id(),
            List.of(new AccessChange.KeyRemoved(key.id())), now);
  }

  /** A use is noted at most once in a minute. */
  public static boolean isUseDue(Key key, Instant now) {
    return key.lastUsedAt() == null || !now.isBefore(key.lastUsedAt().plusSeconds(60));
  }

  public static Decision<Boolean> noteUse(AccessReads state, String keyId, Instant now) {
    Optional<Key> due = state.key(keyId).filter(key -> isUseDue(key, now));
    return due.isEmpty()
        ? Decision.unchanged(false)
        : Decision.done(true, List.of(new AccessChange.KeyPut(due.get().usedAt(now))));
  }

  private static boolean isStale(Key key, Revision revision) {
    return revision.ifVersion() != null && revision.ifVersion() != key.version();
  }

  private static Outcome.Refused<Key> stale(Key key) {
    return Outcome.refused(Reason.VERSION_MISMATCH, "version", key.version());
  }

  private static <S extends EventReads> Decision<Key> made(
      S state, Key key, EventName name, @Nullable String actor, List<AccessChange> writes, Instant now) {
    var events = new NewEvents(state, now, actor);
    events.add(null, name, facts(key), null);
    List<Change> changes = new ArrayList<>(writes);
    changes.addAll(events.changes());
    return Decision.done(key, changes);
  }

  private static Json facts(Key key) {
    return Json.object("key_id", key.id(), "role", key.role().text());
  }
}
