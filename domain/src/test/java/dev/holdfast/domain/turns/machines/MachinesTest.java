package dev.holdfast.domain.turns.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.turns.leases.LeaseRulesTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The diagrams of the docs are the tables that the tests play. */
class MachinesTest {
  private static final String COMMAND = "mvn -pl domain -Dtest=MachinesTest -Dholdfast.write-machines=true test";
  private static final Path FILE = Path.of("..", "docs", "spec", "turn-machines.md");

  private static String text() {
    var text = new StringBuilder("""
        # The machines of a turn

        Every state × every command, as the tests of the domain play them (`domain/src/test/…/turns/machines`, and for leases
        `LeaseRulesTest`). A cell tells the answer and, where it changes, the **state** behind it; the diagrams show the
        changes only. Generated from those tables:

        """).append("    ").append(COMMAND).append("\n");
    for (TransitionTable table : List.of(LeaseRulesTest.TABLE, InputMachineTest.TABLE, BatchMachineTest.TABLE,
        TurnMachineTest.TABLE, CancelMachineTest.TABLE)) {
      text.append("\n## ").append(table.name()).append("\n\n").append(table.diagram()).append('\n')
          .append(table.matrix());
    }
    return text.toString();
  }

  @Test
  @DisplayName("docs/spec/turn-machines.md is what the tables say; else it is written anew by " + COMMAND)
  void docs() throws IOException {
    if (Boolean.getBoolean("holdfast.write-machines")) {
      Files.writeString(FILE, text());
    }
    assertEquals(text(), Files.readString(FILE), "to write it anew: " + COMMAND);
  }
}
