package dev.holdfast.domain.integrity.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.holdfast.domain.integrity.batches.Entry;
import dev.holdfast.domain.integrity.batches.Manifest;
import dev.holdfast.domain.integrity.batches.MapFolder;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file of a folder with a byte that is another, and cut short; of manifest and receipts not at every byte, for time's sake. */
class DamagedFilesTest {
  private static final int STEP = Integer.getInteger("holdfast.damage.step", 11);
  private static final Identities PRESENT = HealthyContents.identities(3);

  private MapFolder folder = new MapFolder();

  @BeforeEach
  void healthy() {
    folder = new MapFolder();
    folder.batch(PRESENT, HealthyContents.of(PRESENT));
    folder.batch(PRESENT, HealthyContents.of(PRESENT));
  }

  private boolean looksHealthy() {
    return Planner.plan(folder.survey(),
        new Planner.Asked(new PlanId("hf-plan-00000000000000c1"), MapFolder.DATA_DIR, null,
            MapFolder.NOW)) instanceof Planning.Planned(Plan plan)
        && plan.manifestHealthy();
  }

  /** The file with one bit of one byte turned, and then without its end. */
  private static Stream<byte[]> damages(byte[] file, int step) {
    return Stream.iterate(0, i -> i < file.length, i -> i + step).flatMap(i -> {
      byte[] flipped = file.clone();
      flipped[i] ^= (byte) (1 << (i % 7));
      return Stream.of(flipped, Arrays.copyOf(file, i));
    });
  }

  static Stream<Descriptor> stores() {
    return Descriptors.ALL.stream();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("no damage of a store's file looks healthy")
  @MethodSource("stores")
  void store(Descriptor store) {
    byte[] file = Objects.requireNonNull(folder.file(store.relativePath()));
    ContentHash recorded = folder.manifest().entry(store.schemaName()).orElseThrow().file().contentHash();
    assertEquals(StoreState.HEALTHY, Inspected.of(Schemas.of(store), recorded, file).state());
    damages(file, 1).forEach(damaged -> assertNotEquals(StoreState.HEALTHY,
        Inspected.of(Schemas.of(store), recorded, damaged).state()));
  }

  @Test
  @DisplayName("damage of the manifest is seen, or is of what nothing depends on")
  void manifest() {
    List<Object> meaning = meaning(folder.manifest());
    byte[] file = Objects.requireNonNull(folder.file("manifest.json"));
    long unseen = damages(file, STEP).filter(damaged -> {
      folder.put("manifest.json", damaged);
      boolean healthy = looksHealthy();
      if (healthy) {
        assertEquals(meaning, meaning(folder.manifest()));
      }
      return healthy;
    }).count();
    assertNotEquals(0, unseen);
  }

  /** What decides anything. */
  private static List<Object> meaning(Manifest manifest) {
    return List.of(Objects.requireNonNull(manifest.dataDirId()), Objects.requireNonNull(manifest.active()),
        manifest.highWatermark(), Objects.requireNonNull(manifest.lastCommitted()),
        manifest.entries().stream().map(DamagedFilesTest::meaning).toList());
  }

  private static List<Object> meaning(Entry entry) {
    boolean held = !entry.schemaName().equals(Descriptors.DIAGNOSTICS.schemaName());
    return List.of(entry.schemaName(), entry.file().contentHash(), held ? entry.file().identities() : "any");
  }

  @Test
  @DisplayName("damage of the receipts is seen, or leaves every batch settled and the manifest's last one among them")
  void receipts() {
    Manifest manifest = folder.manifest();
    byte[] file = Objects.requireNonNull(folder.file("receipts.json"));
    damages(file, STEP).forEach(damaged -> {
      folder.put("receipts.json", damaged);
      if (looksHealthy()) {
        assertEquals(List.of(), folder.receipts().unresolved(manifest));
        assertEquals(manifest.highWatermark(),
            folder.receipts().find(Objects.requireNonNull(manifest.lastCommitted())).orElseThrow().sequence());
      }
    });
  }
}
