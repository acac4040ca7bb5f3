package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link DirectoryInspection} promises. */
public abstract class DirectoryInspectionContract {

  /** Looks at a place that stays the same for a test, where nothing is at first. */
  protected abstract DirectoryInspection inspect();

  /** A node opens a data directory there and closes it. */
  protected abstract void use();

  /** Everything that is there, in any form that tells of every change. */
  protected abstract Object everything() throws Exception;

  @Test
  @DisplayName("where nothing is, nothing is made, and there is still something to say")
  void nothingThere() throws Exception {
    Object before = everything();
    DirectoryInspection inspection = inspect();
    assertEquals(new DirectoryInspection.Standing.Absent(), inspection.standing());
    assertEquals(new DirectoryInspection.Holder.Nobody(), inspection.holder());
    assertEquals(Optional.empty(), inspection.lastStart());
    assertTrue(inspection.room().totalBytes() >= inspection.room().usableBytes());
    assertThrows(StoreException.class, inspection::diskProbe);
    assertEquals(before, everything());
  }

  @Test
  @DisplayName("a data directory that nobody holds is usable, and looking at it changes nothing")
  void used() throws Exception {
    use();
    Object before = everything();
    DirectoryInspection inspection = inspect();
    assertEquals(new DirectoryInspection.Standing.Usable(), inspection.standing());
    assertEquals(new DirectoryInspection.Holder.Nobody(), inspection.holder());
    assertTrue(inspection.lastStart().isPresent());
    assertEquals(before, everything());
    try (DiskProbe probe = inspection.diskProbe()) {
      probe.append(512);
    }
    assertEquals(new DirectoryInspection.Standing.Usable(), inspection.standing());
  }
}
