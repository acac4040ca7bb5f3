package dev.holdfast.fs.integrity.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchState;
import dev.holdfast.domain.integrity.batches.Entry;
import dev.holdfast.domain.integrity.batches.Manifest;
import dev.holdfast.domain.integrity.batches.Receipt;
import dev.holdfast.domain.integrity.batches.Receipts;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Reading;
import dev.holdfast.domain.integrity.stores.StoreState;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BatchWriterTest {
  private static final byte[] BROKEN = "{bad".getBytes(StandardCharsets.UTF_8);

  private static SequencedMap<Descriptor, Json> two() {
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
    contents.put(Descriptors.LAUNCH_STATE, HealthyContents.launchState(HealthyContents.identities(1)).json());
    contents.put(Descriptors.SESSION_INDEX, HealthyContents.sessions(HealthyContents.identities(1)).json());
    return contents;
  }

  @Test
  @DisplayName("I-A1 a batch of launch_state and session_index: committed, two receipts in order, manifest identities, "
      + "high_watermark 1, entries healthy with receipt ids, preparing cleared; the manifest changes only after the files "
      + "are durable")
  void batch() throws IOException {
    var disk = SimulatedDisk.empty();
    Stores stores = Stores.on(disk);
    List<Long> watermarks = new ArrayList<>();
    var chance = new SplittableRandom(1);
    disk.before(() -> watermarks.add(watermarkOfDurable(stores, disk.afterPowerCut(chance))));

    Batch batch = stores.write(1, two()).orThrow();
    disk.before(() -> {});

    assertInstanceOf(BatchState.Committed.class, batch.state());
    assertEquals(List.of(batch), stores.folder().receipts().batches());
    assertEquals(List.of("holdfast.launch_state", "holdfast.session_index"),
        batch.receipts().stream().map(receipt -> receipt.file().schemaName()).toList());
    Manifest manifest = stores.folder().manifest();
    assertEquals(HealthyContents.identities(1), manifest.active());
    assertEquals(1, manifest.highWatermark());
    assertEquals(batch.id(), manifest.lastCommitted());
    assertNull(manifest.lastPreparing());
    assertEquals(batch.receipts().stream().map(Receipt::id).toList(),
        manifest.entries().stream().map(Entry::lastWrite).toList());
    assertTrue(manifest.entries().stream().allMatch(entry -> entry.state() == StoreState.HEALTHY));
    assertEquals(List.of("launch-state.json", "session-index.json"), stores.folder().stores().list());
    assertTrue(watermarks.contains(0L) && watermarks.size() > 20, watermarks.toString());
    disk.cutAfter(Long.MAX_VALUE);
    for (int outcome = 0; outcome < 50; outcome++) {
      assertEquals(1, watermarkOfDurable(stores, disk.afterPowerCut(chance)));
    }
  }

  /** The manifest's, where power is lost here; what it tells of is durable then. */
  private static long watermarkOfDurable(Stores stores, SimulatedDisk found) {
    try {
      Stores next = stores.next(found);
      Manifest manifest = next.folder().manifest();
      for (Entry entry : manifest.entries()) {
        assertEquals(entry.file().contentHash(),
            next.folder().targets().get(entry.file().relativePath()), "the manifest tells of what isn't durable");
      }
      return manifest.highWatermark();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("I-A12 the quarantine's copy equals the original; read 100 times, one copy; the original in place")
  void quarantine() throws IOException {
    Stores stores = Stores.healthy();
    stores.put(Descriptors.PROVIDER_TABLE, BROKEN);

    BatchWriter.Found first = stores.writer().read(Descriptors.PROVIDER_TABLE);
    for (int again = 1; again < 100; again++) {
      assertEquals(first, stores.writer().read(Descriptors.PROVIDER_TABLE));
    }

    assertEquals(ContentHash.of(BROKEN).evidenceName("providers.json", Reason.QUARANTINED), first.copy());
    assertEquals(List.of(String.valueOf(first.copy())), stores.folder().quarantine().folder().list());
    assertArrayEquals(BROKEN, stores.evidence(String.valueOf(first.copy())));
    assertArrayEquals(BROKEN, stores.file(Descriptors.PROVIDER_TABLE));
  }

  @Test
  @DisplayName("a copy in quarantine that was changed is kept as well")
  void changedEvidence() throws IOException {
    Stores stores = Stores.healthy();
    Quarantine quarantine = stores.folder().quarantine();
    String first = quarantine.keep("providers.json", Reason.QUARANTINED, BROKEN);
    WholeFiles.replace(quarantine.folder(), first, new byte[] {1});

    String second = quarantine.keep("providers.json", Reason.QUARANTINED, BROKEN);

    assertEquals(first + ".2", second);
    assertArrayEquals(BROKEN, stores.evidence(second));
    assertArrayEquals(new byte[] {1}, stores.evidence(first));
  }

  @Test
  @DisplayName("I-A13 an unchanged update writes nothing and keeps updated_at; an update on future_schema is refused")
  void update() throws IOException {
    var disk = SimulatedDisk.empty();
    Stores stores = Stores.on(disk);
    stores.write(1, HealthyContents.of(HealthyContents.identities(1))).orThrow();
    byte[] before = stores.file(Descriptors.TASK_LEDGER);
    disk.cutAfter(0);

    var unchanged = stores.writer().update(stores.draft(1), Descriptors.TASK_LEDGER, data -> data);

    disk.cutAfter(Long.MAX_VALUE);
    assertEquals("2026-01-01T00:00:00.000Z",
        assertInstanceOf(BatchWriter.Updated.Unchanged.class, unchanged).envelope().updatedAt());
    assertArrayEquals(before, stores.file(Descriptors.TASK_LEDGER));

    byte[] future = new Envelope(99, "then", Json.EMPTY_OBJECT).bytes();
    stores.put(Descriptors.TASK_LEDGER, future);
    var refused = stores.writer().update(stores.draft(1), Descriptors.TASK_LEDGER, _ -> Json.EMPTY_OBJECT);

    assertEquals(new BatchWriter.Updated.Refused(Reason.FUTURE_SCHEMA,
        ContentHash.of(future).evidenceName("task-ledger.json", Reason.FUTURE_SCHEMA)), refused);
    assertArrayEquals(future, stores.file(Descriptors.TASK_LEDGER));
  }

  @Test
  @DisplayName("an update that changes something is a batch; one that breaks the store's rules is refused")
  void changedUpdate() throws IOException {
    Stores stores = Stores.healthy();

    var written = stores.writer().update(stores.draft(1), Descriptors.SESSION_INDEX,
        _ -> Json.object("covered_frame", 3, "sessions", List.of()));
    var refused = stores.writer().update(stores.draft(1), Descriptors.SESSION_INDEX, _ -> Json.object("more", 1));

    assertEquals(2, assertInstanceOf(BatchWriter.Updated.Written.class, written).batch().sequence());
    assertEquals(new BatchWriter.Updated.Refused(Reason.INVALID_DATA, null), refused);
    assertTrue(stores.plan().manifestHealthy());
  }

  @Test
  @DisplayName("a store whose content stays keeps its updated_at through a batch, and gets the batch's identities")
  void restamped() throws IOException {
    Stores stores = Stores.healthy();
    byte[] before = stores.file(Descriptors.ENGINE_TABLE);
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>(Stores.second());
    contents.put(Descriptors.ENGINE_TABLE,
        HealthyContents.of(HealthyContents.identities(1)).get(Descriptors.ENGINE_TABLE));

    stores.write(2, contents).orThrow();

    assertArrayEquals(before, stores.file(Descriptors.ENGINE_TABLE));
    assertEquals("epoch-2", stores.folder().manifest().entry("holdfast.engine_table").orElseThrow().file().identities()
        .runId());
  }

  @Test
  @DisplayName("what no batch wrote is in quarantine before a batch replaces it; a later version's file isn't replaced")
  void evidence() throws IOException {
    Stores stores = Stores.healthy();
    stores.put(Descriptors.SESSION_INDEX, BROKEN);
    stores.write(2, Stores.second()).orThrow();
    assertEquals(List.of(ContentHash.of(BROKEN).evidenceName("session-index.json", Reason.QUARANTINED)),
        stores.folder().quarantine().folder().list());

    byte[] future = new Envelope(99, "then", Json.EMPTY_OBJECT).bytes();
    stores.put(Descriptors.SESSION_INDEX, future);
    assertEquals(Outcome.refused(Reason.FUTURE_SCHEMA, "schema_name", "holdfast.session_index"),
        stores.write(2, Stores.second()));
    assertArrayEquals(future, stores.file(Descriptors.SESSION_INDEX));
  }

  @Test
  @DisplayName("of settled batches the last 64 are kept")
  void kept() throws IOException {
    Stores stores = Stores.empty();
    for (int batch = 0; batch < Receipts.KEPT + 6; batch++) {
      stores.write(1, two()).orThrow();
    }

    // The one that began last was not settled when the others were counted.
    assertEquals(Receipts.KEPT + 1, stores.folder().receipts().batches().size());
    assertEquals(Receipts.KEPT + 6, stores.folder().manifest().highWatermark());
    assertInstanceOf(Reading.Valid.class, stores.writer().read(Descriptors.LAUNCH_STATE).reading());
  }
}
