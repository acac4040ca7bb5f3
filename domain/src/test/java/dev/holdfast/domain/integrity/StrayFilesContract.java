package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What all {@link StrayFiles} promise. */
public abstract class StrayFilesContract {

  /** Looks at a place that stays the same for a test, where nothing is at first. */
  protected abstract StrayFiles strays();

  /** A node opens a data directory there and closes it. */
  protected abstract void use();

  /** Puts a file with some content there, with the folders that it needs. */
  protected abstract void put(String path) throws Exception;

  /** Everything that is there, in any form that tells of every change. */
  protected abstract Object everything() throws Exception;

  @Test
  @DisplayName("where nothing is, nothing is astray, and of what a node makes neither")
  void nothing() {
    assertEquals(List.of(), strays().names());
    use();
    assertEquals(List.of(), strays().names());
  }

  @Test
  @DisplayName("W-A20 files that no node makes are told by their paths, a folder of them once, and stay as they are")
  void told() throws Exception {
    use();
    for (String path : List.of("notes.txt", "epoch.old", "holiday/one.jpg", "holiday/two.jpg")) {
      put(path);
    }
    Object before = everything();
    assertEquals(List.of("epoch.old", "holiday", "notes.txt"), strays().names());
    assertEquals(before, everything());
  }
}
