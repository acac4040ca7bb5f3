package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One history: some tens of steps that a seed chooses, and then an end in which everything left has to be done. */
final class Schedule {
  private final World world;
  private final Calls calls;
  private final Users users;
  private final List<WorkerId> sessions = new ArrayList<>();
  private final List<Executor> executors = new ArrayList<>();
  private final Executor node;

  Schedule(World world, Calls.Sight sight) {
    this.world = world;
    this.calls = new Calls(world, sight);
    this.users = new Users(calls);
    this.node = Executor.builtin(calls, "node-a");
    executors.add(node);
    executors.add(Executor.local(calls, "key-1:local"));
    if (world.chance(50)) {
      executors.add(Executor.opaque(calls, "key-1:first"));
    }
    if (world.chance(30)) {
      executors.add(Executor.opaque(calls, "key-1:second"));
    }
  }

  void run() {
    calls.write("open", "runtime", state -> WorkerRules.open(state, new RuntimeId("rt-0123456789abcdef"), null,
        RuntimeLimits.DEFAULT, world.now()));
    for (int i = 1 + world.random.nextInt(3); i > 0; i--) {
      sessions.add(worker(world.chance(60) ? Execution.BUILTIN : Execution.EXTERNAL));
    }
    users.send(world.any(sessions));
    for (int i = 25 + world.random.nextInt(40); i > 0; i--) {
      step();
    }
    new Finale(calls, node, sessions).run();
  }

  private WorkerId worker(Execution execution) {
    var request = new CreateWorker(new WorkerIntent.Assistant(null), new ProfileSelector.RuntimeDefault(), null,
        execution, null, List.of(), List.of(), List.of());
    return calls.write("create", execution, state -> WorkerRules.create(state, request,
        new WorkerRules.Caller("default", null, null), WorkerLimits.DEFAULT, world.now())).orThrow().id();
  }

  private void step() {
    WorkerId session = world.any(sessions);
    int roll = world.random.nextInt(1000);
    if (roll < 160) {
      users.send(session);
    } else if (roll < 230) {
      users.enqueue(session);
    } else if (roll < 280) {
      users.cancel(session, node.owner());
      if (world.chance(10)) {
        watchfulPass();
      }
    } else if (roll < 283) {
      users.end(session);
    } else if (roll == 283) {
      users.stopAndStart();
    } else if (roll < 365) {
      pass();
    } else if (roll < 390) {
      world.deliverLate();
    } else if (roll < 420) {
      world.any(executors).actAsZombie();
    } else if (roll < 450) {
      fault(session);
    } else if (roll < 468) {
      watchfulPass();
    } else if (roll < 480) {
      users.prune();
    } else if (!SessionCheck.hasWork(world.model.session(session), world.now()) && world.chance(80)) {
      users.send(session);
    } else {
      drive(session);
    }
  }

  /** Mostly the one who holds the session goes on, so that turns come to an end. */
  private void drive(WorkerId session) {
    List<Executor> holding = executors.stream().filter(one -> one.job(session).hasLease()).toList();
    Executor driver = holding.isEmpty() || world.chance(15) ? world.any(executors) : world.any(holding);
    for (int i = 1 + world.random.nextInt(3); i > 0; i--) {
      driver.act(session);
    }
  }

  private void pass() {
    int roll = world.random.nextInt(100);
    if (roll < 55) {
      world.pass(Duration.ofMillis(world.random.nextInt(4_000)));
    } else if (roll < 92) {
      world.pass(Duration.ofSeconds(world.random.nextInt(8, 40)));
    } else {
      world.pass(Duration.ofMinutes(world.random.nextInt(1, 40)));
    }
  }

  /** Long enough for deadlines, while the holders keep their leases. */
  private void watchfulPass() {
    for (int i = world.random.nextInt(4, 16); i > 0; i--) {
      world.pass(world.limits.leaseTtl().dividedBy(2));
      if (world.chance(40)) {
        drive(world.any(sessions));
      }
      executors.forEach(Executor::renewAll);
    }
  }

  private void fault(WorkerId session) {
    Executor one = world.any(executors);
    int roll = world.random.nextInt(100);
    if (roll < 25 || (one.isBuiltin() && roll < 60)) {
      one.forget(session);
    } else if (one.isBuiltin()) {
      restart();
    } else if (roll < 65) {
      one.crash();
    } else {
      one.doubled();
    }
  }

  private void restart() {
    long jump = world.chance(30) ? world.random.nextLong(-86_400, 86_401) : world.random.nextLong(0, 20);
    node.crash();
    world.restart(Duration.ofSeconds(jump));
    calls.nodeStart(node.owner());
  }
}
