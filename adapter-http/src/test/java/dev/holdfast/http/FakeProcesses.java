package dev.holdfast.http;

import dev.holdfast.domain.turns.leases.ProcessTable;

/** A host on which no process lives but number 1, which began at {@code start-1}. */
final class FakeProcesses implements ProcessTable {

  @Override
  public String hostId() {
    return "host";
  }

  @Override
  public String bootId() {
    return "boot";
  }

  @Override
  public Look look(long pid) {
    return pid == 1 ? new Present("start-1") : new Missing();
  }
}
