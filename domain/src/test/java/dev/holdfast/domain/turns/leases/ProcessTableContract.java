package dev.holdfast.domain.turns.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.holdfast.domain.turns.leases.ProcessTable.Look;
import dev.holdfast.domain.turns.leases.ProcessTable.Missing;
import dev.holdfast.domain.turns.leases.ProcessTable.Present;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link ProcessTable} promises of the host that the test runs on. */
public abstract class ProcessTableContract {

  protected abstract ProcessTable table();

  @Test
  @DisplayName("T-3 the host, its run and a process that lives are told the same each time, by each table")
  void stable() {
    ProcessTable table = table();
    long self = ProcessHandle.current().pid();

    assertEquals(table.hostId(), table().hostId());
    assertEquals(table.bootId(), table().bootId());
    assertEquals(table.look(self), table().look(self));
  }

  @Test
  @DisplayName("T-3 nobody who lives is shown as missing, and nobody who can't exist as present")
  void neverWrong() {
    assertNotEquals(new Missing(), table().look(ProcessHandle.current().pid()));
    Look nobody = table().look(Long.MAX_VALUE);
    assertFalse(nobody instanceof Present, nobody::toString);
  }
}
