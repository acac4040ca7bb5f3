package dev.holdfast.domain.turns.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a scenario is played.
 *
 * @param store the present one; it may be closed and opened again between two phases
 */
record Stage(Supplier<Store> store, Ids ids, Instant now) {
  String token() {
    return ids.hex(32);
  }

  <T> T read(Function<? super State, T> query) {
    return store.get().read(query);
  }

  <T> Outcome<T> write(Rule<T> rule) {
    return store.get().write(rule);
  }

  <T> T done(Rule<T> rule) {
    return write(rule).orThrow();
  }

  <T> Outcome.Refused<T> refused(Reason reason, Rule<T> rule) {
    Outcome<T> outcome = write(rule);
    if (!(outcome instanceof Outcome.Refused<T> refused)) {
      throw new AssertionError("done, but " + reason.code() + " was expected");
    }
    assertEquals(reason, refused.reason());
    return refused;
  }
}
