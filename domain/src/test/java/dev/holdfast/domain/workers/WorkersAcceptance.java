package dev.holdfast.domain.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.LifecycleRules.Ending;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The catalogue, as spec workers §14 wants it of every backend. */
public abstract class WorkersAcceptance extends StoreSuite {
  private static final RuntimeId FOREIGN = new RuntimeId("rt-ffffffffffffffff");

  private static CreateWorker request(WorkerIntent intent, String... capabilities) {
    var wanted = List.of(capabilities).stream().map(name -> new CreateWorker.Capability(name, null)).toList();
    return new CreateWorker(intent, new ProfileSelector.RuntimeDefault(), null, Execution.BUILTIN, "bundle-1", wanted,
        List.of(), List.of());
  }

  @Test
  @DisplayName("W-A1 create, list, detail: the ref carries the runtime id, status running, config bundle and capability"
      + " count kept, intent equal")
  void createListDetail() {
    openRuntime();
    CreateWorker request = request(new WorkerIntent.Role("reviewer", "of changes"), "shell", "web");
    WorkerId id = create(request).id();

    nowAndAfterReopen(() -> {
      Worker listed = read(state -> state.workers(0, 10, null, null)).getFirst();
      Worker detail = read(state -> WorkerRules.find(state, RUNTIME, id, SUBJECT)).orThrow();
      assertEquals(detail, listed);
      assertEquals(RUNTIME, read(state -> state.runtime()).orElseThrow().id());
      assertEquals("worker-00000001", detail.id().value());
      assertEquals(WorkerStatus.RUNNING, detail.status());
      assertEquals(2, detail.capabilityCount());
      assertEquals(true, detail.hasConfigBundle());
      assertEquals(new WorkerIntent.Role("reviewer", "of changes"), detail.intent());
      assertEquals(request, read(state -> state.request(id)).orElseThrow());
    });
  }

  @Test
  @DisplayName("W-A2 a ref of another runtime is answered wrong_runtime by every worker operation")
  void foreignRef() {
    WorkerId worker = worker();
    var sender = new Sender(FOREIGN, worker, null, null);

    refusal(Reason.WRONG_RUNTIME, read(state -> WorkerRules.find(state, FOREIGN, worker, Reach.ALL)));
    refusal(Reason.WRONG_RUNTIME, read(state -> TranscriptRules.project(state, FOREIGN, worker, Reach.ALL, 0, 10)));
    refused(Reason.WRONG_RUNTIME,
        state -> InputRules.accept(state, sender, InputDraft.user("hello"), LIMITS, now()));
    for (Ending ending : Ending.values()) {
      refused(Reason.WRONG_RUNTIME, state -> LifecycleRules.end(state, sender, ending, null, now()));
    }
    // The runtime is judged before the worker: an unknown worker of a foreign runtime isn't looked for.
    refusal(Reason.WRONG_RUNTIME, read(state -> WorkerRules.find(state, FOREIGN, new WorkerId(99), Reach.ALL)));
    refusal(Reason.WORKER_NOT_FOUND, read(state -> WorkerRules.find(state, RUNTIME, new WorkerId(99), Reach.ALL)));
  }

  @Test
  @DisplayName("W-A3 a tools-less worker on the runtime default: no bundle, no capabilities, exactly two diagnostics with"
      + " the two codes")
  void toolsLess() {
    WorkerId worker = worker();

    nowAndAfterReopen(() -> {
      Worker made = read(state -> state.worker(worker)).orElseThrow();
      assertEquals(false, made.hasConfigBundle());
      assertEquals(0, made.capabilityCount());
      List<Diagnostic> found = read(state -> state.diagnostics(0, 10, null, null));
      assertEquals(List.of("runtime.local_default_resources", "worker.tools_less"),
          found.stream().map(d -> d.code().text()).toList());
      found.forEach(diagnostic -> {
        assertEquals(Diagnostic.Severity.INFO, diagnostic.severity());
        assertEquals(worker, diagnostic.worker());
      });
      assertEquals(new RuntimeState.DiagnosticCounts(2, 2, 0),
          read(state -> state.runtime()).orElseThrow().diagnostics());
    });
  }

