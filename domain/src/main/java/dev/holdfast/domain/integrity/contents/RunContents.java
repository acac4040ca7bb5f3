package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.LaunchState.Aggregate;
import dev.holdfast.domain.integrity.contents.LaunchState.WorkerStanding;
import dev.holdfast.domain.integrity.contents.SessionIndex.Position;
import dev.holdfast.domain.integrity.records.ProviderRecords;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ProviderReads;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.tasks.TaskReads;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the stores hold for a run, as the journal's fold shows it. The tables of owners that there are none of yet are empty:
 * engines, artifacts.
 *
 * @param identities of the run
 * @param backend that keeps the store
 * @param highWatermark of the manifest once these contents are written
 * @param lastFrame number of the journal's last frame, which all of the state is in
 */
public record RunContents(Identities identities, String backend, long highWatermark, long lastFrame) {
  private static final int PAGE = 1_000;

  /**
   * What of a run isn't in the state.
   *
   * @param journal the sealed parts of the journal
   */
  public record Beside(
      Aggregate aggregate, LaunchTransaction launch, CapabilitySnapshot capabilities, JournalIndex journal) {}

  /**
   * All stores, in their order.
   *
   * @param state that has a runtime
   */
  public SequencedMap<Descriptor, Json> of(State state, Beside beside) {
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
    contents.put(Descriptors.LAUNCH_STATE, launchState(state, beside.aggregate()).json());
    contents.put(Descriptors.SESSION_INDEX, sessions(state).json());
    contents.put(Descriptors.LAUNCH_TRANSACTION, beside.launch().json());
    contents.put(Descriptors.TASK_LEDGER, tasks(state).json());
    contents.put(Descriptors.PROVIDER_TABLE, providers(state, lastFrame).json());
    contents.put(Descriptors.ENGINE_TABLE, new EngineTable(lastFrame, List.of()).json());
    contents.put(Descriptors.CAPABILITY_SNAPSHOT, beside.capabilities().json());
    contents.put(Descriptors.REVISION, revision(state).json());
    contents.put(Descriptors.ARTIFACT_INDEX, artifacts().json());
    contents.put(Descriptors.JOURNAL_INDEX, beside.journal().json());
    contents.put(Descriptors.DIAGNOSTICS, empty().json());
    return contents;
  }

  public LaunchState launchState(State state, Aggregate aggregate) {
    Found found = workers(state);
    List<WorkerStanding> standings = new ArrayList<>();
    found.readable().forEach(worker -> standings.add(new WorkerStanding(worker.id(), worker.status())));
    found.damaged().forEach(id -> standings.add(new WorkerStanding(id, WorkerStatus.QUARANTINED)));
    return new LaunchState(backend, runtime(state), identities.runId(), identities.capabilitySnapshotId(), aggregate,
        standings, lastFrame, state.auditHead());
  }

  public SessionIndex sessions(State state) {
    RuntimeId runtime = runtime(state);
    return SessionIndex.of(lastFrame,
        workers(state).readable().stream().map(worker -> position(state, runtime, worker)).toList());
  }

  private Position position(State state, RuntimeId runtime, Worker worker) {
    WorkerId id = worker.id();
    Session session = state.session(id);
    return new Position(runtime, id, identities.runId(), session.headRevision(), state.lease(id).generation(),
        worker.transcriptLength(), session.openTurn());
  }

  public Revision revision(State state) {
    return new Revision(runtime(state), identities.runId(), highWatermark, state.lastEventId(), lastFrame);
  }

  /** Those that are open wait for a provider from a run's begin on: whoever had one lost it with the run before. */
  public TaskLedger tasks(TaskReads state) {
    return new TaskLedger(lastFrame, state.openTasks(Integer.MAX_VALUE).stream()
        .map(task -> new TaskLedger.Task(task.id(), task.epoch(), identities.runId(), TaskLedger.Status.PENDING))
        .toList());
  }

  /**
   * The virtual providers by their names, as their codec writes them. A public one is an admin's and no publisher's.
   *
   * @param coveredFrame number of the journal's last frame that is part of the state, 0 where there is no journal
   */
  public static SoftTable providers(ProviderReads state, long coveredFrame) {
    SortedMap<String, Json> records = new TreeMap<>();
    List<Provider> page = state.providers("", PAGE);
    while (!page.isEmpty()) {
      for (Provider provider : page) {
        if (provider instanceof VirtualProvider one) {
          records.put(one.name(), ProviderRecords.VIRTUAL.json(one));
        }
      }
      page = state.providers(page.getLast().name(), PAGE);
    }
    return new SoftTable(coveredFrame, records);
  }

  public ArtifactIndex artifacts() {
    return new ArtifactIndex(lastFrame, List.of());
  }

  private SoftTable empty() {
    return new SoftTable(lastFrame, new TreeMap<>());
  }

  private static RuntimeId runtime(State state) {
    return state.runtime().map(RuntimeState::id)
        .orElseThrow(() -> new IllegalStateException("the store has no runtime yet"));
  }

  /**
   * All workers.
   *
   * @param readable in the order of their numbers
   * @param damaged whose own data can't be read, which touches nobody else (W-9)
   */
  private record Found(List<Worker> readable, List<WorkerId> damaged) {}

  private static Found workers(State state) {
    List<Worker> all = new ArrayList<>();
    try {
      List<Worker> page = state.workers(0, PAGE, null, null);
      while (!page.isEmpty()) {
        all.addAll(page);
        page = state.workers(page.getLast().id().number(), PAGE, null, null);
      }
      return new Found(all, List.of());
    } catch (StoreException e) {
      if (e.reason() == Reason.STORE_CORRUPT) {
        return oneByOne(state);
      }
      throw e;
    }
  }

  private static Found oneByOne(State state) {
    var found = new Found(new ArrayList<>(), new ArrayList<>());
    long last = state.runtime().map(RuntimeState::lastWorkerNumber).orElse(0L);
    for (long number = 1; number <= last; number++) {
      var id = new WorkerId(number);
      try {
        state.worker(id).ifPresentOrElse(found.readable()::add, () -> found.damaged().add(id));
      } catch (StoreException e) {
        if (e.reason() != Reason.STORE_CORRUPT) {
          throw e;
        }
        found.damaged().add(id);
      }
    }
    return found;
  }
}
