package dev.holdfast.cli.turns.executors;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Executors at work, which are killed and stopped at random. Whoever is gone is followed by another of its language. */
final class Crew implements AutoCloseable {
  /** Short, so that somebody else goes on soon with what a dead one held. */
  static final int TTL_MS = 2_000;

  private static final long ASLEEP_NANOS = (TTL_MS + 1_000) * 1_000_000L;
  private static final int RENEW_MS = 600;
  private static final int PAUSE_MS = 10;

  private final List<List<String>> commands;
  private final URI node;
  private final String key;
  private final List<ExampleProcess> present = new ArrayList<>();
  private final List<ExampleProcess> stopped = new ArrayList<>();
  private final List<ExampleProcess> former = new ArrayList<>();
  private long stoppedAt;
  private int kills;
  private int stops;
  private int starts;

  Crew(List<List<String>> commands, URI node, String key) {
    this.commands = commands;
    this.node = node;
    this.key = key;
    commands.forEach(command -> present.add(start(command)));
  }

  private ExampleProcess start(List<String> command) {
    return ExampleProcess.start(command, node, key, "--name", "crew-" + ++starts, "--ttl-ms", String.valueOf(TTL_MS),
        "--renew-ms", String.valueOf(RENEW_MS), "--pause-ms", String.valueOf(PAUSE_MS), "--sessions", "8");
  }

  /** One dies, as by {@code kill -9}, and another begins. */
  void killOne(SplittableRandom random) {
    int which = random.nextInt(present.size());
    ExampleProcess victim = present.get(which);
    if (stopped.contains(victim)) {
      return;
    }
    victim.close();
    former.add(victim);
    present.set(which, start(commands.get(which)));
    kills++;
  }

  /** One stands still, and doesn't know what happens meanwhile. */
  void stopOne(SplittableRandom random) throws IOException, InterruptedException {
    ExampleProcess victim = present.get(random.nextInt(present.size()));
    // One at a time, so that somebody works.
    if (stopped.isEmpty()) {
      victim.signal("STOP");
      stopped.add(victim);
      stoppedAt = System.nanoTime();
      stops++;
    }
  }

  /** Whoever has stood still until others have its sessions is a zombie now, and writes late (T-A34). */
  void wakeZombies() throws IOException, InterruptedException {
    if (System.nanoTime() - stoppedAt > ASLEEP_NANOS) {
      goOn();
    }
  }

  void goOn() throws IOException, InterruptedException {
    for (ExampleProcess zombie : stopped) {
      zombie.signal("CONT");
    }
    stopped.clear();
  }

  int kills() {
    return kills;
  }

  int stops() {
    return stops;
  }

  /** How often somebody was told that a session wasn't its own any more. */
  long losses() {
    return lines().stream().filter(line -> line.contains(": lost, ")).count();
  }

  /** What they said that nobody should have had to say. */
  List<String> complaints() {
    return lines().stream().filter(line -> !line.contains("works as ") && !line.contains(": lost, ")
        && !line.contains("waits for the node") && !line.contains(": applies ") && !line.contains(" completed")
        && !line.contains(" cancelled") && !line.contains(" settled as ")).toList();
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    former.forEach(executor -> lines.addAll(executor.lines()));
    present.forEach(executor -> lines.addAll(executor.lines()));
    return lines;
  }

  @Override
  public void close() {
    present.forEach(ExampleProcess::close);
  }
}
