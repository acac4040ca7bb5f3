package dev.holdfast.domain.turns.leases;

/** The processes of the host that the node runs on. Looking never fails: what can't be read is told as such. */
public interface ProcessTable {
  /** Names the node's namespace of process ids; empty when it can't be told, which is equal to no holder's. */
  String hostId();

  /** Names the host's present run; empty when it can't be told. */
  String bootId();

  /** @param pid at least 1 */
  Look look(long pid);

  /** What the table shows for a process id. */
  sealed interface Look {}

  record Missing() implements Look {}

  /** @param processStart when the process began, in the table's own form */
  record Present(String processStart) implements Look {}

  /** It can't be told. */
  record Unreadable() implements Look {}

  /** Tells nothing, so nobody is ever taken for dead. */
  ProcessTable UNKNOWN = new ProcessTable() {
    @Override
    public String hostId() {
      return "";
    }

    @Override
    public String bootId() {
      return "";
    }

    @Override
    public Look look(long pid) {
      return new Unreadable();
    }
  };
}
