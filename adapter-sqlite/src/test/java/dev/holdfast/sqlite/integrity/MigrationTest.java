package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.queue.WorkQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier version has written is there when this one opens its database. */
class MigrationTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final WorkerId WORKER = new WorkerId(1);

  @TempDir
  private Path temp;

  @Test
  @DisplayName("a database of schema 2 is brought up to date, and its sessions, inputs and turns go on")
  void fromSchema2() {
    OldDatabase.write(temp.resolve("db"));
    try (Store store = SqliteStore.open(temp.resolve("db"), NOW)) {
      store.read(state -> {
        assertEquals(new WorkQueue(WORKER, 3, 1, 0, 0), state.workQueue(WORKER));
        assertEquals(new InputState.Completed(new TurnId(3), 1), state.input(new InputId(2)).orElseThrow().state());
        assertEquals(new InputState.Bound(new TurnId(7),
            new Claim("inc:7", "secret", 2, Instant.EPOCH.plusNanos(5000))),
            state.input(new InputId(6)).orElseThrow().state());
        assertEquals(List.of(9L),
            state.nextTurnInputs(WORKER, 10).stream().map(input -> input.id().number()).toList());
        var lease = (Lease.Held) state.lease(WORKER);
        assertEquals(Duration.ofSeconds(30), lease.ttl());
        assertEquals(new Liveness.Opaque(), lease.liveness());
        List<Turn> turns = state.turns(WORKER, 0, 10);
        assertEquals(List.of(4L, 2L), turns.stream().map(turn -> turn.lastAttempt().lastOutputSeq()).toList());
        assertEquals(new Turn.Start(List.of(new InputId(6)), List.of()), turns.getLast().start());
        Stamp stamp = state.stamp(Stamp.Key.terminal(WORKER, new TurnId(3))).orElseThrow();
        assertEquals(4, stamp.result().lastOutputSeq());
        assertEquals(4, state.output(new TurnId(3), OutputCursor.START, 10).size());
        return turns;
      });
    }
  }

  @Test
  @DisplayName("a provider of a database of schema 2 is its admin's, shared and enabled, with an id that follows from its name")
  void providersOfSchema2() {
    OldDatabase.write(temp.resolve("db"));
    for (int opening = 0; opening < 2; opening++) {
      try (Store store = SqliteStore.open(temp.resolve("db"), NOW)) {
        var expected = PublicProvider.of(Provider.idOf("old"), Key.DEFAULT_SUBJECT,
            Offer.of("old", "model:7b", Offer.Visibility.SHARED), "https://example.org/v1", "env:KEY",
            Instant.EPOCH.plusNanos(5_000));
        assertEquals(List.of(expected), store.read(state -> state.providers("", 10)));
        assertEquals(List.of(expected), store.read(state -> state.providersOf("old")));
        assertEquals(Optional.of("old"), store.read(state -> state.defaultModel()));
      }
    }
  }
}
