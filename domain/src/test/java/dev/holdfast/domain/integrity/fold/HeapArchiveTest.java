package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import java.util.List;

class HeapArchiveTest extends ArchiveContract {
  private final Archive archive = new HeapArchive();

  @Override
  protected Archive archive() {
    return archive;
  }

  @Override
  protected void unit(List<Change> changes) {
    // Whose a change is makes no difference in memory.
  }
}
