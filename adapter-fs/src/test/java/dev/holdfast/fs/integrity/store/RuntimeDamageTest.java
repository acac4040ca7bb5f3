package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.fs.integrity.FileDataDirectory;
import dev.holdfast.fs.integrity.Snapshots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opening a runtime whose own part of the journal isn't what was written. */
class RuntimeDamageTest extends StoreSuite {
  private static final String MARK = "the-default-model";

  @TempDir
  Path temp = Path.of(".");

  private @Nullable DataDirectory directory;

  private Path journal() {
    return temp.resolve("data").resolve("fs").resolve("journal");
  }

  /** As a node does. */
  @Override
  protected Store open() {
    if (directory == null) {
      directory = FileDataDirectory.open(temp.resolve("data"), "filesystem", START,
          digits -> "0123456789abcdef".repeat(4).substring(0, digits));
      directory.settled();
      return new FileStoreOpening(FileStores.SHORT).open(directory.location());
    }
    return new FileStoreOpening(FileStores.SHORT).open(directory, FileStoreOpening.stores(directory.location()));
  }

  @BeforeEach
  void fill() {
    WorkerId worker = worker();
    put(new ProviderChange.DefaultModelPut(MARK));
    for (int i = 0; i < 40; i++) {
      send(worker, "an input of some length, so that there are several segments " + i);
      runTurn(worker, "an answer " + i);
    }
    store().close();
  }

  @AfterEach
  void release() {
    if (directory != null) {
      directory.close();
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(journal())) {
      return files.sorted().toList();
    }
  }

  private Reason refused() {
    return assertThrows(StoreException.class, () -> open().close()).reason();
  }

  /** The images tell of what isn't in the journal any more; here a start has nothing else. */
  private void check(Reason reason, String what) throws IOException {
    Map<Path, String> before = Snapshots.of(journal());
    assertEquals(reason, refused(), what);
    assertEquals(before, Snapshots.of(journal()), what);
  }

  private void withoutImages() throws IOException {
    try (Stream<Path> files = Files.list(journal().resolveSibling("index"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  @DisplayName("W-A17 a unit of the runtime's that can't be decoded, or a segment's head: store_corrupt; a segment that is missing or "
      + "shortened, or the whole journal: store_missing; the files are unchanged")
  void runtime() throws IOException {
    withoutImages();
    Path first = segments().getFirst();
    byte[] whole = Files.readAllBytes(first);
    byte[] damaged = whole.clone();
    damaged[new String(whole, StandardCharsets.ISO_8859_1).indexOf(MARK)] ^= 1;
    Files.write(first, damaged);
    check(Reason.STORE_CORRUPT, "a unit of the runtime");
    Files.write(first, new byte[whole.length]);
    check(Reason.STORE_CORRUPT, "a head of a segment");
    Files.write(first, Arrays.copyOf(whole, whole.length - 100));
    check(Reason.STORE_MISSING, "shortened");
    Files.delete(first);
    check(Reason.STORE_MISSING, "the first segment");
    Files.write(first, whole);
    byte[] second = Files.readAllBytes(segments().get(1));
    Path gone = segments().get(1);
    Files.delete(gone);
    check(Reason.STORE_MISSING, "the second segment");
    Files.write(gone, second);
    open().close();
    for (Path each : segments()) {
      Files.delete(each);
    }
    check(Reason.STORE_MISSING, "the journal");
  }

  @Test
  @DisplayName("W-A17 a journal that ends before what the launch state knows of is store_corrupt")
  void truncated() throws IOException {
    StoreException truncated = StoreException.unusable(Reason.JOURNAL_TRUNCATED, "it ends too early");
    assertEquals(Reason.STORE_CORRUPT, truncated.ofOpening().reason());
    assertEquals(truncated, truncated.ofOpening().getCause());
    assertEquals(Reason.FUTURE_SCHEMA, StoreException.unusable(Reason.FUTURE_SCHEMA, "").ofOpening().reason());
  }
}
