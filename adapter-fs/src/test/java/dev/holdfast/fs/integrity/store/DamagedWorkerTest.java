package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.AuditRules;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventBatch;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventCursor;
import dev.holdfast.domain.events.EventGap;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventRules;
import dev.holdfast.domain.events.UntoldDamage;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.integrity.UnitScope;
import dev.holdfast.domain.integrity.exports.Export;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.DiagnosticRules;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;
import dev.holdfast.fs.integrity.journal.Lost;
import dev.holdfast.fs.integrity.journal.Mark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A history of three workers and the runtime, of which one unit of work after the other is damaged. */
class DamagedWorkerTest extends StoreSuite {
  private static final String SEGMENT = "seg-0000000000000001.hfj";
  private static final AuditKey KEY = new AuditKey("5a".repeat(32));
  private static final int HEAD = 48;
  private static final int MAX = 100;
  private static final int MANY = 1_000;

  private final SimulatedDisk disk = SimulatedDisk.empty();

  /** A unit of work as the journal has it. */
  private record Written(long position, List<Change> changes) {
    List<Long> events() {
      return changes.stream().filter(EventChange.Appended.class::isInstance).map(EventChange.Appended.class::cast)
          .map(change -> change.event().id()).toList();
    }

    Optional<Long> audited() {
      return changes.stream().filter(AccessChange.Audited.class::isInstance).map(AccessChange.Audited.class::cast)
          .map(change -> change.entry().seq()).findFirst();
    }
  }

  private static Place place(Disk on) throws IOException {
    var settings = new Journal.Settings(FileStores.DIRECTORY_ID, 1, () -> 4711, 1 << 20, 4_096);
    return new Place(on.folder("journal"), on.folder("index"), new Quarantine(on.folder("quarantine")), settings);
  }

