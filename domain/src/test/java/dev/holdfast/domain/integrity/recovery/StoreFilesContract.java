package dev.holdfast.domain.integrity.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each keeper of stores' files must keep. */
public abstract class StoreFilesContract {
  private static final Identities RUN = HealthyContents.identities(1);

  /** Of a directory without stores. */
  protected abstract StoreFiles open();

  @Test
  @DisplayName("an empty directory has no identities, no watermark, and no store")
  void empty() {
    StoreFiles files = open();

    Survey.Read read = assertInstanceOf(Survey.Read.class, files.survey());

    assertEquals(0, files.highWatermark());
    assertEquals(null, read.active());
    assertTrue(read.looks().stream().allMatch(look -> look.inspected().state() == StoreState.MISSING));
  }

  @Test
  @DisplayName("what a batch wrote is healthy, is of its run, and can be read; a recovery has nothing to do")
  void written() {
    StoreFiles files = open();

    Batch batch =
        files.write(BatchReason.LAUNCH_CHECKPOINT, RUN, HealthyContents.of(RUN), HealthyContents.NOW).orThrow();

    Survey.Read read = assertInstanceOf(Survey.Read.class, files.survey());
    assertEquals(1, batch.sequence());
    assertEquals(1, files.highWatermark());
    assertEquals(RUN, read.active());
    assertTrue(read.looks().stream().allMatch(look -> look.inspected().state() == StoreState.HEALTHY
        && RUN.equals(look.stamped())));
    assertEquals(HealthyContents.launchState(RUN), read.contents().launchState());
    assertEquals(0, files.recover(Consents.NONE, RUN, HealthyContents.NOW).steps().size());
    assertEquals(read, files.survey());
  }

  @Test
  @DisplayName("content that breaks its store's rules is refused, and nothing is written")
  void refused() {
    StoreFiles files = open();
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>(HealthyContents.of(RUN));
    contents.put(Descriptors.REVISION, Json.object("more", 1));

    Outcome<Batch> outcome = files.write(BatchReason.RECOVERY, RUN, contents, HealthyContents.NOW);

    assertEquals(Outcome.refused(Reason.INVALID_DATA, "schema_name", "holdfast.revision"), outcome);
    assertEquals(0, files.highWatermark());
  }
}
