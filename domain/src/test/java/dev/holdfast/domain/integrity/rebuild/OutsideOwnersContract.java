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
import dev.holdfast.domain.integrity.stores.Reading;
import dev.holdfast.domain.integrity.stores.RebuildStrategy;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each who asks outside owners must keep. */
public abstract class OutsideOwnersContract {

  protected abstract OutsideOwners open();

  @Test
  @DisplayName("an owner's answer keeps its store's rules, and asking changes nothing")
  void answers() {
    OutsideOwners owners = open();
    for (Descriptor store : Descriptors.ALL) {
      if (store.rebuildStrategy() == RebuildStrategy.POLL_PROVIDER) {
        Optional<Json> answer = owners.poll(store);

        assertInstanceOf(Reading.Valid.class, Reading.of(Schemas.of(store),
            Envelope.of(store.schemaVersion(), HealthyContents.NOW, answer.orElseThrow()).bytes()));
        assertEquals(answer, owners.poll(store));
      }
    }
  }

  @Test
  @DisplayName("a store without an outside owner can't be asked for")
  void others() {
    OutsideOwners owners = open();
    for (Descriptor store : Descriptors.ALL) {
      if (store.rebuildStrategy() != RebuildStrategy.POLL_PROVIDER) {
        assertThrows(IllegalArgumentException.class, () -> owners.poll(store));
      }
    }
  }
}
