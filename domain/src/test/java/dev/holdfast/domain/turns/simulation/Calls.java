package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.ContextItem;
import dev.holdfast.domain.turns.ContextRules;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.LeaseRules.Observed;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.OutputPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the world asks of the rules. Each unit of work is folded into the model and checked, and each answer to a
 * holder is compared with who may write.
 */
final class Calls {
  /** What a rule is shown of the state: all of it, but for mutants, whose rules miss something. */
  interface Sight {
    Sight FULL = new Sight() {};

    /** For the rules that a holder calls with its fence. */
    default State withFence(State state, Fence fence) {
      return state;
    }

    /** For the rules by which somebody takes a session. */
    default State taking(State state, WorkerId session, Owner by) {
      return state;
    }
  }

  final World world;
  private final Model model;
  private final Sight sight;

  Calls(World world, Sight sight) {
    this.world = world;
    this.model = world.model;
    this.sight = sight;
  }

  <T> Outcome<T> write(String what, Object subject, Rule<T> rule) {
    return write(what, subject, false, rule);
  }

  private <T> Outcome<T> write(String what, Object subject, boolean mayTakeOver, Rule<T> rule) {
    world.tell(() -> what + " " + subject);
    List<Decision<T>> decisions = new ArrayList<>();
    Outcome<T> outcome = world.store().write(state -> {
      Decision<T> decision = rule.decide(state);
      decisions.add(decision);
      return decision;
    });
    Violation.unless(decisions.getFirst().equals(decisions.getLast()), "both backends decide alike",
        decisions.getFirst(), decisions.getLast());
    List<Change> decided = decisions.getFirst().changes();
    world.tell(() -> "   = " + outcome);
    Violation.unless(!(outcome instanceof Outcome.Refused<T>) || decided.isEmpty(), "a refusal changes nothing",
        decided);
    if (!decided.isEmpty()) {
      model.apply(decided, mayTakeOver, world.now());
      world.store().read(state -> {
        model.check(state);
        return "";
      });
    }
    return outcome;
  }

  /** A call that only the session's holder may make: it is done for nobody else, and is lease_expired for no holder. */
  private <T> Outcome<T> fenced(String what, Fence fence, Object subject, Rule<T> rule) {
    boolean rightful = model.session(fence.session()).isRightful(fence, world.now());
    Outcome<T> outcome = write(what, subject, state -> rule.decide(sight.withFence(state, fence)));
    switch (outcome) {
      case Outcome.Done<T> _ -> Violation.unless(rightful, "nothing is done under a stale fence", what, fence);
      case Outcome.Replayed<T> _ -> {
        // The stored result of a commit needs no lease.
      }
      case Outcome.Refused<T>(Reason reason, _) ->
        Violation.unless(!rightful || reason != Reason.LEASE_EXPIRED, "the holder is known", what, fence);
    }
    return outcome;
  }

  // Taking and keeping a session.

  Outcome<Lease.Held> acquire(WorkerId session, Claimant by) {
    return taking("acquire", session, by, false, (state, claimant) -> SessionRules.acquire(
        sight.taking(state, session, by.owner()), session, claimant, world.now()));
  }

  Outcome<Lease.Held> reclaim(WorkerId session, Observed observed, Claimant by) {
    return taking("reclaim", session, by, true, (state, claimant) -> SessionRules.reclaim(
        sight.taking(state, session, by.owner()), session, observed, claimant, world, world.now()));
  }

  /**
   * The built-in executor's way: the session is acquired only if there is something to do.
   *
   * @param onlySettle whether only a turn that has to end is asked for
   */
  Outcome<NextWork> take(WorkerId session, Claimant by, boolean onlySettle) {
    SessionModel known = model.session(session);
    boolean own = known.lease() instanceof Lease.Held held && held.isLiveAt(world.now())
        && held.fence().owner().equals(by.owner());
    SessionCheck.Due due = SessionCheck.Due.of(known, own ? known.lease().generation() : 0, by.owner().isBuiltin(),
        false, world.limits, world.now());
    Outcome<NextWork> outcome = taking(onlySettle ? "settle" : "take", session, by, false, (state, claimant) -> {
      State seen = sight.taking(state, session, by.owner());
      return onlySettle
          ? WorkRules.settle(seen, session, claimant, world.limits, world.now())
          : WorkRules.take(seen, session, claimant, world.limits, world.now());
    });
    if (outcome instanceof Outcome.Done<NextWork>(NextWork given)) {
      boolean running = own && known.openTurn().map(Turn::lastAttempt)
          .filter(attempt -> attempt.isLive() && attempt.generation() == known.lease().generation()).isPresent();
      (onlySettle ? due.onlySettled(running) : due).check(given, false);
    }
    return outcome;
  }

  private <T> Outcome<T> taking(
      String what, WorkerId session, Claimant by, boolean reclaim, BiFunction<State, Claimant, Decision<T>> rule) {
    Lease before = model.session(session).lease();
    boolean free = !(before instanceof Lease.Held held) || !world.now().isBefore(held.expiresAt());
    boolean own = before instanceof Lease.Held held && held.fence().owner().equals(by.owner());
    // The node draws the token, for each call that arrives.
    var claimant = new Claimant(by.owner(), by.liveness(), world.fresh("lease"), by.ttl());
    Outcome<T> outcome = write(what, List.of(session, by.owner()), world.mayTakeOver(before),
        state -> rule.apply(state, claimant));
    if (outcome instanceof Outcome.Refused<T>(Reason reason, _)) {
      boolean justly = reason == Reason.LEASE_BUSY ? !free && (!own || reclaim) : own;
      Violation.unless(justly, "whoever may take a session gets it", reason);
    }
    return outcome;
  }

