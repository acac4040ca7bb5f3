package dev.holdfast.domain.integrity;

import dev.holdfast.domain.integrity.batches.StoreBatchMachineTest;
import dev.holdfast.domain.integrity.contents.LaunchMachineTest;
import dev.holdfast.domain.turns.machines.MachineDocument;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The diagrams of the docs are the tables that the tests play. */
class IntegrityMachinesTest {
  private static final String FILE = "docs/spec/integrity-machines.md";

  @Test
  @DisplayName(FILE + " is what the tables say")
  void docs() throws IOException {
    new MachineDocument(FILE, """
        # The machines of integrity

        Every state × every event, as the tests of the domain play them (`StoreBatchMachineTest`, `LaunchMachineTest`). A cell
        tells the answer and, where it changes, the **state** behind it; – is what can't happen there. The diagrams show the
        changes only. Generated from those tables:
        """, "IntegrityMachinesTest", List.of(StoreBatchMachineTest.TABLE, LaunchMachineTest.TABLE)).check();
  }
}
