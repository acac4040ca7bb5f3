package dev.holdfast.sqlite.integrity.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.Revision;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinations;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinationsContract;
import dev.holdfast.domain.integrity.stores.Descriptors;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresOfRowsTest extends CanonicalDestinationsContract {
  @TempDir
  private Path temp;

  private Directory directory;

  @BeforeEach
  void begin() {
    directory = Directory.empty(temp.resolve("db"));
    directory.makeRuntime();
  }

  @AfterEach
  void end() {
    directory.close();
  }

  @Override
  protected CanonicalDestinations open() {
    return new StoresOfRows(directory::store, () -> 5);
  }

  @Test
  @DisplayName("launch state and revision tell of the run, and of no journal")
  void tells() {
    CanonicalDestinations rows = open();

    LaunchState launch = LaunchState.read(JsonMembers.of(
        rows.content(Descriptors.LAUNCH_STATE, HealthyContents.identities(3)).orElseThrow()));
    Revision revision = Revision.read(JsonMembers.of(
        rows.content(Descriptors.REVISION, HealthyContents.identities(3)).orElseThrow()));

    assertEquals("sqlite", launch.backend());
    assertEquals(0, launch.journalLow());
    assertEquals(new Revision(HealthyContents.RUNTIME, "epoch-3", 5, 0, 0), revision);
  }

  @Test
  @DisplayName("a database that can't be opened makes nothing")
  void damaged() {
    var rows = new StoresOfRows(() -> {
      throw StoreException.unusable(Reason.STORE_CORRUPT, "damaged");
    }, () -> 1);

    assertEquals(Optional.empty(), rows.content(Descriptors.SESSION_INDEX, HealthyContents.identities(1)));
  }
}
