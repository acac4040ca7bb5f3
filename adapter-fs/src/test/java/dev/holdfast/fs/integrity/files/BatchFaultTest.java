package dev.holdfast.fs.integrity.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchState;
import dev.holdfast.domain.integrity.batches.Receipts;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.fs.integrity.disk.FaultyDisk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchFaultTest {
  private static final String EIO = "Input/output error";
  private static final String FULL = "No space left on device";

  @ParameterizedTest
  @ValueSource(strings = {EIO, FULL})
  @DisplayName("I-A14 a writer's exception in each step: state, error text, rethrow; receipts are kept from step 5 on")
  void faults(String message) throws IOException {
    var states = new TreeSet<String>();
    List<String> failed = new ArrayList<>();
    for (int operation = 0; true; operation++) {
      SimulatedDisk disk = SimulatedDisk.empty();
      Stores before = Stores.on(disk);
      before.write(1, HealthyContents.of(HealthyContents.identities(1))).orThrow();
      FaultyDisk faulty = FaultyDisk.failing(disk, operation, message);
      Stores stores = before.next(faulty);
      if (writes(stores, faulty, message)) {
        break;
      }
      failed.add(faulty.failed());
      states.add(requireTold(stores, faulty, message));
      requireMended(before.next(disk), faulty.failed());
    }
    assertEquals(new TreeSet<>(List.of("none", "preparing", "failed", "failed with receipts")), states,
        failed::toString);
  }

  /** Whether the batch was written. What failed is thrown. */
  private static boolean writes(Stores stores, FaultyDisk faulty, String message) {
    try {
      stores.write(1, Stores.second()).orThrow();
      assertEquals("", faulty.failed());
      return true;
    } catch (StoreException e) {
      boolean sync = faulty.failed().startsWith("sync");
      assertEquals(sync ? Reason.STORE_POISONED : message.equals(FULL) ? Reason.STORAGE_FULL : Reason.STORE_IO,
          e.reason(), faulty.failed());
      return false;
    }
  }

  /** What the receipts tell of it; and whether another batch may begin. */
  private static String requireTold(Stores stores, FaultyDisk faulty, String message) throws IOException {
    Receipts receipts = stores.folder().receipts();
    boolean sync = faulty.failed().startsWith("sync");
    if (sync) {
      assertEquals(Reason.STORE_POISONED,
          assertThrows(StoreException.class, () -> stores.write(1, Stores.second())).reason());
    }
    if (receipts.batches().size() == 1) {
      return "none";
    }
    Batch batch = receipts.batches().getLast();
    if (!sync) {
      assertEquals(dev.holdfast.domain.Outcome.refused(Reason.BATCH_UNRESOLVED, "batch_id", batch.id().value()),
          stores.write(1, Stores.second()));
    }
    return switch (batch.state()) {
      case BatchState.Preparing _ -> "preparing";
      case BatchState.Failed(String error, var durable) -> {
        assertEquals(message, error);
        boolean moved = stores.folder().manifest().highWatermark() > 1
            || stores.folder().staged().size() < Stores.second().size();
        assertFalse(durable == null && stores.folder().manifest().highWatermark() > 1);
        if (durable != null) {
          assertEquals(3, durable.receipts().size());
        } else {
          assertTrue(!moved || faulty.failed().contains(".staged") || faulty.failed().startsWith("write")
              || faulty.failed().startsWith("create"), faulty.failed());
        }
        yield durable == null ? "failed" : "failed with receipts";
      }
      case BatchState.Committed _,BatchState.RolledForward _,BatchState.Abandoned _ ->
        throw new AssertionError(batch.state().text());
    };
  }

  private static void requireMended(Stores next, String what) throws IOException {
    next.recover(Consents.NONE);
    assertTrue(next.plan().manifestHealthy(), () -> next.plan().diagnostics() + " after " + what);
    long watermark = next.folder().manifest().highWatermark();
    assertTrue(watermark == 1 || watermark == 2);
    next.write(1, Stores.second()).orThrow();
    assertEquals(watermark + 1, next.folder().manifest().highWatermark());
  }
}
