package dev.holdfast.domain.turns.machines;

import dev.holdfast.domain.turns.leases.LeaseRulesTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The diagrams of the docs are the tables that the tests play. */
class MachinesTest {
  private static final String FILE = "docs/spec/turn-machines.md";

  @Test
  @DisplayName(FILE + " is what the tables say")
  void docs() throws IOException {
    new MachineDocument(FILE, """
        # The machines of a turn

        Every state × every command, as the tests of the domain play them (`domain/src/test/…/turns/machines`, and for leases
        `LeaseRulesTest`). A cell tells the answer and, where it changes, the **state** behind it; the diagrams show the
        changes only. Generated from those tables:
        """, "MachinesTest", List.of(LeaseRulesTest.TABLE, InputMachineTest.TABLE, BatchMachineTest.TABLE,
        TurnMachineTest.TABLE, CancelMachineTest.TABLE)).check();
  }
}
