package dev.holdfast.domain.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about sessions and turns. */
public abstract class TurnReadsContract extends StoreSuite {

  private static Turn turn(WorkerId session, long number, long index, Turn.State state, Attempt... attempts) {
    return new Turn(new TurnId(number), session, index,
        new Turn.Start(List.of(new InputId(3), new InputId(4)), List.of()), List.of(attempts),
        START.plusNanos(1000), START.plusSeconds(1800), new Usage(7, 8), null, null, state);
  }

  private static Attempt attempt(int number, Attempt.EndedBy by) {
    return new Attempt(number, number + 10L, "builtin:node", START.plusSeconds(number), number - 1, 5,
        new Attempt.End(by, START.plusNanos(number * 1000L)));
  }

  private static Attempt live(int number) {
    return new Attempt(number, number + 10L, "builtin:node", START, 0, 1, null);
  }

  private List<Long> workable(long after, int limit) {
    return read(state -> state.workableSessions(Workable.BUILTIN, now(), after, limit)).stream().map(WorkerId::number)
        .toList();
  }

  @Test
  @DisplayName("a session in which nothing was done is the initial one, and it has no turns")
  void nothing() {
    WorkerId worker = worker();

    assertEquals(Session.initial(worker), read(state -> state.session(worker)));
    assertEquals(List.of(), read(state -> state.turns(worker, 0, 10)));
    assertTrue(read(state -> state.turn(new TurnId(5))).isEmpty());
    assertEquals(List.of(), read(state -> state.entriesOf(new TurnId(5))));
    assertTrue(read(state -> state.stamp(Stamp.Key.terminal(worker, new TurnId(5)))).isEmpty());
    assertEquals(List.of(), workable(0, 10));
  }

  @Test
  @DisplayName("a session comes back with every member")
  void sessionComesBack() {
    WorkerId worker = worker();
    var checkpoint =
        new Checkpoint(4, new Usage(1, 2), new Usage(3, 4), Json.parse("{\"a\":1}"), 5, "opaque \"state\"");
    var full = new Session(worker, 6, checkpoint, 2, 9, new TurnId(77));
    put(new TurnChange.Put(turn(worker, 77, 9, new Turn.State.Open(), live(1))), new TurnChange.SessionPut(full));
    nowAndAfterReopen(() -> assertEquals(full, read(state -> state.session(worker))));

    var bare = new Session(worker, 7, Checkpoint.INITIAL, 0, 9, null);
    put(new TurnChange.SessionPut(bare));
    nowAndAfterReopen(() -> assertEquals(bare, read(state -> state.session(worker))));
  }

