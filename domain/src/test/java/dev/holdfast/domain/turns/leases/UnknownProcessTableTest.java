package dev.holdfast.domain.turns.leases;

class UnknownProcessTableTest extends ProcessTableContract {
  @Override
  protected ProcessTable table() {
    return ProcessTable.UNKNOWN;
  }
}
