package dev.holdfast.domain.integrity.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.AuditRules;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.integrity.pruning.PruneRequest;
import dev.holdfast.domain.integrity.pruning.PruneRules;
import dev.holdfast.domain.integrity.pruning.PruneSurvey;
import dev.holdfast.domain.integrity.records.Changes;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.RelayRows;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.WorkerChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A store with rows in every table, exported and copied. */
public abstract class ExportSuite extends KernelSuite {

  /** Of changes that an export is made of. */
  private static final int KINDS = 24;

  /** One more store of the kind, empty. */
  protected abstract Store another();

  protected final void fill() {
    openRuntime();
    fillAccess();
    fillRelay();
    fillTurns(worker());
    fillQueues(worker());
    end(worker(), LifecycleRules.Ending.STOP);
    put(new WorkerChange.KeyRemembered(new Remembered("create-worker b", "k", "f", "worker-00000001", START)),
        new WorkerChange.KeyRemembered(new Remembered("create-worker a", "k", "f", "worker-00000002", START)),
        new WorkerChange.KeyRemembered(new Remembered("create-worker a", "k", "f", "worker-00000003", START)));
    prune();
    audited();
    audited();
    put(new WorkerChange.DiagnosticAdded(
        new Diagnostic(99, START, Diagnostic.Severity.INFO, Diagnostic.Code.OPTIONS_IGNORED, "soft", null)));
  }

  /** A bit of everything that can go: of a worker that goes on, of one that has ended, and of the runtime. */
  private void prune() {
    WorkerId ended = worker();
    send(ended, new InputDraft(InputKind.USER, "gone", null, new Ingress.NextTurn(), "k"));
    done(committing(completing(take(ended, HERE), "gone too")));
    wake(ended, "to be said");
    done(committing(completing(take(ended, HERE), "said")));
    Instant before = now();
    pass(Duration.ofSeconds(1));
    send(ended, "left");
    end(ended, LifecycleRules.Ending.STOP);
    WorkerId running = worker();
    send(running, new InputDraft(InputKind.USER, "forgotten", null, new Ingress.NextTurn(), "k"));
    done(committing(completing(take(running, HERE), "an answer")));
    wake(running, "forgotten, too");
    done(committing(completing(take(running, HERE), "an answer")));
    pass(Duration.ofSeconds(1));
    send(running, new InputDraft(InputKind.USER, "the same key again", null, new Ingress.NextTurn(), "k2"));
    prune(new PruneRequest(null, before, before, null, null, null, null));
    prune(new PruneRequest(before, null, null, now(), null, START.plusSeconds(1), null));
    send(running, new InputDraft(InputKind.USER, "the same key again", null, new Ingress.NextTurn(), "k"));
  }

  private void prune(PruneRequest request) {
    var survey = new PruneSurvey(request);
    while (read(survey::look)) {
      // Until there is nothing more to look at.
    }
    survey.found().workers().forEach(marks -> done(state -> PruneRules.ofWorker(state, marks)));
    done(state -> PruneRules.ofRuntime(state, survey.found(), null, now()));
  }

  private void fillAccess() {
    put(new ProviderChange.PublicPut(RelayRows.full("p", START)),
        new ProviderChange.PublicPut(RelayRows.plain("a", START)),
        new ProviderChange.DefaultModelPut("p"),
        new AccessChange.KeyPut(new Key("b".repeat(16), "s", Role.ADMIN, "l", "ab".repeat(32), true,
            new Key.Limits(List.of("m"), 1, 2), START, null, START, null, START, 3)),
        new AccessChange.KeyPut(new Key("a".repeat(16), "s", Role.CONSUMER, "l", "ab".repeat(32), false,
            Key.Limits.NONE, START, "b".repeat(16), null, START, null, 1)));
    for (int i = 0; i < 3; i++) {
      audited();
    }
  }

  private void fillRelay() {
    put(new PublisherChange.Put(RelayRows.publisher('b', START)),
        new PublisherChange.Put(RelayRows.publisher('a', START)));
    for (InferenceTask task : RelayRows.inEveryState(START)) {
      put(new TaskChange.Put(task));
    }
    put(new TaskChange.Used(RelayRows.used(1, START)), new TaskChange.Used(RelayRows.used(2, START)));
  }

  private void audited() {
    var caller = new AuditEntry.Caller("0".repeat(32), null, "1".repeat(16), "s", Role.CONSUMER);
    var entry = new AuditEntry(caller, "worker.stop", "a \"target\" \u00e9", 409, Reason.SESSION_BUSY, 1);
    put(new AccessChange.Audited(
        read(state -> AuditRules.seal(new AuditKey("5a".repeat(32)), state.auditHead(), entry, START))));
  }

