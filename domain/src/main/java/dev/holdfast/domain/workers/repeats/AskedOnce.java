package dev.holdfast.domain.workers.repeats;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerReads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that makes something, and makes it once however often it is sent under its key (spec A-7).
 *
 * @param scope subject, route and object of the call
 * @param key the caller's {@code Idempotency-Key}, or null when there is none
 * @param fingerprint of the canonical payload
 * @param fact the name under which a conflict tells what was made before
 */
public record AskedOnce(String scope, @Nullable String key, String fingerprint, String fact) {

  /**
   * @param known what was made under an id, if it is still there
   * @param make makes it for the first time
   */
  public <T> Decision<T> decide(
      WorkerReads state, Function<String, Optional<T>> known, Function<? super T, String> id,
      Supplier<Decision<T>> make,
      Instant now) {
    if (key == null) {
      return make.get();
    }
    Optional<Remembered> before = state.remembered(scope, key).filter(record -> record.countsAt(now));
    Optional<T> object = before.flatMap(record -> known.apply(record.object()));
    if (before.isPresent() && object.isPresent()) {
      return before.get().fingerprint().equals(fingerprint)
          ? Decision.replayed(object.get())
          : Decision.refused(Outcome.refused(Reason.IDEMPOTENCY_CONFLICT, fact, before.get().object()));
    }
    Decision<T> made = make.get();
    if (!(made.outcome() instanceof Outcome.Done<T>(T value))) {
      return made;
    }
    List<Change> changes = new ArrayList<>(made.changes());
    changes.add(new WorkerChange.KeyRemembered(new Remembered(scope, key, fingerprint, id.apply(value), now)));
    return Decision.done(value, changes);
  }
}
