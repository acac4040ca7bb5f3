package dev.holdfast.domain.integrity.contents;

import static java.util.Map.entry;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Schema;
import java.util.Map;

/** The rules of each store's content. */
public final class Schemas {
  private static final int VERSION = 1;

  private static final Map<Descriptor, Schema> BY_STORE = Map.ofEntries(
      entry(Descriptors.LAUNCH_STATE, new Schema(VERSION, LaunchState::read, Json.EMPTY_OBJECT)),
      entry(Descriptors.SESSION_INDEX, new Schema(VERSION, SessionIndex::read, SessionIndex.EMPTY.json())),
      entry(Descriptors.LAUNCH_TRANSACTION, new Schema(VERSION, LaunchTransaction::read, Json.EMPTY_OBJECT)),
      entry(Descriptors.TASK_LEDGER, new Schema(VERSION, TaskLedger::read, TaskLedger.EMPTY.json())),
      entry(Descriptors.PROVIDER_TABLE, new Schema(VERSION, SoftTable::read, SoftTable.EMPTY.json())),
      entry(Descriptors.ENGINE_TABLE, new Schema(VERSION, EngineTable::read, EngineTable.EMPTY.json())),
      entry(Descriptors.CAPABILITY_SNAPSHOT, new Schema(VERSION, CapabilitySnapshot::read, Json.EMPTY_OBJECT)),
      entry(Descriptors.REVISION, new Schema(VERSION, Revision::read, Json.EMPTY_OBJECT)),
      entry(Descriptors.ARTIFACT_INDEX, new Schema(VERSION, ArtifactIndex::read, ArtifactIndex.EMPTY.json())),
      entry(Descriptors.JOURNAL_INDEX, new Schema(VERSION, JournalIndex::read, JournalIndex.EMPTY.json())),
      entry(Descriptors.DIAGNOSTICS, new Schema(VERSION, SoftTable::read, SoftTable.EMPTY.json())));

  private Schemas() {}

  /** @throws IllegalArgumentException when the descriptor is none of {@link Descriptors#ALL} */
  public static Schema of(Descriptor store) {
    Schema schema = BY_STORE.get(store);
    if (schema == null) {
      throw new IllegalArgumentException("no store " + store.schemaName());
    }
    return schema;
  }
}
