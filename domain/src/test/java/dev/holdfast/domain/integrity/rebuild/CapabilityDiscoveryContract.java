package dev.holdfast.domain.integrity.rebuild;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.integrity.contents.CapabilitySnapshot;
import dev.holdfast.domain.integrity.stores.Identities;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each discovery of capabilities must keep. */
public abstract class CapabilityDiscoveryContract {

  protected abstract CapabilityDiscovery open();

  @Test
  @DisplayName("the id is that of features and schema versions, and looking again finds the same")
  void discovers() {
    CapabilityDiscovery discovery = open();

    CapabilitySnapshot found = discovery.discover();

    assertEquals(Identities.capabilitySnapshotId(found.features(), found.schemaVersions()), found.id());
    assertEquals(found, CapabilitySnapshot.read(JsonMembers.of(found.json())));
    assertEquals(found, discovery.discover());
  }
}
