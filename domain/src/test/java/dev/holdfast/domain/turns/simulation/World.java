package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.leases.ProcessTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What surrounds the rules in a schedule: chance, time, a network that loses and repeats, and processes that die. */
final class World implements ProcessTable, AutoCloseable {
  static final String HOST = "host-a";
  static final String BOOT = "boot-1";
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final SplittableRandom random;
  final TurnLimits limits;
  final Model model = new Model();
  final List<String> trace = new ArrayList<>();
  private final Backend backend;
  private final boolean tracing;
  private final Map<Long, String> processes = new HashMap<>();
  private final Set<Owner> dead = new HashSet<>();
  private final List<Runnable> late = new ArrayList<>();
  private Store store;
  private Instant now = START;
  private boolean quiet;
  private long drawn;

  World(long seed, Backend backend, boolean tracing) {
    this.random = new SplittableRandom(seed);
    this.backend = backend;
    this.tracing = tracing;
    this.store = backend.open();
    this.limits = chance(50)
        ? new TurnLimits(Duration.ofSeconds(30), 64, Duration.ofMinutes(30), 3)
        : new TurnLimits(Duration.ofSeconds(10), 3, Duration.ofSeconds(90), 2);
  }

  // Chance.

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** A text that nobody had before. */
  String fresh(String kind) {
    return kind + ++drawn;
  }

  // Time.

  Instant now() {
    return now;
  }

  void pass(Duration time) {
    now = now.plus(time);
    tell(() -> "-- " + time + " pass");
  }

  // The network.

  /** From now on every call arrives once and is answered. */
  void calm() {
    quiet = true;
  }

  /** A call as it arrives at the node, which may be more than once. */
  interface Request<T> {
    Outcome<T> arrive();
  }

  /** Makes a call as the network will have it; false when it is never answered. */
  <T> boolean carry(Request<T> request, Consumer<Outcome<T>> answer) {
    switch (fate()) {
      case LOST -> {
        tell(() -> "   (lost)");
        return false;
      }
      case REPLY_LOST -> {
        request.arrive();
        tell(() -> "   (its reply is lost)");
        return false;
      }
      case TWICE -> {
        Outcome<T> first = request.arrive();
        request.arrive();
        answer.accept(first);
      }
      case AGAIN_LATER -> {
        late.add(request::arrive);
        answer.accept(request.arrive());
      }
      case ANSWERED -> answer.accept(request.arrive());
    }
    return true;
  }

  /** How a call fares. */
  private enum Fate {
    ANSWERED,
    LOST,
    REPLY_LOST,
    TWICE,
    AGAIN_LATER
  }

  private Fate fate() {
    int roll = quiet ? 99 : random.nextInt(100);
    if (roll < 3) {
      return Fate.LOST;
    }
    if (roll < 10) {
      return Fate.REPLY_LOST;
    }
    if (roll < 14) {
      return Fate.TWICE;
    }
    return roll < 18 ? Fate.AGAIN_LATER : Fate.ANSWERED;
  }

  /** Something that was under way arrives. */
  void deliverLate() {
    if (!late.isEmpty()) {
      tell(() -> "-- a late copy arrives");
      late.remove(random.nextInt(late.size())).run();
    }
  }

  boolean hasLate() {
    return !late.isEmpty();
  }

  // The store and the node's kills.

  Store store() {
    return store;
  }

  @Override
  public void close() {
    store.close();
  }

  /** The node is gone and comes back; its wall clock may show anything. */
  void restart(Duration wallJump) {
    store = backend.restart(store);
    now = now.plus(wallJump);
    tell(() -> "-- the node was killed and starts again, its clock off by " + wallJump);
  }

  // Processes.

  /** A process id that no living process has; dead ones' are given again. */
  long freePid() {
    long pid = 100L + random.nextInt(3);
    while (processes.containsKey(pid)) {
      pid++;
    }
    return pid;
  }

  void started(long pid, String start) {
    processes.put(pid, start);
  }

  /** A process is gone, and its owner will never write again. */
  void died(long pid, Owner owner) {
    processes.remove(pid);
    dead.add(owner);
  }

  void died(Owner owner) {
    dead.add(owner);
  }

  /** Whether it does no harm to take the session from its holder. */
  boolean mayTakeOver(Lease lease) {
    return !(lease instanceof Lease.Held held) || dead.contains(held.fence().owner());
  }

  @Override
  public String hostId() {
    return HOST;
  }

  @Override
  public String bootId() {
    return BOOT;
  }

  @Override
  public Look look(long pid) {
    String start = processes.get(pid);
    return start == null ? new Missing() : new Present(start);
  }

  // The trace, which is written only when a failed schedule is run again.

  void tell(Supplier<String> line) {
    if (tracing) {
      trace.add(line.get());
    }
  }
}
