package dev.holdfast.domain.integrity.contents;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The contents of the stores of a node that is ready: two workers, one of which runs; 9 frames in the journal. */
public final class HealthyContents {
  public static final RuntimeId RUNTIME = new RuntimeId("rt-0123456789abcdef");
  public static final WorkerId RUNNING = new WorkerId(1);
  public static final WorkerId STOPPED = new WorkerId(2);
  public static final long JOURNAL_END = 9;
  public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  public static final CapabilitySnapshot CAPABILITIES = CapabilitySnapshot.of(new TreeSet<>(List.of("scripted")),
      new TreeMap<>(Map.of("holdfast.launch_state", 1)),
      List.of(new CapabilitySnapshot.Binary("llama-server", "/usr/bin/llama-server")),
      new CapabilitySnapshot.Machine(2, 8L << 30));
  public static final ContentHash HASH = ContentHash.of(new byte[0]);

  private HealthyContents() {}

  public static Identities identities(long epoch) {
    return Identities.of(epoch, CAPABILITIES.id(), "0.1.0");
  }

  public static LaunchState launchState(Identities of) {
    return new LaunchState("filesystem", RUNTIME, of.runId(), of.capabilitySnapshotId(), LaunchState.Aggregate.READY,
        List.of(new LaunchState.WorkerStanding(RUNNING, WorkerStatus.RUNNING),
            new LaunchState.WorkerStanding(STOPPED, WorkerStatus.STOPPED)),
        7, new AuditHead(3, "a".repeat(64)));
  }

  public static SessionIndex sessions(Identities of) {
    return SessionIndex.of(JOURNAL_END, List.of(
        new SessionIndex.Position(RUNTIME, RUNNING, of.runId(), 4, 2, 11, new TurnId(8))));
  }

  public static LaunchTransaction launch(Identities of) {
    LaunchTransaction launch = LaunchRules.begin(null, of.runId());
    for (LaunchStep step : EnumSet.complementOf(EnumSet.of(LaunchStep.RUN_READY))) {
      launch = LaunchRules.checkpoint(launch, new LaunchTransaction.Checkpoint(step, HASH, NOW)).orThrow();
    }
    return LaunchRules.markReady(launch, new LaunchTransaction.Checkpoint(LaunchStep.RUN_READY, HASH, NOW)).orThrow();
  }

  /** Of all stores, in their order. */
  public static SequencedMap<Descriptor, Json> of(Identities identities) {
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
    contents.put(Descriptors.LAUNCH_STATE, launchState(identities).json());
    contents.put(Descriptors.SESSION_INDEX, sessions(identities).json());
    contents.put(Descriptors.LAUNCH_TRANSACTION, launch(identities).json());
    contents.put(Descriptors.TASK_LEDGER, new TaskLedger(JOURNAL_END, List.of(
        new TaskLedger.Task("task-1", 1, identities.runId(), TaskLedger.Status.PENDING))).json());
    var providers = new TreeMap<String, Json>();
    providers.put("alpha", Json.object("models", List.of("m")));
    contents.put(Descriptors.PROVIDER_TABLE, new SoftTable(JOURNAL_END, providers).json());
    contents.put(Descriptors.ENGINE_TABLE, new EngineTable(JOURNAL_END, List.of(
        new EngineTable.Engine("engine-1", 4711L, "then", identities.runId(), EngineTable.Status.READY),
        new EngineTable.Engine("engine-2", null, null, "epoch-1", EngineTable.Status.STOPPED))).json());
    contents.put(Descriptors.CAPABILITY_SNAPSHOT, CAPABILITIES.json());
    contents.put(Descriptors.REVISION, new Revision(RUNTIME, identities.runId(), 1, 20, JOURNAL_END).json());
    contents.put(Descriptors.ARTIFACT_INDEX, new ArtifactIndex(JOURNAL_END, List.of(
        new ArtifactIndex.Artifact(HASH, 0, NOW))).json());
    contents.put(Descriptors.JOURNAL_INDEX, new JournalIndex(8, new JournalIndex.Base(4, HASH), List.of(
        new JournalIndex.Segment(5, 6, HASH), new JournalIndex.Segment(7, 8, HASH))).json());
    contents.put(Descriptors.DIAGNOSTICS, SoftTable.EMPTY.json());
    return contents;
  }
}
