package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.contents.JournalIndex;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.Revision;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinations;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinationsContract;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.RuntimeStatus;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FoldedStoresTest extends CanonicalDestinationsContract {
  private static final RuntimeId RUNTIME = new RuntimeId("rt-0123456789abcdef");
  /** Over the 16 KiB of a short segment. */
  private static final int LONG = 20_000;

  private final Disk disk = SimulatedDisk.empty();
  private @Nullable FileStore store;

  @BeforeEach
  void openStore() throws IOException {
    store = FileStore.open(FileStores.place(disk));
    store.write(_ -> Decision.done(1, List.of(new WorkerChange.RuntimePut(new RuntimeState(RUNTIME, null,
        RuntimeLimits.DEFAULT, RuntimeStatus.RUNNING, 0, 0, RuntimeState.WorkerCounts.NONE,
        RuntimeState.DiagnosticCounts.NONE, HealthyContents.NOW)))));
  }

  private JournalIndex known = JournalIndex.EMPTY;

  private Place place() {
    try {
      return FileStores.place(disk);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileStore store() {
    return Objects.requireNonNull(store);
  }

  @AfterEach
  void closeStore() {
    store().close();
  }

  @Override
  protected CanonicalDestinations open() {
    return new FoldedStores(this::store, () -> 5, () -> known, this::place);
  }

  @Test
  @DisplayName("launch state and revision tell of the run and of the journal's end")
  void tells() {
    CanonicalDestinations folded = open();

    LaunchState launch = LaunchState.read(JsonMembers.of(
        folded.content(Descriptors.LAUNCH_STATE, HealthyContents.identities(3)).orElseThrow()));
    Revision revision = Revision.read(JsonMembers.of(
        folded.content(Descriptors.REVISION, HealthyContents.identities(3)).orElseThrow()));

    assertEquals("filesystem", launch.backend());
    assertEquals("epoch-3", launch.runId());
    assertEquals(1, launch.journalLow());
    assertEquals(new Revision(RUNTIME, "epoch-3", 5, 0, 1), revision);
  }

  @Test
  @DisplayName("the index has each sealed segment with its frames and the hash of its bytes; a hash that is known isn't taken "
      + "again")
  void index() throws IOException {
    for (int unit = 0; unit < 4; unit++) {
      String model = "m".repeat(LONG) + unit;
      store().write(_ -> Decision.done(model, List.of(new ProviderChange.DefaultModelPut(model))));
    }

    JournalIndex index = JournalIndex.read(JsonMembers.of(
        open().content(Descriptors.JOURNAL_INDEX, HealthyContents.identities(1)).orElseThrow()));

    List<String> names = disk.folder("journal").list();
    assertEquals(names.size() - 1, index.segments().size());
    assertEquals(1, index.segments().getFirst().firstFrame());
    assertEquals(index.segments().getLast().lastFrame(), index.coveredFrame());
    for (int at = 0; at < index.segments().size(); at++) {
      assertEquals(ContentHash.of(Objects.requireNonNull(WholeFiles.read(disk.folder("journal"), names.get(at)))),
          index.segments().get(at).hash());
    }
    var before = new JournalIndex(index.coveredFrame(), null, index.segments().stream()
        .map(one -> new JournalIndex.Segment(one.firstFrame(), one.lastFrame(), HealthyContents.HASH)).toList());
    assertEquals(before, store().journal().sealed().index(before));
    known = before;
    assertEquals(before.json(), open().content(Descriptors.JOURNAL_INDEX, HealthyContents.identities(2)).orElseThrow());
  }

  @Test
  @DisplayName("a journal that can't be opened makes nothing")
  void damaged() {
    var folded = new FoldedStores(() -> {
      throw StoreException.unusable(Reason.JOURNAL_DAMAGED, "damaged");
    }, () -> 1, () -> JournalIndex.EMPTY, this::place);

    assertEquals(Optional.empty(), folded.content(Descriptors.SESSION_INDEX, HealthyContents.identities(1)));
  }
}