  @Test
  @DisplayName("W-13 a profile that the node has brings no diagnostic")
  void knownProfile() {
    openRuntime();
    var terms = new WorkerRules.Terms(LIMITS, Profiles.read(Json.parse("{\"reviewer\":{\"model\":\"m\"}}")));
    var request = new CreateWorker(new WorkerIntent.Assistant(null), new ProfileSelector.Named("reviewer"), null,
        Execution.BUILTIN, "b", List.of(new CreateWorker.Capability("web", null)), List.of(), List.of());
    done(state -> WorkerRules.create(state, request, caller(), terms, now()));

    assertEquals(List.of(), read(state -> state.diagnostics(0, 10, null, null)));
  }

  @Test
  @DisplayName("W-13 an unknown profile is explained by a warning, and the worker is made")
  void unknownProfile() {
    openRuntime();
    create(new CreateWorker(new WorkerIntent.Assistant(null), new ProfileSelector.Named("nobody's"), "m",
        Execution.BUILTIN, "b", List.of(new CreateWorker.Capability("web", null)), List.of(), List.of()));

    assertEquals(List.of(Diagnostic.Code.PROFILE_UNRESOLVED),
        read(state -> state.diagnostics(0, 10, Diagnostic.Severity.WARNING, null)).stream().map(Diagnostic::code)
            .toList());
  }

  @Test
  @DisplayName("the most diagnostics are kept by dropping the oldest info first, and the dropped are counted")
  void diagnosticsAreBounded() {
    openRuntime();
    var limits = new WorkerLimits(10, 100, 10, 10, 3);
    for (int i = 0; i < 3; i++) {
      done(state -> WorkerRules.create(
          state, CreateWorker.of(new WorkerIntent.Assistant(null)), caller(), limits, now()));
    }

    nowAndAfterReopen(() -> {
      assertEquals(List.of(4L, 5L, 6L),
          read(state -> state.diagnostics(0, 10, null, null)).stream().map(Diagnostic::id).toList());
      assertEquals(new RuntimeState.DiagnosticCounts(6, 3, 3),
          read(state -> state.runtime()).orElseThrow().diagnostics());
    });
  }

  @Test
  @DisplayName("W-A15 reopen: statuses, transcript, events, diagnostics, limits, counters equal; passed limits and name"
      + " ignored; no new event; a stopped runtime stays stopped")
  void reopened() {
    WorkerId finished = worker();
    send(finished, "hello");
    runTurn(finished, "an answer");
    end(finished, Ending.CANCEL);
    WorkerId waiting = worker();
    send(waiting, "never taken");
    done(state -> LifecycleRules.stopRuntime(state, null, "enough", now()));
    String before = read(StateText::of);

    nowAndAfterReopen(() -> {
      RuntimeState opened = done(state -> WorkerRules.open(
          state, FOREIGN, "another name", new RuntimeLimits(1, 2), now()));
      assertEquals(before, read(StateText::of));
      assertEquals("test", opened.displayName());
      assertEquals(RuntimeLimits.DEFAULT, opened.limits());
      assertEquals(RuntimeStatus.STOPPED, opened.status());
      assertEquals(new RuntimeState.WorkerCounts(0, 1, 1, 0), opened.counts());
    });
  }

