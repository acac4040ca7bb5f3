package dev.holdfast.domain.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about the catalogue. */
public abstract class WorkerReadsContract extends StoreSuite {

  private List<Long> page(long after, int limit, @Nullable WorkerStatus status, @Nullable String owner) {
    return read(state -> state.workers(after, limit, status, owner)).stream().map(w -> w.id().number()).toList();
  }

  private WorkerId workerOf(String subject) {
    openRuntime();
    var caller = new WorkerRules.Caller(subject, null, null);
    var request = CreateWorker.of(new WorkerIntent.Assistant(null));
    return done(state -> WorkerRules.create(state, request, caller, LIMITS, now())).id();
  }

  @Test
  @DisplayName("the runtime's row comes back with every member, and a later one takes its place")
  void runtimeComesBack() {
    var full = new RuntimeState(RUNTIME, "a name", new RuntimeLimits(7, 9), RuntimeStatus.STOPPED, 12, 34,
        new RuntimeState.WorkerCounts(1, 2, 3, 4), new RuntimeState.DiagnosticCounts(5, 6, 7), START.plusNanos(1000));
    put(new WorkerChange.RuntimePut(full));
    nowAndAfterReopen(() -> assertEquals(Optional.of(full), read(WorkerReads::runtime)));

    var bare = new RuntimeState(RUNTIME, null, RuntimeLimits.DEFAULT, RuntimeStatus.RUNNING, 1, 0,
        RuntimeState.WorkerCounts.NONE, RuntimeState.DiagnosticCounts.NONE, START);
    put(new WorkerChange.RuntimePut(bare));
    nowAndAfterReopen(() -> assertEquals(Optional.of(bare), read(WorkerReads::runtime)));
  }

