package dev.holdfast.fs.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSwitch;
import dev.holdfast.domain.integrity.exports.Copies;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.LocalDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;
import dev.holdfast.fs.integrity.store.FileStore;
import dev.holdfast.fs.integrity.store.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy to plain files that ends at each change that it makes of the disk, one after the other, as a kill would end it. */
class StoppedCopyTest {
  private static final int ROWS = 6;
  /** So that two of them are a unit. */
  private static final int LONG = 40_000;
  private static final int FEWEST_STEPS = 8;

  @TempDir
  Path folder = Path.of(".");

  private final Store source = source();
  private int left;
  private int steps;

  private static Store source() {
    var store = new MemoryStore();
    for (int i = 0; i < ROWS; i++) {
      var record = new Remembered("scope", "key" + i, "f".repeat(LONG), "worker-00000001", Instant.EPOCH);
      store.write(_ -> Decision.done(true, List.of(new WorkerChange.KeyRemembered(record)))).orThrow();
    }
    return store;
  }

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void step() {
    steps++;
    if (left-- == 0) {
      throw new Stop();
    }
  }

  /** A directory of SQLite's, whose store is a file with this text. */
  private Path directory(String name) throws IOException {
    Path root = folder.resolve(name);
    FileDataDirectory.open(root, "sqlite", Instant.EPOCH, "0"::repeat).close();
    Files.createDirectory(root.resolve("db"));
    Files.writeString(root.resolve("db/data"), "as it was");
    return root;
  }

  private static Store files(Path root) throws IOException {
    Disk data = new LocalDisk(root);
    Disk fs = data.folder("fs");
    return FileStore.open(new Place(fs.folder("journal"), fs.folder("index"), new Quarantine(data.folder("quarantine")),
        new Journal.Settings("dd-" + "0".repeat(16), 1, () -> 1, 1 << 20, 1 << 18)));
  }

  /** Each unit is a step. */
  private final class Stopping implements Store {
    private final Store store;

    Stopping(Store store) {
      this.store = store;
    }

    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      step();
      return store.write(rule);
    }

    @Override
    public <T> T read(Function<? super State, T> query) {
      return store.read(query);
    }

    @Override
    public String backend() {
      return store.backend();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private void fill(String staged) throws IOException {
    try (Store copy = new Stopping(files(Path.of(staged)))) {
      Copies.goOn(source, copy);
    }
  }

  private void requireCopy(Path root) throws IOException {
    try (Store copy = files(root)) {
      Copies.requireEqual(source, copy);
    }
  }

  private static String backend(Path root) throws IOException {
    return DirectoryIdentity.read(new Layout(root)).orElseThrow().backend();
  }

  /** @return whether it came to its end before that step */
  private boolean copied(Path root, int stopAt) throws IOException {
    left = stopAt;
    StoreSwitch change = new FileStoreSwitch(root, this::step);
    try {
      fill(change.stage("filesystem"));
      change.adopt("filesystem");
      return true;
    } catch (Stop e) {
      return false;
    }
  }

  @Test
  @DisplayName("I-85 whenever a copy is stopped, the directory is of the store as it was or of the whole copy, and the next one goes on with it")
  void inPlace() throws IOException {
    int stopAt = 0;
    boolean ended = false;
    while (!ended) {
      Path root = directory("place" + stopAt);
      ended = copied(root, stopAt++);

      assertEquals("as it was", Files.readString(root.resolve("db/data")));
      if (backend(root).equals("filesystem")) {
        requireCopy(root);
        continue;
      }
      assertFalse(ended);
      if (Files.exists(root.resolve("fs"))) {
        requireCopy(root);
      }
      assertTrue(copied(root, Integer.MAX_VALUE));
      requireCopy(root);
    }
    assertTrue(stopAt > FEWEST_STEPS, "steps: " + steps);
  }

  /** @return whether it came to its end before that step */
  private boolean copied(Path root, Path into, int stopAt) throws IOException {
    left = stopAt;
    StoreSwitch change = new FileStoreSwitch(root, this::step);
    try {
      fill(change.stageInto(into.toString(), "filesystem"));
      change.adoptInto(into.toString(), "filesystem");
      return true;
    } catch (Stop e) {
      return false;
    }
  }

  /** Whether it was stopped behind its last step but for what is left to be removed, or not at all. */
  private static void requireWholeTold(Path root, Path into) {
    StoreException refused = assertThrows(StoreException.class,
        () -> new FileStoreSwitch(root).stageInto(into.toString(), "filesystem"));
    assertEquals(Reason.INVALID_REQUEST, refused.reason());
  }

  @Test
  @DisplayName("I-85 a copy into another directory is there whole or not at all, and the directory that was copied stays as it is")
  void elsewhere() throws IOException {
    int stopAt = 0;
    boolean ended = false;
    Path root = directory("from");
    Map<Path, String> before = Snapshots.of(root);
    while (!ended) {
      Path into = folder.resolve("into" + stopAt);
      ended = copied(root, into, stopAt++);

      assertEquals(before, Snapshots.of(root));
      if (Files.exists(into)) {
        requireWholeTold(root, into);
      } else {
        assertFalse(ended);
        assertTrue(copied(root, into, Integer.MAX_VALUE));
      }
      requireCopy(into);
      assertFalse(Files.exists(folder.resolve(into.getFileName() + ".copying")), "" + stopAt);
      assertEquals("filesystem", backend(into));
      assertEquals(Files.readString(root.resolve("epoch")), Files.readString(into.resolve("epoch")));
      FileDataDirectory.open(into, "filesystem", Instant.EPOCH, "0"::repeat).close();
    }
    assertTrue(stopAt > FEWEST_STEPS, "steps: " + steps);
  }
}
