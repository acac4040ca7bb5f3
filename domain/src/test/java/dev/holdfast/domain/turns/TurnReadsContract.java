package dev.holdfast.domain.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueRules;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

  @Test
  @DisplayName("a turn comes back with the batches that it began with, its last checkpoint's record and its cancel")
  void turnComesBackWhole() {
    WorkerId worker = worker();
    var start = new Turn.Start(List.of(), List.of(new BatchId(3), new BatchId(9)));
    var cancel = new Cancel(START.plusNanos(1000), "key", "note \u00e9 '\"", START.plusSeconds(1),
        START.plusSeconds(2), START.plusSeconds(3));
    Turn full = new Turn(new TurnId(31), worker, 1, start, List.of(live(1)), START, START.plusSeconds(9), Usage.NONE,
        new OutputCursor(1, 12), cancel, new Turn.State.Open());
    put(new TurnChange.Put(full));
    nowAndAfterReopen(() -> assertEquals(Optional.of(full), read(state -> state.turn(full.id()))));

    Turn bare = new Turn(new TurnId(32), worker, 2, start, List.of(live(1)), START, START.plusSeconds(9), Usage.NONE,
        null, Cancel.requested(START, null, null), new Turn.State.Open());
    put(new TurnChange.Put(bare));
    nowAndAfterReopen(() -> assertEquals(List.of(full, bare), read(state -> state.turns(worker, 0, 10))));
  }

  @Test
  @DisplayName("a request to cancel changes nothing else of its turn")
  void cancelPut() {
    WorkerId worker = worker();
    Turn turn = turn(worker, 31, 1, new Turn.State.Open(), live(1));
    put(new TurnChange.Put(turn));
    Cancel asked = Cancel.requested(now(), "key", null);
    for (Cancel cancel : List.of(asked, asked.delivered(now()), asked.acknowledged(now().plusSeconds(1)))) {
      put(new TurnChange.CancelPut(turn.id(), cancel));
      nowAndAfterReopen(() -> assertEquals(Optional.of(turn.withCancel(cancel)), read(state -> state.turn(turn.id()))));
    }
  }

  @Test
  @DisplayName("what a turn took in at its checkpoints comes back in the order of its commits")
  void admissions() {
    WorkerId worker = worker();
    var turn = new TurnId(31);
    put(new TurnChange.Put(turn(worker, 31, 1, new Turn.State.Open(), live(1))));
    var first = new Admission(turn, 1, 1, 3, 40, START.plusNanos(1000), List.of(new InputId(35), new InputId(36)),
        List.of());
    var second = new Admission(turn, 2, 1, 4, 50, START, List.of(), List.of(new BatchId(45)));
    var last = new Admission(turn, 2, 0, 5, 60, START, List.of(), List.of());
    var elsewhere = new Admission(new TurnId(32), 1, 1, 1, 55, START, List.of(new InputId(54)), List.of());
    List.of(first, second, elsewhere, last).forEach(admission -> put(new TurnChange.Admitted(admission)));

    nowAndAfterReopen(() -> {
      assertEquals(List.of(first, second, last), read(state -> state.admissions(turn)));
      assertEquals(List.of(), read(state -> state.admissions(new TurnId(33))));
    });
  }

  private void wake(WorkerId session, @Nullable Instant availableAt) {
    var draft = new BatchDraft(List.of(Payload.Wake.of("origin", 1, "look")), null, availableAt, null);
    done(state -> QueueRules.enqueue(state, Sender.to(session), draft, LIMITS, now()));
  }

  @Test
  @DisplayName("workable is a running worker's session with a batch that is available, also when a dead holder claimed it")
  void workableByBatch() {
    WorkerId ready = worker();
    wake(ready, null);
    WorkerId later = worker();
    wake(later, now().plusSeconds(60));
    WorkerId claimed = worker();
    wake(claimed, null);
    Lease.Held held = done(state -> SessionRules.acquire(state, claimed,
        new Claimant(HERE, "token", TURN_LIMITS.leaseTtl()), now()));
    done(state -> ClaimRules.turnWork(state, new ClaimRules.Holder(held.fence(), "claim"), null, 10, now()));
    WorkerId ended = worker();
    wake(ended, null);
    put(new WorkerChange.Moved(read(state -> state.worker(ended)).orElseThrow()
        .ended(WorkerStatus.STOPPED, read(State::lastEventId))));
    nowAndAfterReopen(() -> assertEquals(List.of(ready.number()), workable(0, 10)));

    pass(Duration.ofSeconds(60));
    nowAndAfterReopen(() -> {
      assertEquals(List.of(ready.number(), later.number(), claimed.number()), workable(0, 10));
      assertEquals(List.of(later.number()), workable(1, 1));
    });
  }

  @Test
  @DisplayName("workable sessions are looked for by execution, by owner, and where asked among those with an open turn only")
  void workableOfWhich() {
    openRuntime();
    var request = new CreateWorker(new WorkerIntent.Assistant(null), new ProfileSelector.RuntimeDefault(), null,
        Execution.EXTERNAL, null, List.of(), List.of(), List.of());
    WorkerId waiting = create(request).id();
    send(waiting, "a");
    WorkerId open = create(request).id();
    send(open, "b");
    var executor = new Owner("key:executor", "1");
    NextWork.Run run = take(open, executor);
    done(state -> SessionRules.release(state, run.lease().fence(), now()));
    WorkerId busy = create(request).id();
    send(busy, "c");
    take(busy, executor);
    send(worker(), "of the built-in executor");

    nowAndAfterReopen(() -> {
      assertEquals(List.of(waiting, open), workable(new Workable(Execution.EXTERNAL, SUBJECT, false)));
      assertEquals(List.of(), workable(new Workable(Execution.EXTERNAL, "another", false)));
      assertEquals(List.of(open), workable(Workable.EXTERNAL_OPEN));
      assertEquals(List.of(), workable(new Workable(Execution.BUILTIN, null, true)));
    });
    end(open, LifecycleRules.Ending.STOP);
    nowAndAfterReopen(() -> assertEquals(List.of(open), workable(Workable.EXTERNAL_OPEN), "a stopped one may finish"));
  }

  private List<WorkerId> workable(Workable which) {
    return read(state -> state.workableSessions(which, now(), 0, 10));
  }
}
