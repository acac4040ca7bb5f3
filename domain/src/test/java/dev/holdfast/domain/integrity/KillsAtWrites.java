package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.relay.ProviderChange;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes numbered units of work and is killed by the kernel at one of its system calls that write, again and
 * again on the same folder. Whatever it had answered is there then, and no unit is torn.
 *
 * <p>System properties: {@code holdfast.kills} how many, {@code holdfast.kills.seed}.
 */
public abstract class KillsAtWrites {
  private static final String CALLS =
      "pwrite64,fsync,fdatasync,ftruncate,?rename,?renameat,?renameat2,?unlink,?unlinkat";
  private static final int KILLS = Integer.getInteger("holdfast.kills", 6);
  private static final long SEED = Long.getLong("holdfast.kills.seed", 1);
  private static final int UNITS = 40;
  /** Opening, closing, and about two calls a unit. */
  private static final int LAST_CALL = 100;
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  private Path temp;

  /** The store of the folder, made when there is none. */
  protected abstract Store open(Path folder);

  /** Whether it also dies where it writes in the order of a file, as what unpacks a library does again and again. */
  protected boolean writesInOrder() {
    return true;
  }

  /** Has a main method that calls {@link #work}, with the folder as its argument. */
  protected abstract Class<?> process();

  /** What the process does: it says the number of each unit once that is answered. */
  protected static void work(Store store, PrintStream out) {
    try (store) {
      for (int unit = 0; unit < UNITS; unit++) {
        out.println(store.write(KillsAtWrites::next).orThrow());
        out.flush();
      }
    }
    out.println("end");
  }

  private static Decision<Long> next(State state) {
    long number = number(state) + 1;
    List<Change> changes = new ArrayList<>();
    for (int part = 0; part < parts(number); part++) {
      changes.add(new EventChange.Appended(event(state.lastEventId() + 1 + part, number, part)));
    }
    changes.add(new ProviderChange.DefaultModelPut(Long.toString(number)));
    return Decision.done(number, changes);
  }

  private static long number(State state) {
    return state.defaultModel().map(Long::parseLong).orElse(0L);
  }

  private static int parts(long number) {
    return (int) (1 + number % 3);
  }

  private static Event event(long id, long number, int part) {
    return new Event(id, null, EventName.RUNTIME_STARTED, AT, null, Json.object("unit", number, "part", part),
        "n".repeat((int) (number * 331 % 1_200)));
  }

  @Test
  @DisplayName("killed by the kernel at its writes, again and again: no acknowledged unit is lost, none is torn")
  void kills() throws IOException, InterruptedException {
    if (!canTrace()) {
      String why = "SKIPPED: strace can't trace here, so no process is killed at its writes";
      System.out.println(why);
      assumeTrue(false, why);
    }
    var chance = new SplittableRandom(SEED);
    long acknowledged = 0;
    int killed = 0;
    for (int round = 0; killed < KILLS; round++) {
      assertTrue(round < 3 * KILLS + 10, "processes end before they are killed");
      int call = 1 + chance.nextInt(LAST_CALL);
      List<String> said = run(call);
      killed += said.contains("end") ? 0 : 1;
      for (String line : said) {
        acknowledged = line.matches("[0-9]+") ? Long.parseLong(line) : acknowledged;
      }
      acknowledged = judge(acknowledged, "round " + round + " at call " + call + " of seed " + SEED);
    }
    System.out.println(killed + " kills at writes, " + acknowledged + " units, none lost");
  }

  private static boolean canTrace() throws IOException, InterruptedException {
    try {
      Process trial = new ProcessBuilder("strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=" + CALLS
          + ":signal=SIGKILL:when=1000", "true").redirectErrorStream(true).start();
      trial.getInputStream().readAllBytes();
      return trial.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The whole lines that the process said before it died at that call. */
  private List<String> run(int call) throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String calls = writesInOrder() ? "write," + CALLS : CALLS;
    Process process = new ProcessBuilder("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + calls, "-e",
        "inject=" + calls + ":signal=SIGKILL:when=" + call, java, "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp",
        System.getProperty("java.class.path"), process().getName(), temp.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.substring(0, said.lastIndexOf('\n') + 1).lines().toList();
  }

  /** What was found counts as acknowledged from then on. */
  private long judge(long acknowledged, String where) {
    try (Store store = open(temp)) {
      return store.read(state -> {
        long number = number(state);
        assertTrue(number >= acknowledged, () -> where + ": " + acknowledged + " was acknowledged, found " + number);
        assertTrue(number <= acknowledged + UNITS, where);
        long id = 0;
        for (long unit = 1; unit <= number; unit++) {
          for (int part = 0; part < parts(unit); part++) {
            id++;
            assertEquals(List.of(event(id, unit, part)), state.events(id, 1, null), where);
          }
        }
        assertEquals(id, state.lastEventId(), where);
        return number;
      });
    }
  }
}
