package dev.holdfast.domain.integrity.backups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.ProviderReads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link StoreSnapshot} promises. */
public abstract class StoreSnapshotContract {
  private static final int COPIES = 5;

  @TempDir
  private Path folder;

  /** An empty store; one and the same at each call of a test. */
  protected abstract Store store();

  /** Of that store. */
  protected abstract StoreSnapshot snapshot();

  protected abstract StoreOpening opening();

  private void write(int number) {
    store().write(_ -> Decision.done(1, List.of(new ProviderChange.DefaultModelPut("m" + number)))).orThrow();
  }

  private void copy(int copy) throws IOException {
    snapshot().copyTo(Files.createDirectory(folder.resolve("copy-" + copy)).toString());
  }

  private int copied(int copy) {
    try (Store opened = opening().open(folder.resolve("copy-" + copy).toString())) {
      Optional<String> found = opened.read(ProviderReads::defaultModel);
      return Integer.parseInt(found.orElse("m0").substring(1));
    }
  }

  @Test
  @DisplayName("I-84 a copy holds what was acknowledged when it was begun, and nothing of what came later")
  void atOnePoint() throws IOException {
    copy(0);
    write(1);
    copy(1);
    write(2);
    assertEquals(0, copied(0));
    assertEquals(1, copied(1));
  }

  @Test
  @DisplayName("I-84 copies of a store that is written all the while are each as it was at one point")
  void underLoad() throws Exception {
    var written = new AtomicInteger();
    var over = new AtomicBoolean();
    Thread writer = Thread.ofPlatform().start(() -> {
      while (!over.get()) {
        write(written.get() + 1);
        written.incrementAndGet();
      }
    });
    int[] before = new int[COPIES];
    int[] after = new int[COPIES];
    for (int copy = 0; copy < COPIES; copy++) {
      before[copy] = written.get();
      copy(copy);
      after[copy] = written.get() + 1;
    }
    over.set(true);
    writer.join();
    for (int copy = 0; copy < COPIES; copy++) {
      int found = copied(copy);
      assertTrue(before[copy] <= found && found <= after[copy], found + " in " + before[copy] + ".." + after[copy]);
    }
  }
}
