package dev.holdfast.application.access;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.application.workers.Page;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.KeyRules;
import dev.holdfast.domain.access.NewKey;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The keys of this node: making and ending them. Judging a presented one is {@link KeyCheck}'s. */
public final class Keys {
  private static final String KEY_ID = "[0-9a-f]{16}";

  private final UnitsOfWork units;
  private final KeyCheck check;
  private final Ids ids;
  private final InstantSource clock;
  private final List<Consumer<String>> whenEnded = new CopyOnWriteArrayList<>();

  public Keys(UnitsOfWork units, KeyCheck check, Ids ids, InstantSource clock) {
    this.units = units;
    this.check = check;
    this.ids = ids;
    this.clock = clock;
  }

  /** A new key and its text, which is never to be had again. */
  public record Made(Key key, PresentedKey presented) {}

  /** A key and where it is in its life. */
  public record Shown(Key key, Key.Status status) {}

  /** Has the task run with the id of a key that can't be used from now on. The task must not wait. */
  public void whenEnded(Consumer<String> task) {
    whenEnded.add(task);
  }

  /** Makes the admin key at a first start: first its file, then its row (spec A-60). */
  public void createFirst(DataDirectory directory) {
    if (units.read(state -> state.keyCount()) > 0) {
      return;
    }
    PresentedKey fresh = PresentedKey.random(ids);
    directory.writeAdminKey(fresh);
    units.write(state -> KeyRules.createFirst(state, fresh, clock.instant())).orThrow();
  }

  /** Another admin key, in the file of the first, for who holds the directory of a stopped node (spec A-66). */
  public Key recover(DataDirectory directory) {
    PresentedKey fresh = PresentedKey.random(ids);
    directory.writeAdminKey(fresh);
    Audited call = Audited.local(ids.hex(32), "key.recover");
    return units.write(call, Key::id, state -> KeyRules.recover(state, fresh, clock.instant())).orThrow();
  }

  /** @param maker whose key asks; the new one may do no more than it */
  public Outcome<Made> create(Audited call, NewKey asked, Key maker) {
    PresentedKey fresh = PresentedKey.random(ids);
    return units.write(call, Key::id, state -> KeyRules.create(state, asked, maker, fresh, clock.instant()))
        .map(key -> new Made(key, fresh));
  }

  public Outcome<Key> revoke(Audited call, KeyRules.Revision revision) {
    return ended(revision.keyId(), changed(call, revision, state -> KeyRules.revoke(state, revision, clock.instant())));
  }

  /** Parameters as in {@link KeyRules#rotate}. */
  public Outcome<Made> rotate(Audited call, KeyRules.Revision revision, Duration overlap) {
    PresentedKey fresh = PresentedKey.random(ids);
    Outcome<Key> outcome =
        changed(call, revision, state -> KeyRules.rotate(state, revision, fresh, overlap, clock.instant()));
    return (overlap.isZero() ? ended(revision.keyId(), outcome) : outcome).map(key -> new Made(key, fresh));
  }

  public Outcome<Key> remove(Audited call, KeyRules.Revision revision) {
    return changed(call, revision, state -> KeyRules.remove(state, revision, clock.instant()));
  }

  /** What is known of the key is forgotten also where nobody can say what became of the change. */
  private Outcome<Key> changed(Audited call, KeyRules.Revision revision, Rule<Key> rule) {
    try {
      return units.write(call, target(revision.keyId()), rule);
    } finally {
      check.forget(revision.keyId());
    }
  }

  /** The key that it is done to, also where it is refused; what has another form is a text of the caller's own. */
  private static @Nullable String target(String keyId) {
    return keyId.matches(KEY_ID) ? keyId : null;
  }

  private <T> Outcome<T> ended(String keyId, Outcome<T> outcome) {
    if (!(outcome instanceof Outcome.Refused<T>)) {
      whenEnded.forEach(task -> task.accept(keyId));
    }
    return outcome;
  }

  /** @param own the only key that the caller may see, or null when it may see all */
  public Outcome<Shown> show(String keyId, @Nullable String own) {
    return units.read(state -> {
      Optional<Key> key = own == null || own.equals(keyId) ? state.key(keyId) : Optional.empty();
      return key.isEmpty()
          ? Outcome.refused(Reason.KEY_NOT_FOUND)
          : new Outcome.Done<>(shown(state, key.get()));
    });
  }

  public Shown show(Key key) {
    return units.read(state -> shown(state, key));
  }

  private Shown shown(State state, Key key) {
    return new Shown(key, KeyRules.statusAt(state, key, clock.instant()));
  }

  /**
   * @param page its place is a key's id
   * @param own as in {@link #show}
   */
  public Outcome<Page<Shown>> list(Listing page, @Nullable String own) {
    Outcome.Refused<?> refusal = page.refusal(KEY_ID);
    if (refusal != null) {
      return refusal.as();
    }
    String after = page.after() == null ? "" : page.after();
    return units.read(state -> {
      List<Key> found = own == null
          ? state.keys(after, page.size() + 1, null)
          : state.key(own).stream().filter(key -> key.id().compareTo(after) > 0).toList();
      return new Outcome.Done<>(Page.of(found, page.size(), Key::id)
          .map(key -> shown(state, key)));
    });
  }
}
