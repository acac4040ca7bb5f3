package dev.holdfast.domain.integrity.batches;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The changes of a batch of two stores: receipts, manifest, two staged, receipts, two renames, manifest. */
class ResolutionTest {
  private static final String LAUNCH = Descriptors.LAUNCH_STATE.relativePath();
  private static final String SESSIONS = Descriptors.SESSION_INDEX.relativePath();
  private static final int CHANGES = 8;

  private MapFolder folder = new MapFolder();

  @BeforeEach
  void first() {
    folder = new MapFolder();
    folder.batch(1, BatchRulesTest.contents(1));
  }

  /** The batch that was stopped after so many changes. */
  private Batch stopped(int changes) {
    assertThrows(MapFolder.Stopped.class, () -> folder.stopAfter(changes).batch(2, BatchRulesTest.contents(2)));
    folder.stopAfter(Integer.MAX_VALUE);
    return folder.receipts().unresolved(folder.manifest()).getFirst();
  }

  @Test
  @DisplayName("I-31 before the receipts are durable: abandoned, nothing but staged files is moved")
  void abandonedLossless() {
    Batch batch = stopped(3);
    assertEquals(new Resolution.Abandon(List.of(LAUNCH), List.of()), folder.resolution(batch));
  }

  @Test
  @DisplayName("I-31 once they are durable: forward, each file from wherever it is")
  void forward() {
    Batch batch = stopped(6);
    assertEquals(new Resolution.Forward(List.of(SESSIONS), List.of()), folder.resolution(batch));
  }

  @Test
  @DisplayName("I-31 forward leaves a staged file that no receipt tells of to quarantine")
  void leftover() {
    Batch batch = stopped(5);
    folder.put(MapFolder.stagedPath(batch.id(), Descriptors.REVISION), new byte[] {1});
    assertEquals(new Resolution.Forward(List.of(LAUNCH, SESSIONS), List.of("stores/revision.json")),
        folder.resolution(batch));
  }

  @Test
  @DisplayName("I-31 a file that is neither in its place nor staged: abandoned, with the targets that aren't what the manifest tells")
  void abandonedWithTargets() {
    Batch batch = stopped(6);
    folder.remove(MapFolder.stagedPath(batch.id(), Descriptors.SESSION_INDEX));
    assertEquals(new Resolution.Abandon(List.of(), List.of(LAUNCH)), folder.resolution(batch));
    folder.resolve();
    assertEquals(1, folder.manifest().highWatermark());
    assertEquals(List.of(), folder.receipts().unresolved(folder.manifest()));
    assertTrue(folder.files().keySet().stream().anyMatch(name -> name.startsWith("quarantine/launch-state.json.")));
  }

  @Test
  @DisplayName("a target that was changed by others is evidence, too; one that the batch doesn't name stays")
  void changedByOthers() {
    Batch batch = stopped(5);
    folder.put(LAUNCH, "foreign".getBytes(StandardCharsets.UTF_8));
    folder.put("stores/revision.json", "foreign".getBytes(StandardCharsets.UTF_8));
    folder.remove(MapFolder.stagedPath(batch.id(), Descriptors.LAUNCH_STATE));
    assertEquals(new Resolution.Abandon(List.of(SESSIONS), List.of(LAUNCH)), folder.resolution(batch));
  }

  @Test
  @DisplayName("I-A17 rolled forward twice changes nothing, and the watermark grows once")
  void twice() {
    Batch batch = stopped(5);
    folder.resolve();
    assertEquals(2, folder.manifest().highWatermark());
    Map<String, byte[]> once = Map.copyOf(folder.files());
    folder.resolve();
    assertEquals(once, folder.files());
    Batch forward = folder.receipts().find(batch.id()).orElseThrow();
    var standing = new Standing(forward, folder.manifest());
    assertEquals(new Resolution.Settled(), folder.resolution(forward));
    assertEquals(new Outcome.Replayed<>(standing), BatchRules.on(standing,
        new BatchEvent.RolledForward(folder.found(batch.id()), MapFolder.NOW)));
  }

  @Test
  @DisplayName("I-33 a batch that failed behind its manifest goes forward without raising the watermark again")
  void failedLate() {
    Batch batch = stopped(CHANGES - 1);
    var committed = new Standing(batch, folder.manifest());
    Standing failed = BatchRules.on(committed, new BatchEvent.ApplyingFailed("late")).orThrow();
    Manifest written = BatchRules.on(committed, new BatchEvent.Applied(MapFolder.NOW)).orThrow().manifest();
    Standing after = BatchRules.on(new Standing(failed.batch(), written),
        new BatchEvent.RolledForward(folder.found(batch.id()), MapFolder.NOW)).orThrow();
    assertEquals("rolled_forward", after.batch().state().text());
    assertEquals(written, after.manifest());
  }

  @Test
  @DisplayName("I-9 stopped at any change, and again at any change of the recovery: the old files or the new ones, never both")
  void stoppedAnywhere() {
    stopAnywhere(folder);
  }

  @ParameterizedTest
  @DisplayName("a writer that makes its changes in a wrong order is caught by this")
  @EnumSource(value = MapFolder.Order.class, mode = EnumSource.Mode.EXCLUDE, names = "RIGHT")
  void mutants(MapFolder.Order wrong) {
    MapFolder mutant = new MapFolder(wrong);
    mutant.batch(1, BatchRulesTest.contents(1));
    assertThrows(AssertionError.class, () -> stopAnywhere(mutant));
  }

  private static void stopAnywhere(MapFolder folder) {
    for (int stop = 0; stop <= CHANGES; stop++) {
      MapFolder begun = folder.copy().stopAfter(stop);
      try {
        begun.batch(2, BatchRulesTest.contents(2));
      } catch (MapFolder.Stopped e) {
        begun.stopAfter(Integer.MAX_VALUE);
      }
      for (int again = 0; again < CHANGES; again++) {
        MapFolder resolved = begun.copy().stopAfter(again);
        try {
          resolved.resolve();
        } catch (MapFolder.Stopped e) {
          resolved.stopAfter(Integer.MAX_VALUE).resolve();
        }
        assertWhole(resolved, "stopped after " + stop + " and " + again);
      }
    }
  }

  private static void assertWhole(MapFolder folder, String where) {
    Manifest manifest = folder.manifest();
    assertEquals(List.of(), folder.receipts().unresolved(manifest), where);
    assertTrue(manifest.highWatermark() == 1 || manifest.highWatermark() == 2, where);
    Json wanted = Json.object("generation", manifest.highWatermark());
    for (Entry entry : manifest.entries()) {
      byte[] file = Objects.requireNonNull(folder.file(entry.file().relativePath()), where);
      assertEquals(entry.file().contentHash(), ContentHash.of(file), where);
      assertEquals(wanted, Json.of(Json.parse(new String(file, StandardCharsets.UTF_8)).members().get("data")), where);
    }
    assertEquals(List.of(),
        folder.files().keySet().stream().filter(name -> name.startsWith("stores/") && name.endsWith(".staged"))
            .toList(),
        where);
    assertInstanceOf(Receipts.class, BatchRules.begin(folder.receipts(), manifest, folder.draft(3)).orThrow(), where);
  }
}
