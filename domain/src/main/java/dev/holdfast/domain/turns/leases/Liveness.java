package dev.holdfast.domain.turns.leases;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import org.jspecify.annotations.Nullable;

/** What a holder tells of itself, so that its death may be proved (spec T-3). */
public sealed interface Liveness {
  /** Nothing; such a holder is never taken for dead, its lease has to expire. */
  record Opaque() implements Liveness {}

  /**
   * A process.
   *
   * @param hostId unique per namespace of process ids
   * @param bootId of the host's present run
   * @param processStart as the host's process table tells it, so that a pid that is given again is another process
   */
  record LocalProcess(String hostId, String bootId, long pid, String processStart) implements Liveness {
    public LocalProcess {
      Texts.requireText(hostId, 200, "host_id");
      Texts.requireText(bootId, 200, "boot_id");
      Texts.requireAtLeast(pid, 1, "pid");
      Texts.requireText(processStart, 200, "process_start");
    }

    boolean isOfHost(String host, String boot) {
      return hostId.equals(host) && bootId.equals(boot);
    }
  }

  /** As it is stored and sent. */
  default Json json() {
    return switch (this) {
      case Opaque() -> Json.object("kind", "opaque");
      case LocalProcess(String host, String boot, long pid, String start) ->
        Json.object("kind", "local_process", "host_id", host, "boot_id", boot, "pid", pid, "process_start", start);
    };
  }

  /** The inverse of {@link #json}; absent is opaque. */
  static Liveness read(@Nullable JsonMembers members) {
    if (members == null) {
      return new Opaque();
    }
    Liveness liveness = switch (members.text("kind")) {
      case "opaque" -> new Opaque();
      case "local_process" ->
        new LocalProcess(members.text("host_id"), members.text("boot_id"), members.whole("pid", 0),
            members.text("process_start"));
      default -> throw members.wrong("kind");
    };
    members.end();
    return liveness;
  }

  /**
   * Whether the holder is certainly dead for a claimant: both are processes of the host whose table is asked, in the same
   * run of it, and the table shows the holder's pid missing or as another process (spec T-3).
   */
  static boolean definitelyDead(Liveness holder, Liveness claimant, ProcessTable processes) {
    return holder instanceof LocalProcess dead && claimant instanceof LocalProcess living
        && dead.isOfHost(processes.hostId(), processes.bootId()) && living.isOfHost(dead.hostId(), dead.bootId())
        && switch (processes.look(dead.pid())) {
          case ProcessTable.Missing() -> true;
          case ProcessTable.Present(String start) -> !start.equals(dead.processStart());
          case ProcessTable.Unreadable() -> false;
        };
  }
}
