package dev.holdfast.domain.integrity.rebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Reading;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each source of derived stores must keep. */
public abstract class CanonicalDestinationsContract {
  private static final Identities RUN = HealthyContents.identities(1);
  private static final List<Descriptor> DERIVED = List.of(Descriptors.LAUNCH_STATE, Descriptors.SESSION_INDEX,
      Descriptors.LAUNCH_TRANSACTION, Descriptors.TASK_LEDGER, Descriptors.REVISION, Descriptors.ARTIFACT_INDEX,
      Descriptors.JOURNAL_INDEX);

  protected abstract CanonicalDestinations open();

  @Test
  @DisplayName("each derived store has a content that keeps its rules, and the same one again")
  void derived() {
    CanonicalDestinations destinations = open();
    for (Descriptor store : DERIVED) {
      Optional<Json> content = destinations.content(store, RUN);

      assertInstanceOf(Reading.Valid.class, Reading.of(Schemas.of(store),
          Envelope.of(store.schemaVersion(), HealthyContents.NOW, content.orElseThrow()).bytes()), store.schemaName());
      assertEquals(content, destinations.content(store, RUN));
    }
  }

  @Test
  @DisplayName("a store that isn't derived is nobody's to make")
  void others() {
    CanonicalDestinations destinations = open();
    for (Descriptor store : Descriptors.ALL) {
      if (!DERIVED.contains(store)) {
        assertThrows(IllegalArgumentException.class, () -> destinations.content(store, RUN));
      }
    }
  }
}
