package dev.holdfast.fs.integrity.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.FaultyDisk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each damage of one file, and a recovery of it that ends at each change of the disk; the next one ends as if it had not. */
class RecoveryCrashTest {
  private static final byte[] BROKEN = "{bad".getBytes(StandardCharsets.UTF_8);
  private static final Consents ALL = new Consents(true, true, Set.of(), Set.of(), false);
  private static final int STRIDE = Integer.getInteger("holdfast.crashes.stride", 7);

  private final SplittableRandom chance = new SplittableRandom(11);

  /** @param file of the stores' folder or above it; it is broken, or gone */
  private record Damage(String file, boolean gone) {
    void make(Stores stores) throws IOException {
      Disk folder = folder(stores);
      if (gone) {
        folder.delete(file);
        folder.sync();
      } else {
        WholeFiles.replace(folder, file, BROKEN);
      }
    }

    private Disk folder(Stores stores) {
      boolean list = file.equals(StoreFolder.MANIFEST) || file.equals(StoreFolder.RECEIPTS);
      return list ? stores.folder().top() : stores.folder().stores();
    }

    /** What a batch didn't write is in its place, or in quarantine. */
    void requireKept(Stores stores) throws IOException {
      byte[] there = WholeFiles.read(folder(stores), file);
      if (!gone && !Arrays.equals(BROKEN, there)) {
        String hash = ContentHash.of(BROKEN).text().substring("sha256:".length(), "sha256:".length() + 16);
        String kept = stores.folder().quarantine().folder().list().stream()
            .filter(name -> name.startsWith(file + ".") && name.endsWith(hash)).findFirst().orElseThrow();
        assertArrayEquals(BROKEN, stores.evidence(kept));
      }
    }
  }

  private static List<Damage> damages() {
    List<Damage> damages = new ArrayList<>();
    for (Descriptor store : Descriptors.ALL) {
      damages.add(new Damage(store.fileName(), false));
      damages.add(new Damage(store.fileName(), true));
    }
    damages.add(new Damage(StoreFolder.MANIFEST, false));
    damages.add(new Damage(StoreFolder.RECEIPTS, false));
    return damages;
  }

  private static SimulatedDisk damaged(Damage damage) throws IOException {
    var disk = SimulatedDisk.empty();
    Stores stores = Stores.on(disk);
    stores.write(1, HealthyContents.of(HealthyContents.identities(1))).orThrow();
    damage.make(stores);
    return disk;
  }

  @Test
  @DisplayName("I-9 (files) a crash during recovery is recovered: whatever was damaged, the stores are whole in the end, and "
      + "the evidence is kept")
  void crashes() throws IOException {
    for (Damage damage : damages()) {
      boolean died = true;
      for (int operation = 0; died; operation += 1 + chance.nextInt(STRIDE)) {
        SimulatedDisk disk = damaged(damage);
        disk.cutAfter(operation);
        died = dies(Stores.on(disk));
        disk.cutAfter(Long.MAX_VALUE);
        requireMended(damage, chance.nextInt(4) == 0 ? disk : disk.afterPowerCut(chance));
      }
    }
  }

  private static boolean dies(Stores stores) {
    try {
      stores.recover(ALL);
      return false;
    } catch (SimulatedDisk.PowerCut _) {
      return true;
    }
  }

  private static void requireMended(Damage damage, Disk disk) throws IOException {
    Stores next = Stores.on(disk);
    damage.requireKept(next);
    // A launch state or transaction that was set aside is missing then, which a second word mends.
    next.recover(ALL);
    next.recover(ALL);
    damage.requireKept(next);
    assertTrue(next.plan().manifestHealthy(), () -> damage + ": " + next.plan().diagnostics());
    assertEquals(List.of(), next.recover(ALL).steps());
    assertEquals(List.of(), next.folder().staged());
    assertTrue(Objects.requireNonNull(next.folder().manifest().active()).equals(HealthyContents.identities(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Input/output error", "No space left on device"})
  @DisplayName("a recovery whose disk fails at any change tells it, and the next one goes on")
  void faults(String message) throws IOException {
    for (Damage damage : damages()) {
      boolean failed = true;
      for (int operation = chance.nextInt(STRIDE); failed; operation += STRIDE) {
        SimulatedDisk disk = damaged(damage);
        FaultyDisk faulty = FaultyDisk.failing(disk, operation, message);
        Stores stores = Stores.on(faulty);
        try {
          stores.recover(ALL);
        } catch (StoreException e) {
          assertTrue(!faulty.failed().isEmpty(), e::toString);
        }
        failed = !faulty.failed().isEmpty();
        requireMended(damage, disk);
      }
    }
  }
}
