package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.fs.integrity.disk.CarelessDisk;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.HastyDisk;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrashSimulationTest {
  private static final long STATES = Long.getLong("holdfast.crashes.states", 20_000);
  private static final long FIRST_SEED = Long.getLong("holdfast.crashes.seed", 1);
  private static final int OUTCOMES = 6;

  @Test
  @DisplayName("I-A27 (journal) whenever the process or the power goes, no acknowledged unit is lost, and none is torn")
  void crashes() {
    long states = 0;
    for (long seed = FIRST_SEED; states < STATES; seed++) {
      states += run(seed, disk -> disk);
    }
    assertTrue(states >= STATES);
  }

  @ParameterizedTest
  @EnumSource(CarelessDisk.Forgets.class)
  @DisplayName("I-A27 (mutants) a store that forgets to sync is caught")
  void mutants(CarelessDisk.Forgets forgets) {
    assertThrows(AssertionError.class, () -> {
      for (long seed = 1; seed <= 200; seed++) {
        run(seed, disk -> new CarelessDisk(disk, forgets));
      }
    });
  }

  @Test
  @DisplayName("I-A27 (mutant) a store that acknowledges before its fsync, which it makes a moment later, is caught")
  void acknowledgesBeforeSync() {
    AssertionError caught = assertThrows(AssertionError.class, () -> {
      for (long seed = 1; seed <= 200; seed++) {
        run(seed, HastyDisk::of);
      }
    });
    assertTrue(String.valueOf(caught.getMessage()).contains("an acknowledged unit is lost"), caught::getMessage);
  }

  private static long run(long seed, UnaryOperator<Disk> seen) {
    try {
      return new CrashSimulation(seed, OUTCOMES, seen).run();
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }
}
