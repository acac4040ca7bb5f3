package dev.holdfast.domain.integrity.stores;

import static dev.holdfast.domain.integrity.stores.Criticality.DIAGNOSTIC_ONLY;
import static dev.holdfast.domain.integrity.stores.Criticality.READINESS_BLOCKING;
import static dev.holdfast.domain.integrity.stores.Criticality.REBUILDABLE_FROM_CANONICAL_DESTINATION;
import static dev.holdfast.domain.integrity.stores.Criticality.REBUILDABLE_FROM_PROVIDER;

import java.util.List;
import java.util.Optional;

/** The closed list of stores, in the order in which they are inspected and acted on. */
public final class Descriptors {
  public static final Descriptor LAUNCH_STATE = of("launch_state", "launch-state", READINESS_BLOCKING,
      StoreOwner.LAUNCH, RebuildStrategy.NONE);
  public static final Descriptor SESSION_INDEX = of("session_index", "session-index",
      REBUILDABLE_FROM_CANONICAL_DESTINATION, StoreOwner.TURNS, RebuildStrategy.VERIFY_CANONICAL_DESTINATIONS);
  public static final Descriptor LAUNCH_TRANSACTION = of("launch_transaction", "launch-transaction",
      READINESS_BLOCKING, StoreOwner.LAUNCH, RebuildStrategy.NONE);
  public static final Descriptor TASK_LEDGER = of("task_ledger", "task-ledger",
      REBUILDABLE_FROM_CANONICAL_DESTINATION, StoreOwner.RELAY, RebuildStrategy.VERIFY_CANONICAL_DESTINATIONS);
  public static final Descriptor PROVIDER_TABLE = of("provider_table", "providers", REBUILDABLE_FROM_PROVIDER,
      StoreOwner.RELAY, RebuildStrategy.POLL_PROVIDER);
  public static final Descriptor ENGINE_TABLE = of("engine_table", "engines", REBUILDABLE_FROM_PROVIDER,
      StoreOwner.SUPERVISION, RebuildStrategy.POLL_PROVIDER);
  public static final Descriptor CAPABILITY_SNAPSHOT = of("capability_snapshot", "capabilities", READINESS_BLOCKING,
      StoreOwner.CAPABILITY, RebuildStrategy.RERUN_CAPABILITY_DISCOVERY);
  public static final Descriptor REVISION = of("revision", "revision", READINESS_BLOCKING, StoreOwner.LAUNCH,
      RebuildStrategy.REBUILD_FROM_LAUNCH_STATE);
  public static final Descriptor ARTIFACT_INDEX = of("artifact_index", "artifacts",
      REBUILDABLE_FROM_CANONICAL_DESTINATION, StoreOwner.SUPERVISION, RebuildStrategy.VERIFY_CANONICAL_DESTINATIONS);
  public static final Descriptor JOURNAL_INDEX = of("journal_index", "journal-index",
      REBUILDABLE_FROM_CANONICAL_DESTINATION, StoreOwner.INTEGRITY, RebuildStrategy.VERIFY_CANONICAL_DESTINATIONS);
  public static final Descriptor DIAGNOSTICS = of("diagnostics", "diagnostics", DIAGNOSTIC_ONLY,
      StoreOwner.DIAGNOSTICS, RebuildStrategy.DROP_AFTER_QUARANTINE);

  public static final List<Descriptor> ALL = List.of(LAUNCH_STATE, SESSION_INDEX, LAUNCH_TRANSACTION, TASK_LEDGER,
      PROVIDER_TABLE, ENGINE_TABLE, CAPABILITY_SNAPSHOT, REVISION, ARTIFACT_INDEX, JOURNAL_INDEX, DIAGNOSTICS);

  private Descriptors() {}

  private static Descriptor of(
      String name, String file, Criticality criticality, StoreOwner owner, RebuildStrategy strategy) {
    return new Descriptor("holdfast." + name, 1, "stores/" + file + ".json", criticality, owner, strategy);
  }

  public static Optional<Descriptor> find(String schemaName) {
    return ALL.stream().filter(descriptor -> descriptor.schemaName().equals(schemaName)).findFirst();
  }
}
