package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * One schedule of a store whose process dies again and again, with or without the disk's power. Its units of work are numbered:
 * each writes some events and the newest number, so that what is found tells how many are there, and whether each is whole.
 * Before every operation on the disk it is asked as well what might be found if power were lost there.
 */
final class CrashSimulation {
  private static final int ROUNDS = 4;
  private static final int MOST_OPERATIONS = 36;
  private static final int MOST_UNITS = 4;
  private static final int LONGEST_NOTE = 1_200;
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private final SplittableRandom chance;
  private final UnaryOperator<Disk> seen;
  private final int outcomes;
  private SimulatedDisk disk = SimulatedDisk.empty();
  private int epoch;
  private long attempted;
  private long acknowledged;
  private long states;

  /**
   * @param outcomes of a power cut that are looked at before each operation
   * @param seen what the store sees of the disk
   */
  CrashSimulation(long seed, int outcomes, UnaryOperator<Disk> seen) {
    this.chance = new SplittableRandom(seed);
    this.outcomes = outcomes;
    this.seen = seen;
  }

  /** @return how many states of the disk were looked at */
  long run() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      disk.before(this::lookAtOutcomes);
      disk.cutAfter(chance.nextInt(MOST_OPERATIONS));
      work();
      disk.before(() -> {});
      disk.cutAfter(Long.MAX_VALUE);
      if (chance.nextBoolean()) {
        disk = disk.afterPowerCut(chance);
      }
      // What a start has found is answered for from then on.
      acknowledged = found(disk);
      attempted = acknowledged;
    }
    return states;
  }

  /** Until the process dies. */
  private void work() throws IOException {
    epoch++;
    Fold fold;
    try {
      fold = Fold.open(place(disk));
    } catch (SimulatedDisk.PowerCut _) {
      return;
    }
    var store = new FileStore(place(disk), fold, Runnable::run);
    try {
      boolean alive = true;
      while (alive) {
        if (chance.nextInt(8) == 0 && !compacted(store)) {
          return;
        }
        List<Command<Long>> group = new ArrayList<>();
        for (int unit = chance.nextInt(MOST_UNITS); unit >= 0; unit--) {
          group.add(new Command<>(this::next));
        }
        store.write(group);
        for (Command<Long> command : group) {
          alive &= !command.hasFailed();
          acknowledged = command.hasFailed() ? acknowledged : Math.max(acknowledged, command.await().orThrow());
        }
      }
    } finally {
      store.close();
    }
  }

  /** False when the process died of it; what was acknowledged stays, whichever history is in force then. */
  private static boolean compacted(FileStore store) {
    try {
      store.compact();
      return true;
    } catch (SimulatedDisk.PowerCut | StoreException _) {
      return false;
    }
  }

  private Place place(SimulatedDisk of) throws IOException {
    Disk folder = seen.apply(of);
    var settings = new Journal.Settings("dd-0123456789abcdef", epoch, () -> 4711 + epoch, 4_096, 2_048);
    return new Place(folder.folder("journal"), folder.folder("index"), new Quarantine(folder.folder("quarantine")),
        settings);
  }

  private Decision<Long> next(State state) {
    long number = number(state) + 1;
    attempted = Math.max(attempted, number);
    List<Change> changes = new ArrayList<>();
    for (int part = 0; part < parts(number); part++) {
      changes.add(new EventChange.Appended(event(state.lastEventId() + 1 + part, number, part)));
    }
    changes.add(new ProviderChange.DefaultModelPut(Long.toString(number)));
    return Decision.done(number, changes);
  }

  private static int parts(long number) {
    return (int) (1 + number % 3);
  }

  private static Event event(long id, long number, int part) {
    String note = "n".repeat((int) (number * 331 % LONGEST_NOTE));
    return new Event(id, null, EventName.RUNTIME_STARTED, AT, null, Json.object("unit", number, "part", part), note);
  }

  private static long number(State state) {
    return state.defaultModel().map(Long::parseLong).orElse(0L);
  }

  private void lookAtOutcomes() {
    for (int outcome = 0; outcome < outcomes; outcome++) {
      SimulatedDisk found = disk.afterPowerCut(chance);
      try {
        if (chance.nextInt(4) == 0) {
          found.cutAfter(chance.nextInt(6));
          found = diesAgain(found);
        }
        found(found);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Recovery, too, dies at any of its operations. */
  private SimulatedDisk diesAgain(SimulatedDisk found) throws IOException {
    try {
      found(found);
      found.cutAfter(Long.MAX_VALUE);
      return found;
    } catch (SimulatedDisk.PowerCut _) {
      found.cutAfter(Long.MAX_VALUE);
      return chance.nextBoolean() ? found : found.afterPowerCut(chance);
    }
  }

  /** Opens what was found, and answers the number of its newest unit. */
  private long found(SimulatedDisk found) throws IOException {
    states++;
    try (Fold fold = Fold.open(place(found))) {
      long number = number(fold.state());
      Violation.unless(number >= acknowledged, "an acknowledged unit is lost", number, acknowledged);
      Violation.unless(number <= attempted, "a unit is there that was never written", number, attempted);
      long id = 0;
      for (long unit = 1; unit <= number; unit++) {
        for (int part = 0; part < parts(unit); part++) {
          id++;
          Event there = fold.state().events(id, 1, null).stream().findFirst().orElse(null);
          Violation.unless(event(id, unit, part).equals(there), "a unit is torn", unit, part);
        }
      }
      Violation.unless(fold.state().lastEventId() == id, "events of a unit that isn't there", id);
      return number;
    }
  }

  /** Something that must never be. */
  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private Violation(String what) {
      super(what);
    }

    static void unless(boolean holds, String what, Object... facts) {
      if (!holds) {
        throw new Violation(what + ": " + List.of(facts));
      }
    }
  }
}
