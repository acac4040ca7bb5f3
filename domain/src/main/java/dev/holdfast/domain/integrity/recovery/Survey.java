package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.Entry;
import dev.holdfast.domain.integrity.batches.Manifest;
import dev.holdfast.domain.integrity.batches.Receipts;
import dev.holdfast.domain.integrity.batches.StoreBatchId;
import dev.holdfast.domain.integrity.batches.WrittenFile;
import dev.holdfast.domain.integrity.contents.Contents;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.domain.integrity.stores.Reading;
import dev.holdfast.domain.integrity.stores.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What there was to see of a store, before anybody judges it. */
public sealed interface Survey {
  /** @param reason manifest_corrupt, receipts_corrupt, or future_schema where a later version wrote one of them */
  record Unreadable(Reason reason, String note) implements Survey {}

  /**
   * @param dataDirId of the directory that the manifest is of; null when it tells none
   * @param active identities of the last batch; null before the first
   * @param looks one for each store, in the order of the descriptors
   * @param unresolved batches, oldest first
   */
  record Read(
      @Nullable String dataDirId, @Nullable Identities active, List<Look> looks, List<StoreBatchId> unresolved)
      implements
      Survey {
    public Read {
      looks = List.copyOf(looks);
      unresolved = List.copyOf(unresolved);
    }

    /** What the stores hold, as far as it can be read; what waits for migration can't. */
    public Contents contents() {
      Map<Descriptor, Json> data = new LinkedHashMap<>();
      for (Look look : looks) {
        Envelope envelope = look.inspected().envelope();
        if (envelope != null && envelope.schemaVersion() == look.store().schemaVersion()) {
          data.put(look.store(), envelope.data());
        }
      }
      return Contents.read(data);
    }
  }

  /** @param stamped identities of the batch that wrote it last; null when no batch did */
  record Look(Descriptor store, Inspected inspected, @Nullable Identities stamped) {}

  /**
   * Looks at files that were read before.
   *
   * @param manifest its bytes, null when there is no file
   * @param receipts likewise
   * @param files the stores' bytes by relative path; those without a file are absent
   */
  static Survey of(byte @Nullable [] manifest, byte @Nullable [] receipts, Map<String, byte[]> files) {
    Reading ofManifest = Reading.of(Manifest.SCHEMA, manifest);
    Reading ofReceipts = Reading.of(Receipts.SCHEMA, receipts);
    Unreadable fault = fault(ofManifest, Reason.MANIFEST_CORRUPT);
    if (fault == null) {
      fault = fault(ofReceipts, Reason.RECEIPTS_CORRUPT);
    }
    if (fault != null) {
      return fault;
    }
    Manifest found = Manifest.read(members(ofManifest, Manifest.SCHEMA));
    Receipts batches = Receipts.read(members(ofReceipts, Receipts.SCHEMA));
    Optional<Reason> contradiction = batches.contradiction(found);
    return contradiction.isPresent()
        ? new Unreadable(contradiction.get(), "manifest and receipts are of two histories")
        : read(found, batches, files);
  }

  private static @Nullable Unreadable fault(Reading reading, Reason corrupt) {
    return switch (reading) {
      case Reading.Absent _,Reading.Valid _ -> null;
      case Reading.Broken(_, String note) -> new Unreadable(corrupt, note);
      case Reading.Future(long version) -> new Unreadable(Reason.FUTURE_SCHEMA, "it is of schema version " + version);
    };
  }

  private static JsonMembers members(Reading reading, Schema schema) {
    return JsonMembers.of(reading instanceof Reading.Valid valid ? valid.envelope().data() : schema.initial());
  }

  private static Read read(Manifest manifest, Receipts receipts, Map<String, byte[]> files) {
    List<Look> looks = new ArrayList<>();
    for (Descriptor store : Descriptors.ALL) {
      Optional<WrittenFile> entry = manifest.entry(store.schemaName()).map(Entry::file);
      Inspected inspected = Inspected.of(Schemas.of(store), entry.map(WrittenFile::contentHash).orElse(null),
          files.get(store.relativePath()));
      looks.add(new Look(store, inspected, entry.map(WrittenFile::identities).orElse(null)));
    }
    return new Read(manifest.dataDirId(), manifest.active(), looks,
        receipts.unresolved(manifest).stream().map(Batch::id).toList());
  }
}
