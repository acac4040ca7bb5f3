package dev.holdfast.cli.turns.executors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.cli.turns.executors.ExampleProcess.Language;
import dev.holdfast.domain.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three executors, the documentation's examples, work on fifty workers of the real daemon on SQLite, while executors and
 * daemon are killed and executors are stopped until others have taken their sessions. How long is the property
 * {@code holdfast.fire.seconds}; what happens when comes from a seed that a failing run names, {@code -Dholdfast.seed=N}.
 */
@EnabledIfSystemProperty(named = "holdfast.fire.seconds", matches = "[0-9]+",
    disabledReason = "it runs in the nightly profile")
class ExecutorsUnderFireIT {
  private static final int SECONDS = Integer.getInteger("holdfast.fire.seconds", 5);
  private static final int WORKERS = 50;
  private static final int SENDERS = 4;
  private static final long STEP_NANOS = 120_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final long seed = Long.getLong("holdfast.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);
  private int daemonKills;

  @TempDir
  private Path temp;

  @Test
  @DisplayName("executors and daemon are killed at random: each accepted input is in exactly one committed turn, each answer "
      + "is there once, and each follower saw each turn end once, without a gap or a repeat")
  void fire() throws Exception {
    try (DaemonProcess daemon = DaemonProcess.ofDistribution(temp.resolve("data"))) {
      var admin = new NodeClient(daemon.address(), daemon.key());
      NodeClient user = admin.withKey("consumer", "team");
      List<String> workers = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        workers.add(NodeClient.text(user.post("/api/v1/workers", Json.object("execution", "external")), "worker_id"));
      }
      List<NodeClient> readers =
          Stream.generate(() -> admin.withKey("consumer", "team")).limit(4).toList();
      try (var followers = new Followers(readers);
          var crew = new Crew(commands(), daemon.address(), admin.withKey("executor", "team").key())) {
        var traffic = new Traffic(user, workers, followers.open());
        traffic.begin();
        burn(daemon, crew, traffic);
        awaitDrained(user, workers);
        var judge = judge(user, workers, traffic, followers);
        tell(crew, traffic, judge);
        assertEquals(List.of(), crew.complaints(), "seed " + seed);
        assertEquals(List.of(), judge.faults(), "seed " + seed);
      }
    }
  }

  private List<List<String>> commands() {
    List<String> java = ExampleProcess.compiledJava(temp.resolve("classes"));
    if (Language.NODE.isHere()) {
      return List.of(java, Language.NODE.command(), java);
    }
    System.out.println("ExecutorsUnderFireIT: no node of version 20 or newer is here, so all executors are in Java");
    return List.of(java, java, java);
  }

