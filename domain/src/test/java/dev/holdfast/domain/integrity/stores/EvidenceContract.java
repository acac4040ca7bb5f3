package dev.holdfast.domain.integrity.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.holdfast.domain.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What each keeper of evidence must keep. */
public abstract class EvidenceContract {
  private static final byte[] BAD = "{bad".getBytes(StandardCharsets.UTF_8);
  private static final byte[] WORSE = "{worse".getBytes(StandardCharsets.UTF_8);

  /** With nothing in it. */
  protected abstract Evidence open();

  /** All that is there by its name, as texts. */
  protected abstract Map<String, String> kept();

  @Test
  @DisplayName("evidence is named by its file, its state and its hash, and has its bytes")
  void keeps() {
    String name = open().keep("launch-state.json", Reason.QUARANTINED, BAD);

    assertEquals(ContentHash.of(BAD).evidenceName("launch-state.json", Reason.QUARANTINED), name);
    assertEquals(Map.of(name, "{bad"), kept());
  }

  @Test
  @DisplayName("equal evidence is kept once, other evidence beside it")
  void once() {
    Evidence evidence = open();
    String first = evidence.keep("launch-state.json", Reason.QUARANTINED, BAD);

    assertEquals(first, evidence.keep("launch-state.json", Reason.QUARANTINED, BAD));
    assertNotEquals(first, evidence.keep("launch-state.json", Reason.QUARANTINED, WORSE));
    assertEquals(2, kept().size());
  }
}
