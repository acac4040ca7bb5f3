package dev.holdfast.domain.integrity.batches;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BatchRulesTest {
  private MapFolder folder = new MapFolder();

  @BeforeEach
  void empty() {
    folder = new MapFolder();
  }

  static SequencedMap<Descriptor, Json> contents(int generation) {
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
    contents.put(Descriptors.LAUNCH_STATE, Json.object("generation", generation));
    contents.put(Descriptors.SESSION_INDEX, Json.object("generation", generation));
    return contents;
  }

  /** One that is preparing. */
  private void begun() {
    assertThrows(MapFolder.Stopped.class, () -> folder.stopAfter(3).batch(1, contents(1)));
    folder.stopAfter(Integer.MAX_VALUE);
  }

  @Test
  @DisplayName("§6 a batch of two stores: committed, two receipts in order, the manifest's identities, watermark and entries")
  void whole() {
    StoreBatchId id = folder.batch(7, contents(1));
    Batch batch = folder.receipts().find(id).orElseThrow();
    assertEquals("committed", batch.state().text());
    assertEquals(List.of("holdfast.launch_state", "holdfast.session_index"),
        batch.receipts().stream().map(receipt -> receipt.file().schemaName()).toList());
    Manifest manifest = folder.manifest();
    assertEquals(MapFolder.identities(7), manifest.active());
    assertEquals(1, manifest.highWatermark());
    assertEquals(id, manifest.lastCommitted());
    assertNull(manifest.lastPreparing());
    assertEquals(batch.receipts().stream().map(Receipt::id).toList(),
        manifest.entries().stream().map(Entry::lastWrite).toList());
    manifest.entries().forEach(entry -> assertEquals(StoreState.HEALTHY, entry.state()));
  }

  @Test
  @DisplayName("I-34 only the stores that a batch writes get its identities")
  void identitiesOfTheWritten() {
    folder.batch(1, contents(1));
    SequencedMap<Descriptor, Json> one = new LinkedHashMap<>();
    one.put(Descriptors.LAUNCH_STATE, Json.object("generation", 2));
    folder.batch(2, one);
    Manifest manifest = folder.manifest();
    assertEquals(MapFolder.identities(2), manifest.entry("holdfast.launch_state").orElseThrow().file().identities());
    assertEquals(MapFolder.identities(1), manifest.entry("holdfast.session_index").orElseThrow().file().identities());
    assertEquals(MapFolder.identities(2), manifest.active());
  }

  @Test
  @DisplayName("§6 step 1: a known id is batch_exists, missing identities are invalid_batch; I-23: an unresolved batch stands before")
  void begin() {
    StoreBatchId known = folder.batch(1, contents(1));
    var again = new BatchDraft(known, MapFolder.DATA_DIR, MapFolder.identities(1), BatchReason.RECOVERY, MapFolder.NOW);
    assertEquals(Reason.BATCH_EXISTS, refusal(BatchRules.begin(folder.receipts(), folder.manifest(), again)));
    var nobody = new BatchDraft(known, MapFolder.DATA_DIR, null, BatchReason.RECOVERY, MapFolder.NOW);
    assertEquals(Reason.INVALID_BATCH, refusal(BatchRules.begin(folder.receipts(), folder.manifest(), nobody)));
    begun();
    assertEquals(Reason.BATCH_UNRESOLVED,
        refusal(BatchRules.begin(folder.receipts(), folder.manifest(), folder.draft(1))));
  }

  private static <T> Reason refusal(Outcome<T> outcome) {
    return assertInstanceOf(Outcome.Refused.class, outcome).reason();
  }

  @Test
  @DisplayName("I-30 a batch is applied once the watermark has come to its sequence, whatever its state says")
  void applied() {
    folder.batch(1, contents(1));
    Batch batch = folder.receipts().batches().getFirst();
    assertEquals(true, new Standing(batch, folder.manifest()).isApplied());
    assertEquals(false, new Standing(batch, Manifest.EMPTY).isApplied());
  }

  @Test
  @DisplayName("I-33 the watermark grows by one with each applied batch, over an abandoned one as well")
  void watermark() {
    folder.batch(1, contents(1));
    begun();
    folder.resolve();
    assertEquals(1, folder.manifest().highWatermark());
    folder.batch(1, contents(2));
    assertEquals(2, folder.manifest().highWatermark());
  }

  @Test
  @DisplayName("I-33 of the settled batches the last 64 are kept, an unresolved one always")
  void kept() {
    for (int i = 1; i <= Receipts.KEPT + 10; i++) {
      folder.batch(1, contents(i));
    }
    Manifest manifest = folder.manifest();
    List<Batch> kept = folder.receipts().trimmed(manifest).batches();
    assertEquals(Receipts.KEPT, kept.size());
    assertEquals(11, kept.getFirst().sequence());

    begun();
    Receipts more = folder.receipts();
    assertEquals(1, more.unresolved(manifest).size());
    Batch first = more.unresolved(manifest).getFirst();
    List<Batch> reordered = new ArrayList<>(more.batches());
    reordered.remove(first);
    reordered.addFirst(first);
    assertEquals(first, new Receipts(reordered).trimmed(manifest).batches().getFirst());
  }

  @Test
  @DisplayName("I-33 the batch that the manifest names last is kept behind any number of abandoned ones")
  void lastKept() {
    StoreBatchId last = folder.batch(1, contents(1));
    for (int i = 0; i < Receipts.KEPT + 2; i++) {
      begun();
      folder.resolve();
    }
    assertTrue(folder.receipts().find(last).isPresent());
    assertEquals(Receipts.KEPT + 1, folder.receipts().batches().size());
  }

  @Test
  @DisplayName("manifest and receipts of two histories contradict each other; receipts that were begun anew don't")
  void contradiction() {
    folder.batch(1, contents(1));
    Manifest older = folder.manifest();
    Receipts ofOlder = folder.receipts();
    folder.batch(1, contents(2));
    Manifest present = folder.manifest();
    assertEquals(Optional.empty(), folder.receipts().contradiction(present));
    assertEquals(Optional.empty(), Receipts.NONE.contradiction(present));
    assertEquals(Optional.of(Reason.RECEIPTS_CORRUPT), ofOlder.contradiction(present));
    assertEquals(Optional.empty(), folder.receipts().contradiction(older));
    folder.batch(1, contents(3));
    assertEquals(Optional.of(Reason.MANIFEST_CORRUPT), folder.receipts().contradiction(older));
    assertEquals(Optional.of(Reason.MANIFEST_CORRUPT), folder.receipts().contradiction(Manifest.EMPTY));
    Batch first = folder.receipts().batches().getFirst();
    var later = new Batch(first.id(), 9, first.dataDirId(), first.identities(), first.reason(), first.startedAt(),
        first.state());
    assertEquals(Optional.of(Reason.RECEIPTS_CORRUPT), folder.receipts().with(later).contradiction(folder.manifest()));
    var raised =
        new Manifest(present.dataDirId(), present.active(), 3, present.lastCommitted(), null, present.entries(),
            null, null);
    assertEquals(Optional.of(Reason.MANIFEST_CORRUPT), folder.receipts().contradiction(raised));
  }

  @Test
  @DisplayName("receipts and manifest read as they were written, in every state of a batch")
  void readBack() {
    folder.batch(1, contents(1));
    Batch committed = folder.receipts().batches().getFirst();
    var durable = Objects.requireNonNull(committed.state().durable());
    List<BatchState> states = List.of(new BatchState.Preparing(), new BatchState.Committed(durable),
        new BatchState.Failed("why", null), new BatchState.Failed("why", durable),
        new BatchState.RolledForward(durable, null), new BatchState.RolledForward(durable, "why"),
        new BatchState.Abandoned(null, null), new BatchState.Abandoned(durable, "why"));
    for (BatchState state : states) {
      Receipts receipts = new Receipts(List.of(committed.in(state)));
      assertEquals(receipts, Receipts.read(JsonMembers.of(receipts.json())));
    }
    Manifest manifest = folder.manifest();
    assertEquals(manifest, Manifest.read(JsonMembers.of(manifest.json())));
    assertEquals(Manifest.EMPTY, Manifest.read(JsonMembers.of(Manifest.EMPTY.json())));
  }

  @Test
  @DisplayName("I-A11 duplicate entry, duplicate batch id, negative watermark, null identity: made or read, each is refused")
  void refused() {
    folder.batch(1, contents(1));
    Manifest manifest = folder.manifest();
    Entry entry = manifest.entries().getFirst();
    assertThrows(IllegalArgumentException.class,
        () -> new Manifest(MapFolder.DATA_DIR, manifest.active(), 1, null, null,
            List.of(entry, entry), null, null));
    String entries = manifest.json().text();
    refusedManifest(entries.replaceFirst("\"entries\":\\[", "\"entries\":[" + quoted(entry.json().text()) + ","));
    refusedManifest(entries.replace("\"high_watermark\":1", "\"high_watermark\":-1"));
    refusedManifest(entries.replace("\"active_run_id\":\"epoch-1\"", "\"active_run_id\":null"));
    refusedManifest(entries.replaceFirst("\"run_id\":\"epoch-1\"", "\"run_id\":null"));

    Batch batch = folder.receipts().batches().getFirst();
    assertThrows(IllegalArgumentException.class, () -> new Receipts(List.of(batch, batch)));
    String one = batch.json().text();
    refusedReceipts("{\"batches\":[" + one + "," + one + "]}");
    for (String identity : List.of("run_id", "capability_snapshot_id", "behavior_fingerprint")) {
      refusedReceipts(
          "{\"batches\":[" + one.replaceFirst("\"" + identity + "\":\"[^\"]*\"", "\"" + identity + "\":null")
              + "]}");
    }
    var nobody = new BatchDraft(new StoreBatchId("hf-batch-ffffffffffffffff"), MapFolder.DATA_DIR, null,
        BatchReason.RECOVERY, MapFolder.NOW);
    assertEquals(Reason.INVALID_BATCH, refusal(BatchRules.begin(folder.receipts(), manifest, nobody)));
  }

  private static String quoted(String replacement) {
    return Matcher.quoteReplacement(replacement);
  }

  private static void refusedManifest(String text) {
    assertThrows(JsonMembers.Mismatch.class, () -> Manifest.read(JsonMembers.read(text)));
  }

  private static void refusedReceipts(String text) {
    assertThrows(JsonMembers.Mismatch.class, () -> Receipts.read(JsonMembers.read(text)));
  }

  @Test
  @DisplayName("I-10 an id or a path that could lead elsewhere is none")
  void noPaths() {
    assertThrows(IllegalArgumentException.class, () -> new StoreBatchId("hf-batch-../../../../etc"));
    assertThrows(IllegalArgumentException.class, () -> new WrittenFile("x", 1, "../x.json",
        ContentHash.of(new byte[0]), 0, 0, MapFolder.identities(1)));
    assertTrue(StagedName.parse("launch-state.json.hf-batch-00000000000000b1.staged").isPresent());
    assertTrue(StagedName.parse("passwd.json.hf-batch-00000000000000b1.staged").isEmpty());
    assertTrue(StagedName.parse("launch-state.json.hf-batch-1.staged").isEmpty());
  }
}
