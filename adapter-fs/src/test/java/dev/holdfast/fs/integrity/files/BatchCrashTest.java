package dev.holdfast.fs.integrity.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Plan;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.fs.integrity.disk.CarelessDisk;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.HastyDisk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A batch behind another one, whose process dies at each change of the disk, with the disk's power or without. */
class BatchCrashTest {
  private static final int OUTCOMES = 16;
  private static final Map<Descriptor, Json> FIRST = HealthyContents.of(HealthyContents.identities(1));

  private final SplittableRandom chance = new SplittableRandom(7);
  private int states;

  @Test
  @DisplayName("I-A15 (files) kill after every step and every write of the batch protocol: the recovery that a launch makes "
      + "leaves a healthy store without an operator, watermark +0 or +1; crash in recovery as well")
  void crashes() throws IOException {
    int operations = run(disk -> disk);

    assertTrue(operations > 20, "changes of a batch: " + operations);
    assertTrue(states > 1_000, "states: " + states);
  }

  @ParameterizedTest
  @EnumSource(CarelessDisk.Forgets.class)
  @DisplayName("I-A15 (mutants) a writer that forgets to sync is caught")
  void mutants(CarelessDisk.Forgets forgets) {
    assertThrows(AssertionError.class, () -> {
      for (int again = 0; again < 20; again++) {
        run(disk -> new CarelessDisk(disk, forgets));
      }
    });
  }

  @Test
  @DisplayName("I-A15 (mutant) a writer that answers before its last sync is caught")
  void answersBeforeSync() {
    assertThrows(AssertionError.class, () -> {
      for (int again = 0; again < 20; again++) {
        run(HastyDisk::of);
      }
    });
  }

  /** @return how many changes a batch makes */
  private int run(UnaryOperator<Disk> seen) throws IOException {
    for (int operation = 0; true; operation++) {
      var disk = SimulatedDisk.empty();
      Stores stores = Stores.on(seen.apply(disk));
      stores.write(1, HealthyContents.of(HealthyContents.identities(1))).orThrow();
      disk.cutAfter(operation);
      boolean died = dies(() -> stores.write(1, Stores.second()).orThrow());
      disk.cutAfter(Long.MAX_VALUE);
      for (int outcome = 0; outcome < OUTCOMES; outcome++) {
        recovered(stores, disk.afterPowerCut(chance), seen, died ? 1 : 2, 2);
      }
      recovered(stores, disk, seen, died ? 1 : 2, 2);
      if (!died) {
        return operation;
      }
    }
  }

  private static boolean dies(Runnable work) {
    try {
      work.run();
      return false;
    } catch (SimulatedDisk.PowerCut _) {
      return true;
    }
  }

  /** Recovery dies at some of its changes again, and in the end it gets through. */
  private void recovered(Stores stores, SimulatedDisk found, UnaryOperator<Disk> seen, long low, long high)
      throws IOException {
    SimulatedDisk disk = found;
    for (int deaths = chance.nextInt(3); deaths > 0; deaths--) {
      disk.cutAfter(chance.nextInt(14));
      Stores dying = stores.next(seen.apply(disk));
      dies(() -> dying.recover(Consents.NONE));
      disk.cutAfter(Long.MAX_VALUE);
      disk = chance.nextBoolean() ? disk : disk.afterPowerCut(chance);
    }
    Stores next = stores.next(seen.apply(disk));
    next.recover(Consents.NONE);
    requireWhole(next, low, high);
    // And what a launch made of it outlives the next power cut.
    requireWhole(stores.next(disk.afterPowerCut(chance)), low, high);
  }

  private void requireWhole(Stores found, long low, long high) throws IOException {
    states++;
    Plan plan = found.plan();
    assertTrue(plan.manifestHealthy(), () -> plan.diagnostics().toString());
    long watermark = found.folder().manifest().highWatermark();
    assertTrue(watermark >= low && watermark <= high, "watermark " + watermark);
    for (Map.Entry<Descriptor, Json> store : FIRST.entrySet()) {
      Json wanted = watermark == 1 ? store.getValue() : Stores.second().getOrDefault(store.getKey(), store.getValue());
      assertEquals(
          new String(Envelope.of(1, HealthyContents.NOW, wanted).bytes(), StandardCharsets.UTF_8),
          new String(found.file(store.getKey()), StandardCharsets.UTF_8));
    }
    assertEquals(List.of(), found.folder().staged());
  }
}
