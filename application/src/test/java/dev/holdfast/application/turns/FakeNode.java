package dev.holdfast.application.turns;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.inputs.InputAck;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A node in memory, with a clock that only the test moves and executors that come and go like the node's processes. */
final class FakeNode {
  final Store store = new MemoryStore();
  final NewsRoom news = new NewsRoom();
  final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  final InstantSource clock = now::get;
  final NodeState state = new NodeState();
  final UnitsOfWork units = new UnitsOfWork(store, news, state, new AuditKey("5a".repeat(32)), clock);
  final WorkerCatalogue workers =
      new WorkerCatalogue(units, new WorkerRules.Terms(WorkerLimits.DEFAULT, Profiles.NONE), clock, this::ended);
  private final AtomicLong counter = new AtomicLong();
  final Ids ids = digits -> ("%0" + digits + "x").formatted(counter.incrementAndGet());
  private final Relay.Present present = Relay.Present.of(clock);
  final Models models = new Models(units, new Relay(units, (_, _) -> {
    throw new AssertionError("turns are given a gateway of the test's");
  }, present, new UsageLog(units), ids, clock), present.admissions(), Set.of(), ids, clock);
  private long epoch;
  private @Nullable TurnExecutor latest;

  FakeNode() {
    units.write(
        state -> WorkerRules.open(state, new RuntimeId("rt-test"), null, RuntimeLimits.DEFAULT, clock.instant()));
    models.addScripted();
  }

  /** A new start of the node: an executor with the next epoch. */
  TurnExecutor start(ModelGateway gateway, ExecutorSettings settings) {
    return start(gateway, settings, Profiles.NONE);
  }

  /** With other profiles in its configuration than the start before. */
  TurnExecutor start(ModelGateway gateway, ExecutorSettings settings, Profiles profiles) {
    var node = new TurnExecutor.Node(Owner.builtin("node", ++epoch), ids, clock, profiles, news);
    var executor = new TurnExecutor(units, models, gateway, node, settings, worker -> true);
    executor.start();
    latest = executor;
    return executor;
  }

  private void ended(WorkerId worker) {
    if (latest != null) {
      latest.settleIfDue(worker);
    }
  }

  /** Quick retries, so that a test waits for conditions only. */
  static ExecutorSettings settings() {
    ExecutorSettings usual = ExecutorSettings.DEFAULT;
    return new ExecutorSettings(usual.limits(), Duration.ofMillis(20), Duration.ofMillis(20), usual.maxRunningTurns(),
        Duration.ofMillis(1), List.of(Duration.ZERO, Duration.ZERO));
  }

  WorkerId worker() {
    return worker(null);
  }

  WorkerId worker(@Nullable String model) {
    return worker(model, Execution.BUILTIN);
  }

  WorkerId worker(@Nullable String model, Execution execution) {
    return worker(new ProfileSelector.RuntimeDefault(), model, execution);
  }

  WorkerId worker(ProfileSelector profile, @Nullable String model, Execution execution) {
    var request = new CreateWorker(
        new WorkerIntent.Assistant(null), profile, model, execution, null, List.of(), List.of(), List.of());
    return workers.create(called(), request, new WorkerRules.Caller("default", null, null)).orThrow().worker().id();
  }

  Audited called() {
    return Audited.local(ids.hex(32), "test.call");
  }

  InputId send(TurnExecutor executor, WorkerId worker, String text) {
    return send(executor, worker, InputDraft.user(text));
  }

  InputId send(TurnExecutor executor, WorkerId worker, InputDraft draft) {
    Outcome<InputAck> ack =
        new WorkerInputs(units, executor, WorkerLimits.DEFAULT, clock).send(called(), Sender.to(worker), draft);
    return ack.orThrow().input().id();
  }

  List<Turn> turns(WorkerId worker) {
    return store.read(state -> state.turns(worker, 0, 100));
  }

  Turn turn(WorkerId worker) {
    return turns(worker).getLast();
  }

  boolean hasEnded(WorkerId worker, int turns) {
    List<Turn> all = turns(worker);
    return all.size() == turns && all.stream().noneMatch(Turn::isOpen);
  }

  List<OutputRecord> output(WorkerId worker) {
    return store.read(state -> state.output(turn(worker).id(), OutputCursor.START, 10_000));
  }

  List<TranscriptEntry> transcript(WorkerId worker) {
    return store.read(state -> state.transcript(worker, 0, 100));
  }
}
