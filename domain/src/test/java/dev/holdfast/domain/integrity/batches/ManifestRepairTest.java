package dev.holdfast.domain.integrity.batches;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ManifestRepairTest {
  private static final StoreBatchId NO_BATCH = new StoreBatchId("hf-batch-ffffffffffffffff");

  private MapFolder folder = new MapFolder();

  @BeforeEach
  void twoBatches() {
    folder = new MapFolder();
    folder.batch(1, BatchRulesTest.contents(1));
    SequencedMap<Descriptor, Json> one = new LinkedHashMap<>();
    one.put(Descriptors.SESSION_INDEX, Json.object("generation", 2));
    folder.batch(2, one);
  }

  private Manifest rebuilt() {
    return ManifestRepair.rebuilt(folder.receipts(), folder.found(NO_BATCH).targets(), staged(),
        MapFolder.DATA_DIR, MapFolder.NOW);
  }

  private List<StagedName> staged() {
    return folder.files().keySet().stream().map(name -> StagedName.parse(name.replace("stores/", "")))
        .flatMap(Optional::stream).toList();
  }

  @Test
  @DisplayName("§9 a lost manifest comes out of the receipts as it was")
  void asItWas() {
    assertEquals(folder.manifest(), rebuilt());
  }

  @Test
  @DisplayName("§9 a file that no receipt has the hash of gets no entry")
  void changedFile() {
    folder.put(Descriptors.SESSION_INDEX, Json.object("generation", 9));
    assertEquals(List.of("holdfast.launch_state"), rebuilt().entries().stream().map(Entry::schemaName).toList());
    assertEquals(2, rebuilt().highWatermark());
  }

  @Test
  @DisplayName("§9 a batch that was committed and not applied is so again, and resolves as ever")
  void notApplied() {
    assertThrows(MapFolder.Stopped.class, () -> folder.stopAfter(6).batch(3, BatchRulesTest.contents(3)));
    folder.stopAfter(Integer.MAX_VALUE);
    Manifest rebuilt = rebuilt();
    assertEquals(2, rebuilt.highWatermark());
    assertEquals(1, folder.receipts().unresolved(rebuilt).size());
  }

  @Test
  @DisplayName("§9 without a batch there is nothing to go on from")
  void nothing() {
    Manifest rebuilt = ManifestRepair.rebuilt(Receipts.NONE, folder.found(NO_BATCH).targets(), List.of(),
        MapFolder.DATA_DIR, MapFolder.NOW);
    assertEquals(0, rebuilt.highWatermark());
    assertEquals(List.of(), rebuilt.entries());
  }

  @Test
  @DisplayName("§9 receipts begin anew only where every entry is healthy and nothing is staged")
  void receipts() {
    assertTrue(ManifestRepair.mayBeginAnew(List.of(StoreState.HEALTHY, StoreState.HEALTHY), List.of()));
    assertFalse(ManifestRepair.mayBeginAnew(List.of(StoreState.HEALTHY, StoreState.HASH_MISMATCH), List.of()));
    assertFalse(ManifestRepair.mayBeginAnew(List.of(StoreState.HEALTHY),
        List.of(new StagedName("revision.json", NO_BATCH))));
  }
}
