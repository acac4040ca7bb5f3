package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchDraft;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.batches.StoreBatchId;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.rebuild.KnownSources;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Plan;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The stores on a disk of a test, as one process has them. */
record Stores(Disk disk, StoreFolder folder, BatchWriter writer, Recovery recovery, Ids ids, KnownSources sources) {
  static final Instant NOW = HealthyContents.NOW;
  static final Instant LATER = NOW.plusSeconds(60);
  static final String DATA_DIR = "dd-0123456789abcdef";

  /** Numbers that no two processes of the tests give. */
  private static final AtomicLong LAST = new AtomicLong();

  static Stores empty() throws IOException {
    return on(SimulatedDisk.empty());
  }

  /** A healthy store of epoch 1 with all its files. */
  static Stores healthy() throws IOException {
    Stores stores = empty();
    stores.write(1, HealthyContents.of(HealthyContents.identities(1))).orThrow();
    return stores;
  }

  static Stores on(Disk disk) throws IOException {
    return on(disk, digits -> String.format("%0" + digits + "x", LAST.incrementAndGet()));
  }

  private static Stores on(Disk disk, Ids ids) throws IOException {
    StoreFolder folder = StoreFolder.in(disk.folder("fs"), new Quarantine(disk.folder("quarantine")));
    var writer = new BatchWriter(folder, ids);
    var sources = new KnownSources(HealthyContents.of(HealthyContents.identities(1)));
    var recovery = new Recovery(folder, writer, sources.rebuilding(), DATA_DIR, ids);
    return new Stores(disk, folder, writer, recovery, ids, sources);
  }

  /** The next process, on that disk. */
  Stores next(Disk on) throws IOException {
    return on(on, ids);
  }

  BatchDraft draft(long epoch) {
    return new BatchDraft(StoreBatchId.random(ids), DATA_DIR, HealthyContents.identities(epoch),
        BatchReason.LAUNCH_CHECKPOINT, NOW);
  }

  Outcome<Batch> write(long epoch, SequencedMap<Descriptor, Json> contents) {
    return writer.write(draft(epoch), contents);
  }

  /** What a second launch writes: every store is another one then. */
  static SequencedMap<Descriptor, Json> second() {
    Identities second = HealthyContents.identities(2);
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
    contents.put(Descriptors.LAUNCH_STATE, HealthyContents.launchState(second).json());
    contents.put(Descriptors.SESSION_INDEX, HealthyContents.sessions(second).json());
    contents.put(Descriptors.LAUNCH_TRANSACTION, HealthyContents.launch(second).json());
    return contents;
  }

  Recovered recover(Consents consents) {
    return recovery.recover(new Recovery.Asked(consents, HealthyContents.identities(1), LATER));
  }

  Plan plan() {
    return switch (recovery.plan(LATER)) {
      case Planning.Planned(Plan plan) -> plan;
      case Planning.NoPlan damage -> throw new AssertionError(damage.toString());
    };
  }

  void put(Descriptor store, byte[] bytes) throws IOException {
    WholeFiles.replace(folder.stores(), store.fileName(), bytes);
  }

  void remove(Descriptor store) throws IOException {
    folder.stores().delete(store.fileName());
    folder.stores().sync();
  }

  byte[] file(Descriptor store) throws IOException {
    return Objects.requireNonNull(folder.read(store), store.schemaName());
  }

  byte @Nullable [] evidence(String name) throws IOException {
    return WholeFiles.read(folder.quarantine().folder(), name);
  }

  /** All files by folder and name, as texts. */
  TreeMap<String, String> files() throws IOException {
    var files = new TreeMap<String, String>();
    for (String name : folder.top().list()) {
      files.put(name, text(folder.top(), name));
    }
    for (String name : folder.stores().list()) {
      files.put("stores/" + name, text(folder.stores(), name));
    }
    for (String name : folder.quarantine().folder().list()) {
      files.put("quarantine/" + name, text(folder.quarantine().folder(), name));
    }
    return files;
  }

  private static String text(Disk folder, String name) throws IOException {
    return new String(Objects.requireNonNull(WholeFiles.read(folder, name)), StandardCharsets.UTF_8);
  }
}
