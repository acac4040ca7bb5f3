package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.DiagnosticRules;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TornEndTest {
  private static final String SEGMENT = "seg-0000000000000001.hfj";

  @Test
  @DisplayName("I-A23, W-A19 the journal cut at each byte of the last frame opens, with a diagnostic; the frames before it are all present, "
      + "and what is cut is in quarantine")
  void cutAtEachByte() throws IOException {
    int before = length(1);
    int whole = length(2);
    for (int cut = before; cut < whole; cut++) {
      SimulatedDisk disk = written(2);
      Disk journal = disk.folder("journal");
      try (Disk.File file = journal.open(SEGMENT)) {
        file.truncate(cut);
      }
      byte[] rest = stripped(Objects.requireNonNull(WholeFiles.read(journal, SEGMENT)), before);

      try (Store store = FileStore.open(FileStores.place(disk))) {
        assertEquals("model-1", store.read(state -> state.defaultModel().orElseThrow()));
        store.write(state -> DiagnosticRules.tellDamage(state, 100, Instant.EPOCH)).orThrow();
        assertEquals(rest.length == 0 ? 0 : 1, store.read(state -> state.diagnostics(0, 9, null, null)).stream()
            .filter(one -> one.code() == Diagnostic.Code.LOG_TAIL_TRUNCATED).count());
        assertTrue(store.write(state -> DiagnosticRules.tellDamage(state, 100, Instant.EPOCH)).orThrow().isNone());
      }

      List<String> kept = disk.folder("quarantine").list();
      assertEquals(rest.length == 0
          ? List.of()
          : List.of(ContentHash.of(rest).evidenceName(SEGMENT, Reason.JOURNAL_TRUNCATED)), kept);
      if (rest.length > 0) {
        assertArrayEquals(rest, WholeFiles.read(disk.folder("quarantine"), kept.getFirst()));
      }
    }
  }

  private static byte[] stripped(byte[] bytes, int from) {
    int end = bytes.length;
    while (end > from && bytes[end - 1] == 0) {
      end--;
    }
    return Arrays.copyOfRange(bytes, from, end);
  }

  /** Bytes of a segment with so many units, without the room behind them. */
  private static int length(int units) throws IOException {
    byte[] bytes = Objects.requireNonNull(WholeFiles.read(written(units).folder("journal"), SEGMENT));
    return stripped(bytes, 0).length;
  }

  private static SimulatedDisk written(int units) throws IOException {
    var disk = SimulatedDisk.empty();
    try (Store store = FileStore.open(FileStores.place(disk))) {
      store.write(state -> WorkerRules.open(state, new RuntimeId("rt-0123456789abcdef"), null, RuntimeLimits.DEFAULT,
          Instant.EPOCH));
      for (int unit = 1; unit <= units; unit++) {
        String model = "model-" + unit;
        store.write(_ -> Decision.done(model, List.of(new ProviderChange.DefaultModelPut(model))));
      }
    }
    return disk;
  }
}