  @Test
  @DisplayName("a turn comes back with all its attempts, open or ended in every way")
  void turnComesBack() {
    WorkerId worker = worker();
    List<TurnOutcome> outcomes = List.of(new TurnOutcome.Completed(), new TurnOutcome.Incomplete(Reason.UPSTREAM_CUT),
        new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED), new TurnOutcome.Cancelled());
    for (int i = 0; i < outcomes.size(); i++) {
      Turn open = turn(worker, 50 + i, i + 1, new Turn.State.Open(), attempt(1, Attempt.EndedBy.LOST),
          attempt(2, Attempt.EndedBy.HANDED_OVER), live(3));
      put(new TurnChange.Put(open));
      nowAndAfterReopen(() -> assertEquals(Optional.of(open), read(state -> state.turn(open.id()))));

      Turn ended = turn(worker, 50 + i, i + 1, new Turn.State.Ended(outcomes.get(i), START.plusNanos(2000), 8),
          attempt(1, Attempt.EndedBy.LOST), attempt(2, Attempt.EndedBy.HANDED_OVER),
          attempt(3, Attempt.EndedBy.COMMITTED));
      put(new TurnChange.Put(ended));
      nowAndAfterReopen(() -> assertEquals(Optional.of(ended), read(state -> state.turn(ended.id()))));
    }
  }

  @Test
  @DisplayName("a session's turns are listed by index, in pages")
  void listed() {
    WorkerId worker = worker();
    WorkerId other = worker();
    List<Turn> all = List.of(
        turn(worker, 21, 1, new Turn.State.Open(), live(1)), turn(worker, 22, 2, new Turn.State.Open(), live(1)),
        turn(worker, 25, 3, new Turn.State.Open(), live(1)));
    all.forEach(turn -> put(new TurnChange.Put(turn)));
    put(new TurnChange.Put(turn(other, 23, 1, new Turn.State.Open(), live(1))));

    nowAndAfterReopen(() -> {
      assertEquals(all, read(state -> state.turns(worker, 0, 10)));
      assertEquals(all.subList(1, 2), read(state -> state.turns(worker, 1, 1)));
      assertEquals(List.of(), read(state -> state.turns(worker, 3, 10)));
      assertEquals(List.of(), read(state -> state.turns(worker, 0, 0)));
    });
  }

  @Test
  @DisplayName("the entries of a turn are those that its commit appended, without its inputs")
  void entries() {
    WorkerId worker = worker();
    send(worker, "first");
    NextWork.Run first = runTurn(worker, "one");
    send(worker, "second");
    NextWork.Run second = runTurn(worker, "two");

    nowAndAfterReopen(() -> {
      assertEquals(List.of("one"),
          read(state -> state.entriesOf(first.turn().id())).stream().map(TranscriptEntry::content).toList());
      List<TranscriptEntry> last = read(state -> state.transcript(worker, 3, 1));
      assertEquals(last, read(state -> state.entriesOf(second.turn().id())));
    });
  }

  @Test
  @DisplayName("a stamp comes back under its whole key")
  void stampComesBack() {
    WorkerId worker = worker();
    put(new TurnChange.Put(turn(worker, 5, 1, new Turn.State.Open(), live(1))));
    var checkpoint = new Checkpoint(1, Usage.NONE, null, Json.EMPTY_OBJECT, 0, null);
    var key = Stamp.Key.terminal(worker, new TurnId(5));
    var stamp = new Stamp(key, "ab".repeat(32), new Stamp.Result(3, checkpoint, 9, List.of(4L, 5L), 6));
    var none = new Stamp(new Stamp.Key(worker, new TurnId(5), 1, 2), "cd".repeat(32),
        new Stamp.Result(2, checkpoint, 8, List.of(), 2));
    put(new TurnChange.Stamped(stamp), new TurnChange.Stamped(none));

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(stamp), read(state -> state.stamp(key)));
      assertEquals(Optional.of(none), read(state -> state.stamp(none.key())));
      assertTrue(read(state -> state.stamp(new Stamp.Key(worker, new TurnId(5), 1, 1))).isEmpty());
    });
  }

  @Test
  @DisplayName("workable is a session with a pending user input and no live lease, by session, in pages")
  void workableByInput() {
    List<WorkerId> workers = List.of(worker(), worker(), worker(), worker());
    send(workers.get(0), "a");
    send(workers.get(1), system("system inputs wait for a user input"));
    send(workers.get(2), "b");

    nowAndAfterReopen(() -> {
      assertEquals(List.of(1L, 3L), workable(0, 10));
      assertEquals(List.of(3L), workable(1, 10));
      assertEquals(List.of(1L), workable(0, 1));
      assertEquals(List.of(), workable(3, 10));
    });
    runTurn(workers.get(0), "done");
    end(workers.get(2), LifecycleRules.Ending.STOP);
    nowAndAfterReopen(() -> assertEquals(List.of(), workable(0, 10)));
  }

  @Test
  @DisplayName("workable is a session with an open turn once its lease is gone, whatever else waits")
  void workableByTurn() {
    WorkerId expiring = worker();
    send(expiring, "a");
    take(expiring, HERE);
    WorkerId released = worker();
    send(released, "b");
    NextWork.Run run = take(released, HERE);
    send(expiring, "waits while the turn runs");
    nowAndAfterReopen(() -> assertEquals(List.of(), workable(0, 10)));

    done(state -> SessionRules.release(state, run.lease().fence(), now()));
    nowAndAfterReopen(() -> assertEquals(List.of(released.number()), workable(0, 10)));

    pass(TURN_LIMITS.leaseTtl());
    nowAndAfterReopen(() -> assertEquals(List.of(expiring.number(), released.number()), workable(0, 10)));
  }

  @Test
  @DisplayName("sessions of external workers are none of the node's own executor")
  void externalIsNotWorkable() {
    openRuntime();
    var request = new CreateWorker(new WorkerIntent.Assistant(null), new ProfileSelector.RuntimeDefault(), null,
        Execution.EXTERNAL, null, List.of(), List.of(), List.of());
    WorkerId external = create(request).id();
    send(external, "a");

    nowAndAfterReopen(() -> assertEquals(List.of(), workable(0, 10)));
  }
}