  private void burn(DaemonProcess daemon, Crew crew, Traffic traffic) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> senders = new ArrayList<>();
      for (int i = 0; i < SENDERS; i++) {
        SplittableRandom die = random.split();
        senders.add(threads.submit(() -> {
          while (System.nanoTime() < end) {
            traffic.step(die);
            LockSupport.parkNanos(STEP_NANOS);
          }
        }));
      }
      // Each of the three happens in a short run, too; then the die says.
      for (int i = 0; System.nanoTime() < end; i++) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(200, 1_200)));
        crew.wakeZombies();
        switch (i < 3 ? 2 * i : random.nextInt(5)) {
          case 0, 1 -> crew.killOne(random);
          case 2, 3 -> crew.stopOne(random);
          default -> {
            daemon.kill();
            daemon.restart();
            daemonKills++;
          }
        }
      }
      crew.goOn();
      for (Future<?> sender : senders) {
        sender.get();
      }
    }
  }

  private static void awaitDrained(NodeClient user, List<String> workers) {
    for (String worker : workers) {
      await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100))
          .until(() -> open(user.get("/api/v1/sessions/" + worker)) == 0);
    }
  }

  private static long open(Json session) {
    Json counts = NodeClient.member(session, "counts");
    return Long.parseLong(NodeClient.text(counts, "pending_inputs"))
        + Long.parseLong(NodeClient.text(counts, "queued_work"))
        + (NodeClient.optionalText(session, "open_turn_id") == null ? 0 : 1);
  }

  private static FireJudge judge(NodeClient user, List<String> workers, Traffic traffic, Followers followers) {
    var judge = new FireJudge();
    judge.faults().addAll(traffic.faults());
    List<FireJudge.Turn> turns = new ArrayList<>();
    List<FireJudge.Shown> inputs = new ArrayList<>();
    List<FireJudge.Shown> batches = new ArrayList<>();
    List<FireJudge.Entry> entries = new ArrayList<>();
    for (String id : workers) {
      String worker = "/api/v1/workers/" + id;
      user.all(worker + "/turns").forEach(turn -> turns.add(turn(user, traffic, NodeClient.text(turn, "turn_id"))));
      user.all(worker + "/inputs").forEach(input -> inputs.add(shown(input, "input_id")));
      user.all(worker + "/queue").forEach(batch -> batches.add(shown(batch, "batch_id")));
      entries.addAll(entries(user, worker));
      judge.drained(id, open(user.get("/api/v1/sessions/" + id)));
    }
    List<FireJudge.Sent> work = Stream.concat(traffic.inputs().stream(), traffic.wakes().stream()).toList();
    List<String> commands = traffic.commands().stream().map(FireJudge.Sent::id).toList();
    judge.turns(turns);
    judge.work(work, Stream.concat(inputs.stream(),
        batches.stream().filter(batch -> !commands.contains(batch.id()))).toList());
    judge.commands(traffic.commands(), batches);
    judge.answers(work, entries);
    judge.followers(followers.awaitEnds(PATIENCE), entries);
    return judge;
  }

  private static FireJudge.Turn turn(NodeClient user, Traffic traffic, String id) {
    Json turn = user.get("/api/v1/turns/" + id);
    List<String> taken = new ArrayList<>(NodeClient.texts(turn, "start_inputs"));
    taken.addAll(NodeClient.texts(turn, "start_batches"));
    for (Json checkpoint : NodeClient.items(turn, "checkpoints")) {
      taken.addAll(NodeClient.texts(checkpoint, "inputs"));
      taken.addAll(NodeClient.texts(checkpoint, "wakes"));
    }
    long lost = NodeClient.items(turn, "attempts").stream()
        .filter(attempt -> "lost".equals(NodeClient.optionalText(attempt, "ended_by"))).count();
    return new FireJudge.Turn(id, NodeClient.optionalText(turn, "outcome"), taken, traffic.cancelled(id), lost);
  }

  private static FireJudge.Shown shown(Json item, String id) {
    return new FireJudge.Shown(
        NodeClient.text(item, id), NodeClient.text(item, "state"), NodeClient.optionalText(item, "turn_id"));
  }

  private static List<FireJudge.Entry> entries(NodeClient user, String worker) {
    List<FireJudge.Entry> entries = new ArrayList<>();
    String start = "0";
    while (start != null) {
      Json page = user.get(worker + "/transcript?limit=256&start=" + start);
      for (Json entry : NodeClient.items(page, "items")) {
        if (NodeClient.text(entry, "role").equals("assistant")) {
          entries.add(new FireJudge.Entry(NodeClient.text(entry, "turn_id"), NodeClient.text(entry, "content"),
              NodeClient.text(entry, "status").equals("final")));
        }
      }
      start = NodeClient.optionalText(page, "next_start");
    }
    return entries;
  }

  private void tell(Crew crew, Traffic traffic, FireJudge judge) {
    assertTrue(crew.kills() > 0 && crew.stops() > 0 && daemonKills > 0, "it burned");
    System.out.println("ExecutorsUnderFireIT: " + SECONDS + " s, seed " + seed + ": " + traffic.inputs().size()
        + " inputs, " + traffic.wakes().size() + " wakes, " + traffic.commands().size() + " commands, "
        + judge.summary() + "; " + crew.kills() + " executors killed, " + crew.stops() + " stopped and continued, "
        + daemonKills + " kills of the daemon, " + crew.losses() + " sessions reported lost");
  }
}
