package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.batches.BatchFiles;
import dev.holdfast.domain.integrity.batches.Manifest;
import dev.holdfast.domain.integrity.batches.Receipts;
import dev.holdfast.domain.integrity.batches.StagedName;
import dev.holdfast.domain.integrity.batches.StoreBatchId;
import dev.holdfast.domain.integrity.contents.JournalIndex;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.Revision;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.rebuild.JournalMarks;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.domain.integrity.stores.Reading;
import dev.holdfast.domain.integrity.stores.Schema;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The manifest, the receipts and the stores' files of one backend.
 *
 * @param top the backend's folder
 * @param stores the folder in it that all descriptors name
 * @param last so that what hasn't changed isn't read through again
 */
public record StoreFolder(Disk top, Disk stores, Quarantine quarantine, LastSurvey last) {
  static final String MANIFEST = "manifest.json";
  static final String RECEIPTS = "receipts.json";
  private static final int VERSION = 1;

  /**
   * Makes the folders that are missing.
   *
   * @param top the backend's folder
   */
  public static StoreFolder in(Disk top, Quarantine quarantine) throws IOException {
    return new StoreFolder(top, top.folder("stores"), quarantine, new LastSurvey());
  }

  /** What launch state and revision tell of the journal, as far as they can be read. */
  public JournalMarks marks() throws IOException {
    long frame = 0;
    long event = 0;
    if (Reading.of(Schemas.of(Descriptors.LAUNCH_STATE),
        read(Descriptors.LAUNCH_STATE)) instanceof Reading.Valid(var launch, boolean outdated) && !outdated) {
      frame = LaunchState.read(JsonMembers.of(launch.data())).journalLow();
    }
    if (Reading.of(Schemas.of(Descriptors.REVISION),
        read(Descriptors.REVISION)) instanceof Reading.Valid(var found, boolean outdated) && !outdated) {
      Revision revision = Revision.read(JsonMembers.of(found.data()));
      frame = Math.max(frame, revision.lastFrame());
      event = revision.lastEventId();
    }
    return new JournalMarks(frame, event);
  }

  /** Reads everything and writes nothing. */
  public Survey survey() throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    for (Descriptor store : Descriptors.ALL) {
      byte[] bytes = read(store);
      if (bytes != null) {
        files.put(store.relativePath(), bytes);
      }
    }
    return last.of(WholeFiles.read(top, MANIFEST), WholeFiles.read(top, RECEIPTS), files);
  }

  /** The journal's sealed segments as a batch has told them; none where that can't be relied on. */
  public JournalIndex journalIndex() {
    Descriptor store = Descriptors.JOURNAL_INDEX;
    try {
      ContentHash recorded = manifest().entry(store.schemaName()).map(entry -> entry.file().contentHash()).orElse(null);
      Inspected found = Inspected.of(Schemas.of(store), recorded, read(store));
      return found instanceof Inspected.Healthy healthy && !healthy.outdated()
          ? JournalIndex.read(JsonMembers.of(healthy.envelope().data()))
          : JournalIndex.EMPTY;
    } catch (IOException | StoreException e) {
      // Whoever looks for damage meets it; here it only means that all segments are hashed again.
      return JournalIndex.EMPTY;
    }
  }

  byte @Nullable [] read(Descriptor store) throws IOException {
    return WholeFiles.read(stores, store.fileName());
  }

  /** @throws StoreException manifest_corrupt or future_schema when it can't be read */
  Manifest manifest() throws IOException {
    return Manifest.read(data(MANIFEST, Manifest.SCHEMA, Reason.MANIFEST_CORRUPT));
  }

  /** @throws StoreException receipts_corrupt or future_schema when they can't be read */
  Receipts receipts() throws IOException {
    return Receipts.read(data(RECEIPTS, Receipts.SCHEMA, Reason.RECEIPTS_CORRUPT));
  }

  private JsonMembers data(String name, Schema schema, Reason corrupt) throws IOException {
    return JsonMembers.of(switch (Reading.of(schema, WholeFiles.read(top, name))) {
      case Reading.Absent() -> schema.initial();
      case Reading.Valid(Envelope envelope, _) -> envelope.data();
      case Reading.Broken(_, String note) -> throw StoreException.unusable(corrupt, name + ": " + note);
      case Reading.Future(long version) -> throw StoreException.unusable(Reason.FUTURE_SCHEMA,
          name + " is of schema version " + version);
    });
  }

  void write(Manifest manifest, Instant now) throws IOException {
    write(MANIFEST, manifest.json(), now);
  }

  void write(Receipts receipts, Instant now) throws IOException {
    write(RECEIPTS, receipts.json(), now);
  }

  private void write(String name, Json data, Instant now) throws IOException {
    WholeFiles.replace(top, name, Envelope.of(VERSION, now, data).bytes());
  }

  /** What there is of a batch. */
  BatchFiles found(StoreBatchId batch) throws IOException {
    Map<String, ContentHash> staged = new HashMap<>();
    for (Descriptor store : Descriptors.ALL) {
      byte[] bytes = WholeFiles.read(stores, staged(batch, store));
      if (bytes != null) {
        staged.put(store.relativePath(), ContentHash.of(bytes));
      }
    }
    return new BatchFiles(targets(), staged);
  }

  /** Hashes of the stores' files that are there, by relative path. */
  Map<String, ContentHash> targets() throws IOException {
    Map<String, ContentHash> targets = new HashMap<>();
    for (Descriptor store : Descriptors.ALL) {
      byte[] bytes = read(store);
      if (bytes != null) {
        targets.put(store.relativePath(), ContentHash.of(bytes));
      }
    }
    return targets;
  }

  /** The staged files of all batches. */
  List<StagedName> staged() throws IOException {
    return stores.list().stream().map(StagedName::parse).flatMap(Optional::stream).toList();
  }

  static String staged(StoreBatchId batch, Descriptor store) {
    return new StagedName(store.fileName(), batch).text();
  }

  static Descriptor store(String relativePath) {
    return Descriptors.ALL.stream().filter(store -> store.relativePath().equals(relativePath)).findFirst()
        .orElseThrow();
  }

  /**
   * Before a store's file is replaced: what is there and isn't what a batch wrote is evidence.
   *
   * @return the name of the copy; null when none was needed
   */
  @Nullable
  String keepEvidence(Inspected found, Descriptor store) throws IOException {
    Optional<Reason> state = found.state().reason();
    byte[] bytes = state.isEmpty() ? null : read(store);
    return bytes == null ? null : quarantine.keep(store.fileName(), state.orElseThrow(), bytes);
  }
}