  private static FileStore open(Disk on) {
    try {
      return FileStore.open(place(on));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Store open() {
    return open(disk);
  }

  @BeforeEach
  void write() {
    WorkerId one = worker();
    WorkerId two = worker();
    WorkerId three = worker();
    for (WorkerId each : List.of(one, two, three)) {
      audited(state -> InputRules.accept(state, InputRules.Sender.to(each), InputDraft.user("a " + each), LIMITS,
          now()));
      runTurn(each, "an answer");
      send(each, "b " + each);
    }
    take(two, HERE);
    end(three, LifecycleRules.Ending.CANCEL);
    audited(state -> InputRules.accept(state, InputRules.Sender.to(one), InputDraft.user("c"), LIMITS, now()));
    audited(state -> InputRules.accept(state, InputRules.Sender.to(two), InputDraft.user("c"), LIMITS, now()));
    // What is damaged at the very end would be a torn end.
    openRuntime();
    worker();
    store().close();
  }

  private <T> void audited(Rule<T> rule) {
    done(state -> {
      Decision<T> decision = rule.decide(state);
      List<Change> changes = new ArrayList<>(decision.changes());
      changes.add(new AccessChange.Audited(AuditRules.seal(KEY, state.auditHead(),
          new AuditEntry(AuditEntry.Caller.local("0".repeat(32)), "input.send", null, 200, null, 1), now())));
      return Decision.done(decision.outcome().orThrow(), changes);
    });
  }

  private static List<Written> units(Disk on) throws IOException {
    List<Written> units = new ArrayList<>();
    try (var journal = new Journal(on.folder("journal"), place(on).settings())) {
      journal.open();
      journal.replay(Mark.START, 0, new Journal.Told() {
        @Override
        public void unit(long position, byte[] payload) {
          units.add(new Written(position, Units.read(payload)));
        }

        @Override
        public void lost(Lost lost) {
          throw new AssertionError("nothing is damaged yet");
        }

        @Override
        public void torn(String file, byte[] bytes) {
          throw new AssertionError("nothing is torn");
        }
      });
    }
    return units;
  }

  private SimulatedDisk copy() {
    return disk.afterPowerCut(new SplittableRandom(1));
  }

  /** Turns over a bit of the unit's changes; done twice, it is as it was. */
  private static void flip(Disk on, Written unit) throws IOException {
    try (Disk.File file = on.folder("journal").open(SEGMENT)) {
      byte[] one = new byte[1];
      file.read(unit.position() + HEAD, one, 0, 1);
      one[0] ^= 0x10;
      file.write(unit.position() + HEAD, one, 0, 1);
      file.sync();
    }
  }

  /** All that is a worker's own, but for the feed. */
  private static List<Object> rows(State state, WorkerId worker) {
    return List.of(state.worker(worker), state.request(worker), state.transcript(worker, 0, MANY),
        state.inputs(worker, 0, MANY, null), state.batches(worker, 0, MANY, null), state.turns(worker, 0, MANY),
        state.session(worker), state.lease(worker), state.workQueue(worker));
  }

  private static Optional<WorkerId> scope(Store whole, Written unit) {
    return whole.read(state -> UnitScope.of(state, unit.changes()));
  }

  private static UntoldDamage tell(Store store) {
    return store.write(state -> DiagnosticRules.tellDamage(state, MAX, START)).orThrow();
  }

  @Test
  @DisplayName("I-A25, I-A37, W-A18 flipped payload of a worker's frame: that worker is quarantined, others work, the gap is typed, verify "
      + "tells the lost record, its id stays taken, and with its journal restored it comes back; of a runtime's frame: journal_damaged")
  void flipped() throws IOException {
    int quarantined = 0;
    int blocked = 0;
    try (Store whole = open(copy())) {
      for (Written unit : units(copy())) {
        SimulatedDisk damaged = copy();
        flip(damaged, unit);
        Optional<WorkerId> worker = scope(whole, unit);
        if (worker.isEmpty()) {
          assertEquals(Reason.JOURNAL_DAMAGED, assertThrows(StoreException.class, () -> open(damaged)).reason());
          blocked++;
        } else if (unit.position() < units(copy()).getLast().position()) {
          check(whole, damaged, unit, worker.get());
          quarantined++;
        }
      }
    }
    assertTrue(quarantined > 15 && blocked >= 1, quarantined + " and " + blocked);
  }

  private void check(Store whole, SimulatedDisk damaged, Written unit, WorkerId worker) throws IOException {
    try (Store store = open(damaged)) {
      checkState(whole, store, unit, worker);
      UntoldDamage told = tell(store);
      assertEquals(List.of(worker), told.damaged());
      assertTrue(tell(store).isNone());
      checkWork(store, worker);
    }
    try (Store store = open(damaged)) {
      checkState(whole, store, unit, worker);
      assertTrue(tell(store).isNone(), "what was told is told once");
    }
    image(damaged);
    try (Store store = open(damaged)) {
      checkState(whole, store, unit, worker);
      assertTrue(tell(store).isNone(), "an image keeps who is damaged, and who was told of it");
    }
    flip(damaged, unit);
    try (Store store = open(damaged)) {
      checkRecovery(whole, store, worker);
    }
  }

  private static void image(Disk on) throws IOException {
    Place place = place(on);
    try (Fold fold = Fold.open(place)) {
      Imaging begun = Imaging.begin(place, fold);
      begun.end(begun.write());
    }
  }

  private static void checkState(Store whole, Store store, Written unit, WorkerId worker) {
    List<Worker> all = whole.read(state -> state.workers(0, MAX, null, null));
    store.read(state -> {
      Worker lost = state.worker(worker).orElseThrow();
      assertEquals(WorkerStatus.QUARANTINED, lost.status());
      assertEquals(all.stream().map(Worker::id).toList(),
          state.workers(0, MAX, null, null).stream().map(Worker::id).toList(), "its id stays taken");
      for (Worker other : all) {
        if (!other.id().equals(worker)) {
          assertEquals(whole.read(before -> rows(before, other.id())), rows(state, other.id()));
        }
      }
      assertEquals(1, state.runtime().orElseThrow().counts().quarantined());
      assertEquals(state.workers(0, MAX, null, null).size(), state.runtime().orElseThrow().counts().total());
      assertTrue(state.leases(0, MAX).stream().noneMatch(lease -> lease.session().equals(worker)));
      checkFeed(whole, state, unit);
      checkAudit(state, unit);
      return assertThrows(StoreException.class, () -> Export.sum(state), "an export would leave out what is lost");
    });
  }

  private static void checkFeed(Store whole, State state, Written unit) {
    List<Event> events = new ArrayList<>();
    List<Long> missing = new ArrayList<>();
    EventCursor cursor = EventCursor.start(RUNTIME);
    boolean more = true;
    while (more) {
      EventBatch batch = EventRules.read(state, RUNTIME, cursor, 5, 5, null).orThrow();
      EventGap gap = batch.gap();
      if (gap != null) {
        assertEquals(EventGap.Why.DAMAGED, gap.why());
        LongStream.rangeClosed(gap.fromId(), gap.toId()).forEach(missing::add);
      }
      events.addAll(batch.events());
      cursor = batch.cursor();
      more = batch.hasMore();
    }
    assertEquals(unit.events(), missing);
    List<Event> expected = whole.read(before -> before.events(1, MANY, null)).stream()
        .filter(event -> !missing.contains(event.id())).toList();
    assertEquals(expected, events.subList(0, expected.size()));
  }

  private static void checkAudit(State state, Written unit) {
    AuditRules.Checked checked = AuditRules.check(KEY, AuditHead.NONE, state.audit(0, MANY, null, null),
        new AuditRules.Expected(state.auditHead(), null));
    boolean isLast = unit.audited().filter(seq -> seq == state.auditHead().seq()).isPresent();
    unit.audited().ifPresentOrElse(seq -> {
      assertEquals(seq - 1, checked.verified().seq());
      assertEquals(isLast ? null : AuditRules.Fault.MISSING, checked.fault());
    }, () -> assertEquals(state.auditHead(), checked.verified()));
  }

  private void checkWork(Store store, WorkerId worker) {
    assertEquals(Reason.WORKER_QUARANTINED,
        refusal(Reason.WORKER_QUARANTINED, store.write(state -> InputRules.accept(state,
            InputRules.Sender.to(worker), InputDraft.user("x"), LIMITS, now()))).reason());
    assertEquals(Reason.WORKER_QUARANTINED,
        refusal(Reason.WORKER_QUARANTINED, store.write(state -> LifecycleRules.end(state,
            InputRules.Sender.to(worker), LifecycleRules.Ending.STOP, null, now()))).reason());
    List<Event> news = store.read(state -> state.events(state.lastEventId(), 1, worker));
    assertEquals(EventName.WORKER_QUARANTINED, news.getFirst().name());
    assertTrue(store.read(state -> state.diagnostics(0, MAX, null, worker)).stream()
        .anyMatch(one -> one.code() == Diagnostic.Code.WORKER_SNAPSHOT_IGNORED));
  }

  private static void checkRecovery(Store whole, Store store, WorkerId worker) {
    assertEquals(List.of(worker), tell(store).whole());
    assertTrue(tell(store).isNone());
    store.read(state -> {
      Event news = state.events(state.lastEventId(), 1, worker).getFirst();
      assertEquals(EventName.WORKER_RECOVERED, news.name());
      Worker before = whole.read(had -> had.worker(worker)).orElseThrow();
      assertEquals(Optional.of(before.at(news.id())), state.worker(worker));
      assertEquals(whole.read(had -> rows(had, worker).subList(1, 9)), rows(state, worker).subList(1, 9));
      assertEquals(0, state.runtime().orElseThrow().counts().quarantined());
      return Export.sum(state);
    });
  }

  @Test
  @DisplayName("I-A25 (behind an image) a unit that is met damaged when it is read quarantines its worker then")
  void metLater() throws IOException {
    image(disk);
    try (Store whole = open(copy())) {
      for (Written unit : units(copy())) {
        SimulatedDisk damaged = copy();
        flip(damaged, unit);
        Optional<WorkerId> worker = scope(whole, unit);
        if (worker.isPresent() && !unit.events().isEmpty() && unit.position() < units(copy()).getLast().position()) {
          try (Store store = open(damaged)) {
            store.read(state -> EventRules.read(state, RUNTIME, EventCursor.start(RUNTIME), MAX, MAX, null));
            checkState(whole, store, unit, worker.get());
            tell(store);
          }
          try (Store store = open(damaged)) {
            checkState(whole, store, unit, worker.get());
            assertTrue(tell(store).isNone());
          }
        }
      }
    }
  }
}
