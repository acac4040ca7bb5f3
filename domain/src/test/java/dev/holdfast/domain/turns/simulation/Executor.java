package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.leases.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Somebody who runs turns: the node's own executor, or a process that comes with an incarnation and may tell its pid. */
final class Executor {
  private final Calls calls;
  private final String name;
  private final boolean builtin;
  private final boolean local;
  private final Map<WorkerId, Job> jobs = new TreeMap<>();
  private final List<Job> zombies = new ArrayList<>();
  private Owner owner;
  private Liveness liveness = new Liveness.Opaque();
  private long epoch = 1;
  private long pid;

  private Executor(Calls calls, String name, boolean builtin, boolean local) {
    this.calls = calls;
    this.name = name;
    this.builtin = builtin;
    this.local = local;
    this.owner = builtin ? Owner.builtin(name, 1) : new Owner(name, "1");
    if (local) {
      begin();
    }
  }

  static Executor builtin(Calls calls, String node) {
    return new Executor(calls, node, true, false);
  }

  static Executor opaque(Calls calls, String name) {
    return new Executor(calls, name, false, false);
  }

  static Executor local(Calls calls, String name) {
    return new Executor(calls, name, false, true);
  }

  private void begin() {
    // A pid that is given again belongs to a process with another start.
    pid = calls.world.freePid();
    String start = calls.world.fresh("start");
    calls.world.started(pid, start);
    liveness = new Liveness.LocalProcess(World.HOST, World.BOOT, pid, start);
  }

  Owner owner() {
    return owner;
  }

  boolean isBuiltin() {
    return builtin;
  }

  boolean isLocal() {
    return local;
  }

  Claimant claimant() {
    return new Claimant(owner, liveness, "", calls.world.limits.leaseTtl());
  }

  /** Does something about a session. */
  void act(WorkerId session) {
    job(session).act();
  }

  /** What its guard does in the background. */
  void renewAll() {
    jobs.values().stream().filter(Job::hasLease).forEach(Job::renew);
  }

  Job job(WorkerId session) {
    return jobs.computeIfAbsent(session, _ -> new Job(calls, this, session));
  }

  /** A job that lost its session and doesn't know goes on beside its successor. */
  void forget(WorkerId session) {
    Job left = jobs.remove(session);
    if (left != null && left.hasLease()) {
      zombies.add(left);
    }
  }

  /** One that was taken for gone goes on with what it knew. */
  void actAsZombie() {
    if (!zombies.isEmpty()) {
      calls.world.tell(() -> "-- a zombie of " + name);
      calls.world.any(zombies).act();
    }
  }

  /** Dies and starts anew; all that it knew is gone with it. */
  void crash() {
    calls.world.tell(() -> "-- " + name + " is killed");
    jobs.clear();
    zombies.clear();
    if (local) {
      calls.world.died(pid, owner);
    } else if (builtin) {
      // The data directory's lock proves it.
      calls.world.died(owner);
    }
    successor();
  }

  /** Is taken for gone and followed by another start of it, and goes on all the same. */
  void doubled() {
    calls.world.tell(() -> "-- " + name + " is stopped and followed");
    jobs.values().stream().filter(Job::hasLease).forEach(zombies::add);
    jobs.clear();
    successor();
  }

  private void successor() {
    epoch++;
    owner = builtin ? Owner.builtin(name, epoch) : new Owner(name, Long.toString(epoch));
    if (local) {
      begin();
    }
  }
}