  Outcome<SessionRules.Renewed> renew(Fence fence) {
    return fenced("renew", fence, fence,
        state -> SessionRules.renew(state, fence, world.limits.leaseTtl(), world.now()));
  }

  boolean release(Fence fence) {
    boolean stored = model.session(fence.session()).lease() instanceof Lease.Held held && held.fence().equals(fence);
    boolean released =
        write("release", fence, state -> SessionRules.release(state, fence, world.now())).orThrow();
    Violation.unless(released == stored, "a release is of the holder's fence", fence);
    return released;
  }

  // A holder's work.

  Outcome<NextWork> next(Fence fence, @Nullable List<BatchId> batches) {
    String token = world.fresh("claim");
    SessionCheck.Due due = SessionCheck.Due.of(model.session(fence.session()), fence.generation(),
        fence.owner().isBuiltin(), batches != null, world.limits, world.now());
    Outcome<NextWork> outcome = fenced("next work", fence, fence,
        state -> WorkRules.next(state, fence, batches, token, world.limits, world.now()));
    if (outcome instanceof Outcome.Done<NextWork>(NextWork given)) {
      due.check(given, batches != null);
    }
    return outcome;
  }

  Outcome<AppendRules.Appended> append(
      Fence fence, TurnId turn, int attempt, long firstSeq, List<OutputPayload> records) {
    return fenced("append", fence, List.of(turn, attempt, firstSeq, records.size()),
        state -> AppendRules.append(state, fence, turn, attempt, firstSeq, records, world.now()));
  }

  Outcome<ClaimRules.AtCheckpoint> atCheckpoint(Fence fence, TurnId turn, int attempt, Boundary kind) {
    var holder = new ClaimRules.Holder(fence, world.fresh("claim"));
    return fenced("at checkpoint", fence, List.of(turn, kind),
        state -> ClaimRules.atCheckpoint(state, holder, turn, attempt, kind, world.limits, world.now()));
  }

  int abandon(Fence fence, String claimId, String token) {
    return write("abandon", claimId,
        state -> ClaimRules.abandon(state, fence, claimId, token, world.now())).orThrow();
  }

  Outcome<Cancel> acknowledge(Fence fence, TurnId turn) {
    return fenced("cancel ack", fence, turn, state -> CancelRules.acknowledge(state, fence, turn, world.now()));
  }

  /** Only a commit moves the head revision, by one; its repetition answers the same and moves nothing. */
  Outcome<Stamp.Result> commit(TurnCommit commit) {
    Fence fence = commit.fence();
    SessionModel session = model.session(fence.session());
    long before = session.session().headRevision();
    Stamp known = commit.subject() instanceof TurnCommit.Subject.OfTurn of ? model.stamp(key(fence, of)) : null;
    Outcome<Stamp.Result> outcome =
        fenced("commit", fence, commit, state -> CommitRules.commit(state, commit, world.now()));
    long grown = session.session().headRevision() - before;
    switch (outcome) {
      case Outcome.Done<Stamp.Result>(Stamp.Result result) -> Violation.unless(
          known == null && grown == 1 && result.headRevision() == before + 1, "a commit is one revision", result);
      case Outcome.Replayed<Stamp.Result>(Stamp.Result result) -> Violation.unless(
          known != null && grown == 0 && result.equals(known.result()), "a stamp's result never changes", result);
      case Outcome.Refused<Stamp.Result> refused ->
        Violation.unless(grown == 0, "a refused commit moves nothing", refused);
    }
    return outcome;
  }

  private static Stamp.Key key(Fence fence, TurnCommit.Subject.OfTurn of) {
    return switch (of) {
      case TurnCommit.Subject.AtCheckpoint(TurnId turn, int attempt, int commitNo) ->
        new Stamp.Key(fence.session(), turn, attempt, commitNo);
      case TurnCommit.Subject.Terminal(TurnId turn, _, _) -> Stamp.Key.terminal(fence.session(), turn);
    };
  }

  /** What a model call is shown has to be what the model says, so nothing that waits or was cancelled is in it. */
  void context(WorkerId session) {
    Turn open = model.session(session).openTurn().orElse(null);
    if (open != null) {
      List<String> shown = world.store()
          .read(state -> ContextRules.context(state, Objects.requireNonNull(state.turn(open.id()).orElse(null)), null,
              1_000_000))
          .orThrow().stream().map(ContextItem::content).toList();
      Violation.unless(shown.equals(model.session(session).context()), "the context of the open turn", shown,
          model.session(session).context());
    }
  }

  // The node at its start.

  /** What a node does before it takes calls: no lease lives too long, and its own earlier start holds none (spec T-3). */
  void nodeStart(Owner successor) {
    for (SessionModel session : model.sessions()) {
      write("clamp", session.id, true, state -> SessionRules.clamp(state, session.id, world.now()));
      if (world.chance(70)) {
        write("free dead", session.id, true,
            state -> SessionRules.freeDead(state, session.id, successor, world.now()));
      }
    }
    world.store().read(state -> {
      model.checkAll(state);
      return "";
    });
  }
}