  @Test
  @DisplayName("a worker and the whole of its request come back")
  void requestComesBack() {
    openRuntime();
    var full = new CreateWorker(new WorkerIntent.Role("reviewer", "of changes"), new ProfileSelector.Named("p"), "m",
        Execution.EXTERNAL, "bundle-1", List.of(new CreateWorker.Capability("shell", "with care"),
            new CreateWorker.Capability("web", null)),
        List.of(new CreateWorker.Reference("src", "git:x")), List.of(new CreateWorker.Reference("data", "/d")));
    var bare = CreateWorker.of(new WorkerIntent.Task("do \"this\" \ud83d\ude00"));
    Worker first = create(full);
    Worker second = create(bare);

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(first), read(state -> state.worker(first.id())));
      assertEquals(Optional.of(full), read(state -> state.request(first.id())));
      assertEquals(Optional.of(second), read(state -> state.worker(second.id())));
      assertEquals(Optional.of(bare), read(state -> state.request(second.id())));
    });
    assertTrue(read(state -> state.worker(new WorkerId(9))).isEmpty());
    assertTrue(read(state -> state.request(new WorkerId(9))).isEmpty());
  }

  @Test
  @DisplayName("workers are listed by number, in pages, by status and by owner")
  void listed() {
    for (String owner : List.of("ann", "bob", "ann", "ann", "bob")) {
      workerOf(owner);
    }
    end(new WorkerId(3), LifecycleRules.Ending.STOP);
    end(new WorkerId(5), LifecycleRules.Ending.STOP);
    end(new WorkerId(4), LifecycleRules.Ending.CANCEL);

    nowAndAfterReopen(() -> {
      assertEquals(List.of(1L, 2L, 3L, 4L, 5L), page(0, 10, null, null));
      assertEquals(List.of(3L, 4L), page(2, 2, null, null));
      assertEquals(List.of(), page(5, 2, null, null));
      assertEquals(List.of(), page(0, 0, null, null));
      assertEquals(List.of(1L, 3L, 4L), page(0, 10, null, "ann"));
      assertEquals(List.of(5L), page(2, 10, null, "bob"));
      assertEquals(List.of(), page(0, 10, null, "eve"));
      assertEquals(List.of(3L, 5L), page(0, 10, WorkerStatus.STOPPED, null));
      assertEquals(List.of(5L), page(3, 10, WorkerStatus.STOPPED, null));
      assertEquals(List.of(4L), page(0, 10, WorkerStatus.CANCELLED, "ann"));
      assertEquals(List.of(), page(0, 10, WorkerStatus.QUARANTINED, null));
      assertEquals(List.of(1L), page(0, 1, WorkerStatus.RUNNING, null));
    });
  }

  @Test
  @DisplayName("all running workers are stopped at once and keep their last event; ended ones stay as they are")
  void allStopped() {
    WorkerId running = worker();
    WorkerId cancelled = worker();
    send(running, "hello");
    Worker before = read(state -> state.worker(running)).orElseThrow();
    Worker ended = end(cancelled, LifecycleRules.Ending.CANCEL);

    put(new WorkerChange.AllStopped());

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(before.ended(WorkerStatus.STOPPED, before.lastEventId())),
          read(state -> state.worker(running)));
      assertEquals(Optional.of(ended), read(state -> state.worker(cancelled)));
      assertEquals(List.of(running.number()), page(0, 10, WorkerStatus.STOPPED, null));
      assertEquals(List.of(), page(0, 10, WorkerStatus.RUNNING, null));
    });
  }

  @Test
  @DisplayName("a transcript holds inputs and commits in their order, and is read by position")
  void transcript() {
    WorkerId worker = worker();
    Input note = send(worker, system("note"));
    Input asked = send(worker, "hello");
    pass(Duration.ofMillis(5));
    NextWork.Run run = runTurn(worker, "an answer");
    send(worker(), "of another worker");

    long committed = read(state -> state.stamp(
        Stamp.Key.terminal(worker, run.turn().id()))).orElseThrow().result().eventId();
    var answer = new TranscriptEntry(3, worker, TranscriptEntry.Role.ASSISTANT, "an answer", committed, now(),
        new TranscriptEntry.Origin.FromTurn(run.turn().id(), 1, 0), TranscriptEntry.Status.FINAL);
    List<TranscriptEntry> all = List.of(note.entry(), asked.entry(), answer);
    nowAndAfterReopen(() -> {
      assertEquals(all, read(state -> state.transcript(worker, 0, 100)));
      assertEquals(all.subList(1, 2), read(state -> state.transcript(worker, 1, 1)));
      assertEquals(all.subList(2, 3), read(state -> state.transcript(worker, 2, 5)));
      assertEquals(List.of(), read(state -> state.transcript(worker, 3, 5)));
      assertEquals(List.of(), read(state -> state.transcript(worker, Long.MAX_VALUE, 5)));
      assertEquals(List.of(), read(state -> state.transcript(worker, 0, 0)));
      assertEquals(List.of(), read(state -> state.transcript(new WorkerId(99), 0, 5)));
    });
  }

  @Test
  @DisplayName("entries of every role and status come back with their content as it was")
  void entriesComeBack() {
    WorkerId worker = worker();
    send(worker, "hello");
    NextWork.Run run = take(worker, HERE);
    long sequence = 1;
    for (TranscriptEntry.Role role : TranscriptEntry.Role.values()) {
      for (TranscriptEntry.Status status : TranscriptEntry.Status.values()) {
        sequence++;
        var origin = new TranscriptEntry.Origin.FromTurn(run.turn().id(), 2, 3);
        var entry = new TranscriptEntry(sequence, worker, role, "\u0000 \u2028 \ud83d\ude00 '\"\\ ", 2, now(), origin,
            status);
        put(new WorkerChange.EntryAppended(entry));
        long position = sequence - 1;
        nowAndAfterReopen(() -> assertEquals(List.of(entry), read(state -> state.transcript(worker, position, 1))));
      }
    }
  }

  @Test
  @DisplayName("a remembered call is found by scope and key, and a later one takes its place")
  void remembered() {
    var first = new Remembered("create-worker ann", "key", "f1", "worker-00000001", START);
    var other = new Remembered("create-worker bob", "key", "f2", "worker-00000002", START);
    var later = new Remembered("create-worker ann", "key", "f3", "worker-00000003", START.plusSeconds(1));
    put(new WorkerChange.KeyRemembered(first), new WorkerChange.KeyRemembered(other));
    assertEquals(Optional.of(first), read(state -> state.remembered(first.scope(), "key")));
    put(new WorkerChange.KeyRemembered(later));

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(later), read(state -> state.remembered(first.scope(), "key")));
      assertEquals(Optional.of(other), read(state -> state.remembered(other.scope(), "key")));
      assertTrue(read(state -> state.remembered(first.scope(), "KEY")).isEmpty());
      assertTrue(read(state -> state.remembered("create-worker", "ann key")).isEmpty());
    });
  }

  @Test
  @DisplayName("remembered calls are listed by the bytes of scope and key, in pages, each once")
  void rememberedListed() {
    List<Remembered> sorted = List.of(remembered("a", "k"), remembered("a", "l"), remembered("a b", "a"),
        remembered("b", "\uffee"), remembered("b", "\ud83d\ude00"));
    sorted.reversed().forEach(record -> put(new WorkerChange.KeyRemembered(record)));
    var later = new Remembered("a", "l", "f2", "worker-00000002", START.plusSeconds(1));
    put(new WorkerChange.KeyRemembered(later));

    nowAndAfterReopen(() -> {
      assertEquals(List.of(sorted.get(0), later, sorted.get(2), sorted.get(3), sorted.get(4)),
          read(state -> state.remembered("", "", 10)));
      assertEquals(List.of(later, sorted.get(2)), read(state -> state.remembered("a", "k", 2)));
      assertEquals(sorted.subList(4, 5), read(state -> state.remembered("b", "\uffee", 2)));
      assertEquals(List.of(), read(state -> state.remembered("b", "\ud83d\ude00", 2)));
      assertEquals(List.of(), read(state -> state.remembered("", "", 0)));
    });
    put(new WorkerChange.KeyRemembered(remembered("0", "k")));
    assertEquals(List.of(remembered("0", "k")), read(state -> state.remembered("", "", 1)));
  }

  private static Remembered remembered(String scope, String key) {
    return new Remembered(scope, key, "f1", "worker-00000001", START);
  }

  @Test
  @DisplayName("diagnostics come back by id, filtered by severity and worker, and dropped ones are gone")
  void diagnostics() {
    WorkerId worker = worker();
    var base = read(state -> state.diagnostics(0, 10, null, null));
    var warning = new Diagnostic(3, START.plusNanos(5000), Diagnostic.Severity.WARNING,
        Diagnostic.Code.PROFILE_UNRESOLVED, "a \"note\"", worker);
    var info = new Diagnostic(4, START, Diagnostic.Severity.INFO, Diagnostic.Code.OPTIONS_IGNORED, "n", null);
    put(new WorkerChange.DiagnosticAdded(warning), new WorkerChange.DiagnosticAdded(info));

    assertEquals(List.of(1L, 2L), base.stream().map(Diagnostic::id).toList());
    nowAndAfterReopen(() -> {
      assertEquals(List.of(base.get(0), base.get(1), warning, info),
          read(state -> state.diagnostics(0, 10, null, null)));
      assertEquals(List.of(base.get(1), warning), read(state -> state.diagnostics(1, 2, null, null)));
      assertEquals(List.of(warning), read(state -> state.diagnostics(0, 10, Diagnostic.Severity.WARNING, null)));
      assertEquals(List.of(), read(state -> state.diagnostics(0, 10, Diagnostic.Severity.ERROR, null)));
      assertEquals(List.of(base.get(0), base.get(1), warning),
          read(state -> state.diagnostics(0, 10, null, worker)));
      assertEquals(List.of(info), read(state -> state.diagnostics(2, 10, Diagnostic.Severity.INFO, null)));
    });
    put(new WorkerChange.DiagnosticDropped(1));
    nowAndAfterReopen(() -> assertFalse(read(state -> state.diagnostics(0, 10, null, null)).contains(base.get(0))));
  }

  @Test
  @DisplayName("the infos are dropped first, oldest first, and then whatever is oldest")
  void droppable() {
    openRuntime();
    add(1, Diagnostic.Severity.ERROR);
    add(2, Diagnostic.Severity.INFO);
    add(3, Diagnostic.Severity.WARNING);
    add(4, Diagnostic.Severity.INFO);
    add(5, Diagnostic.Severity.ERROR);

    nowAndAfterReopen(() -> {
      assertEquals(List.of(2L), droppable(1));
      assertEquals(List.of(2L, 4L, 1L), droppable(3));
      assertEquals(List.of(2L, 4L, 1L, 3L, 5L), droppable(10));
      assertEquals(List.of(), droppable(0));
    });
  }

  private void add(long id, Diagnostic.Severity severity) {
    put(new WorkerChange.DiagnosticAdded(
        new Diagnostic(id, START, severity, Diagnostic.Code.OPTIONS_IGNORED, "n", null)));
  }

  private List<Long> droppable(int limit) {
    return read(state -> state.droppableDiagnostics(limit)).stream().map(Diagnostic::id).toList();
  }
}
