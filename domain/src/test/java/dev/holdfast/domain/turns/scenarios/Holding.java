package dev.holdfast.domain.turns.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.LeaseRules.Observed;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.leases.ProcessTable;
import dev.holdfast.domain.workers.WorkerLimits;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a scenario's owner holds the session: the lease, taken when it is first needed, and the turn that is active. */
final class Holding {
  private static final Duration TTL = Duration.ofSeconds(60);

  private final Stage stage;
  private final WorkerId session;
  private final String ownerId;
  private Lease.@Nullable Held lease;
  private NextWork.@Nullable Run turn;

  Holding(Stage stage, WorkerId session, String ownerId) {
    this.stage = stage;
    this.session = session;
    this.ownerId = ownerId;
  }

  /** The turn that is active; null while there is none. */
  NextWork.@Nullable Run turn() {
    return turn;
  }

  private Owner owner() {
    return new Owner(ownerId, "1");
  }

  Lease.Held lease() {
    if (lease == null) {
      var claimant = new Claimant(owner(), stage.token(), TTL);
      lease = stage.done(state -> SessionRules.acquire(state, session, claimant, stage.now()));
    }
    return lease;
  }

  ClaimRules.Holder holder() {
    return new ClaimRules.Holder(lease().fence(), stage.token());
  }

  /** The turn that is active, opened by an input of its own where there was none. */
  NextWork.Run openTurn() {
    if (turn == null) {
      stage.done(state -> InputRules.accept(
          state, Sender.to(session), InputDraft.user("go"), WorkerLimits.DEFAULT, stage.now()));
      var by = holder();
      turn = assertInstanceOf(NextWork.Run.class, stage.done(state -> WorkRules.next(
          state, by.fence(), null, by.freshToken(), TurnLimits.DEFAULT, stage.now())));
    }
    return turn;
  }

  void reclaim() {
    var dead = new Claimant(new Owner("a dead holder", "1"), process(4711), stage.token(), TTL);
    var claimant = new Claimant(owner(), process(4712), stage.token(), TTL);
    Lease.Held before = stage.done(state -> SessionRules.acquire(state, session, dead, stage.now()));
    assertEquals(dead.owner().id(),
        stage.refused(Reason.LEASE_BUSY, state -> SessionRules.acquire(state, session, claimant, stage.now()))
            .facts().get("holder"));
    var seen = new Observed(dead.owner().id(), dead.owner().incarnation(), before.generation());
    lease = stage.done(state -> SessionRules.reclaim(state, session, seen, claimant, allDead(), stage.now()));
    assertEquals(before.generation() + 1, lease.generation());
    assertNotEquals(before.fence().token(), lease.fence().token());
    var late = new Claimant(new Owner("a late one", "1"), process(4713), stage.token(), TTL);
    assertEquals(ownerId, stage.refused(Reason.LEASE_BUSY,
        state -> SessionRules.reclaim(state, session, seen, late, allDead(), stage.now())).facts().get("holder"));
  }

  private static Liveness process(long pid) {
    return new Liveness.LocalProcess("host", "boot", pid, "then");
  }

  private static ProcessTable allDead() {
    return new OneHost(_ -> new ProcessTable.Missing());
  }

  private record OneHost(Function<Long, ProcessTable.Look> processes) implements ProcessTable {
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
      return processes.apply(pid);
    }
  }
}