  /** A turn of two attempts with commits and much output, and one that is open. */
  private void fillTurns(WorkerId worker) {
    send(worker,
        new InputDraft(InputKind.USER, "a \ud83d\ude00\nline", Json.object("x", 1), new Ingress.NextTurn(), "k"));
    send(worker, system("note"));
    NextWork.Run first = take(worker, HERE);
    String[] many = new String[700];
    Arrays.fill(many, "d");
    long last = append(first, 2, many);
    steer(worker, "and", Boundary.AFTER_WORK);
    var taken = atCheckpoint(first, Boundary.AFTER_WORK);
    done(committing(checkpoint(first, 1, "half", List.of(inputs(Objects.requireNonNull(taken.inputs()))))));
    done(committing(checkpoint(first, 2, "more", List.of())));
    assertTrue(last > 700);
    pass(TURN_LIMITS.leaseTtl().plusSeconds(1));
    NextWork.Run again = take(worker, HERE_AGAIN);
    append(again, 2, "x", "y");
    pass(Duration.ofMillis(3));
    append(again, 4, "z");
    done(committing(completing(again, "an answer")));
    send(worker, "and then");
    NextWork.Run open = take(worker, ELSEWHERE);
    append(open, 2, "so");
    done(cancelling(open.turn().id()));
    steer(worker, "wait", Boundary.BEFORE_COMPLETION);
  }

  private void fillQueues(WorkerId worker) {
    refresh(worker);
    wake(worker, "one");
    wake(worker, "two");
    send(worker, "claimed");
    Fence fence = acquire(worker, AGENT);
    done(committing(ofSession(fence, List.of(batches(done(claimingCommand(fence)).orElseThrow())), false)));
    done(claimingTurnWork(fence, null, 1));
    done(claimingInputs(fence, 1));
    WorkerId idle = worker();
    release(acquire(idle, AGENT));
    wake(idle, "waits");
  }

  @Test
  @DisplayName("I-85 a store with rows in every table is the same when copied, in any direction, and goes on alike")
  void copied() {
    fill();
    reopenIfDurable();
    for (Table table : Table.values()) {
      List<Change> rows = new ArrayList<>();
      read(state -> {
        table.each(state, rows::add);
        return rows;
      });
      assertTrue(!rows.isEmpty(), () -> "a row in " + table);
    }
    try (Store memory = new MemoryStore(); Store other = another()) {
      Copies.copy(store(), memory);
      Copies.copy(memory, other);
      Copies.requireEqual(store(), other);
      pass(Duration.ofHours(1));
      for (long number = 1; number <= 3; number++) {
        var next = taking(new WorkerId(number), OTHER_AGENT);
        Outcome<NextWork> expected = write(next);
        assertEquals(expected, memory.write(next));
        assertEquals(expected, other.write(next));
      }
      Copies.requireEqual(store(), memory);
      Copies.requireEqual(memory, other);
    }
  }

  private void reopenIfDurable() {
    nowAndAfterReopen(() -> {
    });
  }

  @Test
  @DisplayName("each line reads back as the change that it was written from, and no two lines are equal")
  void lines() {
    fill();
    List<String> lines = Copies.lines(store());
    for (String line : lines) {
      assertEquals(line, Export.line(Changes.CHANGE.ofJson(Json.parse(line))));
    }
    assertEquals(lines.size(), lines.stream().distinct().count());
    assertEquals(lines.size(), read(Export::sum).records());
    assertEquals(read(Export::sum), read(Export::sum));
  }

  @Test
  @DisplayName("rows of any kind that were left out are noticed by the sum, and there are rows of every kind")
  void leftOut() {
    fill();
    List<Change> rows = new ArrayList<>();
    read(state -> {
      Export.each(state, rows::add);
      return rows;
    });
    ExportSum whole = read(Export::sum);
    Set<Class<?>> kinds = new HashSet<>();
    rows.forEach(row -> kinds.add(row.getClass()));
    assertEquals(KINDS, kinds.size());
    for (Class<?> left : kinds) {
      var sum = new ExportSum.Counting();
      rows.stream().filter(row -> !left.isInstance(row)).forEach(row -> sum.add(Export.line(row)));
      assertNotEquals(whole, sum.sum(), left::getName);
    }
  }

  @Test
  @DisplayName("virtual providers are left out of an export: they register again")
  void virtualProviders() {
    fill();
    ExportSum before = read(Export::sum);
    put(new ProviderChange.VirtualPut(RelayRows.served("v", 'a', START)));
    assertEquals(before, read(Export::sum));
  }

  @Test
  @DisplayName("what holds anything isn't filled")
  void notEmpty() {
    put(new ProviderChange.PublicPut(RelayRows.plain("p", START)));
    StoreException refused = assertThrows(StoreException.class, () -> Filling.requireEmpty(store()));
    assertEquals(Reason.INVALID_REQUEST, refused.reason());
  }
}