  @Test
  @DisplayName("W-A16 reopen twice without id: random ids never collide with an existing runtime; an existing data"
      + " directory keeps its id")
  void idsOfRuntimes() {
    RuntimeId first = RuntimeId.random(ids());
    RuntimeId second = RuntimeId.random(ids());
    RuntimeId third = RuntimeId.random(ids());
    assertEquals(3, Set.of(first, second, third).size());
    done(state -> WorkerRules.open(state, first, null, RuntimeLimits.DEFAULT, now()));

    nowAndAfterReopen(() -> {
      for (RuntimeId fresh : List.of(second, third)) {
        RuntimeState opened =
            done(state -> WorkerRules.open(state, fresh, null, RuntimeLimits.DEFAULT, now()));
        assertEquals(first, opened.id());
        assertNotEquals(fresh, opened.id());
      }
      assertEquals(1, read(EventReads::lastEventId));
    });
  }

  @Test
  @DisplayName("W-A25 blank objective, blank capability, blank content, oversize content, unknown member: their reasons")
  void badRequests() {
    WorkerId worker = worker();
    assertInvalid("intent.objective", request(new WorkerIntent.Task(" \t"), "web"));
    assertInvalid("requested_capabilities[1].name", request(new WorkerIntent.Assistant(null), "web", " "));
    assertInvalid("workspace_refs[0].name", new CreateWorker(new WorkerIntent.Assistant(null),
        new ProfileSelector.RuntimeDefault(), null, Execution.BUILTIN, null, List.of(),
        List.of(new CreateWorker.Reference("", "x")), List.of()));

    Outcome.Refused<?> blank = refused(Reason.INVALID_REQUEST,
        state -> InputRules.accept(state, Sender.to(worker), InputDraft.user("\n "), LIMITS, now()));
    assertEquals("content", blank.facts().get("field"));

    // Two bytes for each character: the limit counts bytes.
    var limits = new WorkerLimits(10, 8, 10, 10, 10);
    Outcome.Refused<?> large = refused(Reason.INPUT_TOO_LARGE, state -> InputRules.accept(
        state, Sender.to(worker), InputDraft.user("\u00e9\u00e9\u00e9\u00e9\u00e9"), limits, now()));
    assertEquals(10, large.facts().get("requested"));
    assertEquals(8, large.facts().get("max"));
    done(state -> InputRules.accept(state, Sender.to(worker), InputDraft.user("\u00e9\u00e9\u00e9\u00e9"), limits,
        now()));

    var unknown = assertThrows(JsonMembers.Mismatch.class,
        () -> CreateWorkerJson
            .read(Json.parse("{\"intent\":{\"kind\":\"task\",\"objective\":\"x\",\"objektive\":1}}")));
    assertEquals(Reason.UNKNOWN_FIELD, unknown.refusal().reason());
    assertEquals("intent.objektive", unknown.refusal().facts().get("field"));
  }

  private void assertInvalid(String field, CreateWorker request) {
    Outcome.Refused<Worker> refused = refused(Reason.INVALID_REQUEST,
        state -> WorkerRules.create(state, request, caller(), LIMITS, now()));
    assertEquals(field, refused.facts().get("field"));
  }

  @Test
  @DisplayName("a runtime holds as many workers as it may, the finished ones counted")
  void workerLimit() {
    WorkerId first = worker();
    worker();
    end(first, Ending.STOP);
    var limits = new WorkerLimits(2, 100, 10, 10, 10);

    Outcome.Refused<Worker> refused = refused(Reason.WORKER_LIMIT_REACHED, state -> WorkerRules.create(
        state, CreateWorker.of(new WorkerIntent.Assistant(null)), caller(), limits, now()));
    assertEquals(2, refused.facts().get("max"));
  }

  @Test
  @DisplayName("another subject's worker answers as an unknown one")
  void foreignSubject() {
    WorkerId worker = worker();

    Outcome.Refused<Worker> foreign =
        refusal(Reason.WORKER_NOT_FOUND, read(state -> WorkerRules.find(state, null, worker, "eve")));
    Outcome.Refused<Worker> unknown =
        refusal(Reason.WORKER_NOT_FOUND, read(state -> WorkerRules.find(state, null, new WorkerId(99), "eve")));
    assertEquals(unknown, foreign);
  }
}
