package dev.holdfast.domain.integrity.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IdentitiesTest {
  private static final String CAPABILITIES = Identities.capabilitySnapshotId(List.of("a", "b"), Map.of("x", 1));

  @Test
  @DisplayName("I-5 a run is named by its epoch, capabilities by a hash over sorted features and schema versions")
  void named() {
    Identities identities = Identities.of(17, CAPABILITIES, "0.1.0");
    assertEquals("epoch-17", identities.runId());
    assertEquals("0.1.0", identities.behaviorFingerprint());
    assertEquals(68, CAPABILITIES.length());
    assertEquals(CAPABILITIES, Identities.capabilitySnapshotId(List.of("b", "a", "b"), Map.of("x", 1)));
    assertNotEquals(CAPABILITIES, Identities.capabilitySnapshotId(List.of("a"), Map.of("x", 1)));
    assertNotEquals(CAPABILITIES, Identities.capabilitySnapshotId(List.of("a", "b"), Map.of("x", 2)));
  }

  @Test
  @DisplayName("I-5 an identity is never blank")
  void neverBlank() {
    assertThrows(IllegalArgumentException.class, () -> new Identities(" ", CAPABILITIES, "0.1.0"));
    assertThrows(IllegalArgumentException.class, () -> new Identities("epoch-1", "", "0.1.0"));
    assertThrows(IllegalArgumentException.class, () -> new Identities("epoch-1", CAPABILITIES, ""));
    assertThrows(IllegalArgumentException.class, () -> Identities.runId(0));
  }

  @Test
  @DisplayName("the first difference is told: run, then capabilities, then behavior")
  void firstDifference() {
    var expected = new Identities("epoch-2", "cap-2", "v2");
    assertEquals(Optional.empty(), expected.staleAgainst(new Identities("epoch-2", "cap-2", "v2")));
    assertEquals(Optional.of(Reason.STALE_RUN_ID), new Identities("epoch-1", "cap-1", "v1").staleAgainst(expected));
    assertEquals(Optional.of(Reason.STALE_CAPABILITY_SNAPSHOT),
        new Identities("epoch-2", "cap-1", "v1").staleAgainst(expected));
    assertEquals(Optional.of(Reason.STALE_BEHAVIOR_FINGERPRINT),
        new Identities("epoch-2", "cap-2", "v1").staleAgainst(expected));
  }

  @Test
  @DisplayName("I-6 a content hash is of the exact bytes, the final newline among them")
  void contentHash() {
    assertEquals("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        ContentHash.of("{}".getBytes(UTF_8)).text());
    assertEquals("sha256:ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356",
        ContentHash.of("{}\n".getBytes(UTF_8)).text());
    assertThrows(IllegalArgumentException.class, () -> new ContentHash("sha256:44136FA3"));
  }

  @Test
  @DisplayName("I-7 evidence is named after file, state and hash, so that equal evidence has one name")
  void evidence() {
    ContentHash hash = ContentHash.of("{}".getBytes(UTF_8));
    assertEquals("providers.json.quarantined.44136fa355b3678a",
        hash.evidenceName("providers.json", Reason.QUARANTINED));
  }
}
