package dev.holdfast.sqlite.integrity.stores;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Evidence;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.sqlite.integrity.database.Soundness;
import dev.holdfast.sqlite.integrity.database.Transactions;
import java.time.Instant;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The stores as rows of the database. Each write is one transaction, so that no batch is ever left unresolved (spec I-98). */
public final class TableStores implements StoreFiles {
  private final Supplier<Transactions> database;
  private final StoreWrites writes;
  private final TableRecovery recovery;
  private @Nullable DatabaseFaults faults;

  /**
   * The directory that the database belongs to.
   *
   * @param dataDirId of store.json
   * @param epoch of the present start
   * @param quarantine where evidence goes
   */
  public record Place(String dataDirId, long epoch, Evidence quarantine) {}

  /** @param database is asked for at the first use, so that others may open it */
  public TableStores(Supplier<Transactions> database, Place place, Rebuilding sources, Ids ids) {
    this.database = database;
    this.writes = new StoreWrites(place, ids);
    this.recovery = new TableRecovery(database, writes, place, sources, ids);
  }

  /** The file itself is looked at once, for its pages don't change by themselves. */
  @Override
  public synchronized Survey survey() {
    faults = quick();
    return faults.over(database.get().read(StoreTables::survey));
  }

  @Override
  public long highWatermark() {
    return database.get().read(sql -> StoreTables.meta(sql).orElse(StoreMeta.NONE).highWatermark());
  }

  /** With an operator's word the indexes are looked at as well, which takes longer than a start may. */
  @Override
  public synchronized Recovered recover(Consents consents, @Nullable Identities present, Instant now) {
    DatabaseFaults found = consents.apply() ? thorough() : quick();
    List<StepTaken> steps = recovery.recover(new TableRecovery.Asked(consents, present, now, found));
    faults = consents.apply() ? thorough() : found;
    return new Recovered(steps, recovery.planned(now, faults));
  }

  private DatabaseFaults quick() {
    return faults == null ? database.get().read(sql -> DatabaseFaults.of(Soundness.quick(sql))) : faults;
  }

  private DatabaseFaults thorough() {
    return database.get().read(sql -> DatabaseFaults.of(Soundness.full(sql)));
  }

  @Override
  public Outcome<Batch> write(
      BatchReason reason, Identities identities, SequencedMap<Descriptor, Json> contents, Instant now) {
    return database.get().write(sql -> writes.write(sql, new StoreWrites.Draft(reason, identities, now), contents));
  }
}
