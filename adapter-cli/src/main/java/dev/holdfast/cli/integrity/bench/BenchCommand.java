package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.integrity.bench.relay.Children;
import dev.holdfast.cli.integrity.bench.relay.Extent;
import dev.holdfast.cli.integrity.bench.relay.Peers;
import dev.holdfast.domain.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How fast this machine's disk is, and how much of that the node makes of it. */
@Command(
    name = "bench",
    description = {
      "Measure the disk, SQLite and a node on them, in one run, and compare; appends on the filesystem store as well.",
      "It works on data directories of its own, which it deletes at the end. It takes about six minutes; --quick half a "
          + "minute, for a first look."},
    footer = {
      "", "Examples:",
      "  holdfast bench --quick",
      "  holdfast bench --dir /srv                     on the disk that a node's data would be on",
      "  holdfast bench --events 1000000 -o json       growth as well: the costs with a million events",
      "  holdfast bench --only append                  appends alone, on both stores",
      "  holdfast bench --only turn --streams 200      turns alone, and 200 of them followed for a minute",
      "  holdfast bench --relay --portkey start-server.js   the relay, beside nginx and Portkey's gateway"})
public final class BenchCommand extends Verb {
  private static final int WORKERS = 1_000;
  private static final double WARM_UP_SECONDS = 3;
  private static final double FOLLOW_SECONDS = 60;
  private static final double QUICK_FOLLOW_SECONDS = 10;

  @Option(names = "--dir", paramLabel = "DIR",
      description = "Where the data directories are made. Default: beside the data directory.")
  @Nullable
  Path dir;

  @Option(names = "--store", paramLabel = "BACKEND",
      description = "The store that is measured, sqlite or filesystem; of the other one appends are. Default: sqlite.")
  @Nullable
  String store;

  @Option(names = "--seconds", paramLabel = "SECONDS", description = "Of each scenario in each round. Default: 2.")
  double seconds = 2;

  @Option(names = "--rounds", paramLabel = "N", description = "Default: 5.")
  int rounds = 5;

  @Option(names = "--clients", paramLabel = "N", split = ",",
      description = "How many at once. Default: 1,8,32,64,128.")
  List<Integer> clients = List.of(1, 8, 32, 64, 128);

  @Option(names = "--only", paramLabel = "NAME", split = ",",
      description = "Only scenarios whose name begins so, beside the raw limits: append, http, unstored, turn, page, "
          + "checked, unchecked, key; of the relay: whole, stream, first, upload, posts, callers, leave, links.")
  List<String> only = List.of();

  @Option(names = "--zipf", description = "Choose workers by Zipf's law with exponent 1.1, not evenly.")
  boolean zipf;

  @Option(names = "--events", paramLabel = "N", description = "Measure growth as well, up to so many events.")
  long events;

  @Option(names = "--slow-drip", description = "Measure calls beside 1,000 slow senders as well.")
  boolean slowDrip;

  @Option(names = "--wrong-keys", paramLabel = "N",
      description = "Measure also what N requests with wrong keys leave in the heap.")
  long wrongKeys;

  @Option(names = "--sessions", paramLabel = "N",
      description = "Measure also what a turn's steps cost among N sessions, one in ten with an open turn.")
  int sessions;

  @Option(names = "--streams", paramLabel = "N",
      description = "Measure also, for a minute, N turns of 50 deltas a second and as many readers of them.")
  int streams;

  @Option(names = "--relay",
      description = "Measure the relay instead: calls of a model server through a node as a process of its own, beside the same "
          + "calls through nginx and Portkey's gateway.")
  boolean relay;

  @Option(names = "--nginx", paramLabel = "PATH", description = "The program nginx. Default: the one on the PATH.")
  @Nullable
  String nginx;

  @Option(names = "--portkey", paramLabel = "COMMAND",
      description = "What begins Portkey's gateway, or its file build/start-server.js, which needs node.")
  @Nullable
  String portkey;

  @Option(names = "--quick", description = "Half a minute: two short rounds at 1, 32 and 64 clients.")
  boolean quick;

  private final Children children = new Children();

  @Override
  public Integer call() throws InterruptedException, IOException {
    // Whatever kind of store the usual data directory holds.
    String measured = settings().flag(Settings.Name.STORE, store).required(Settings.Name.STORE);
    if (measured.equals("memory")) {
      throw Refusal.of(Reason.INVALID_REQUEST, "what is measured keeps something: sqlite or filesystem");
    }
    Plan plan = plan();
    Path folder = folder();
    Thread cleaning = new Thread(() -> {
      children.close();
      remove(folder);
    });
    Runtime.getRuntime().addShutdownHook(cleaning);
    try {
      if (relay) {
        relay(plan, measured, folder);
        return ExitCode.OK;
      }
      Bench.Findings findings = new Bench(plan, measured, folder, screen()::await).run();
      Telling.ofStore(plan, findings, System.getenv(Goal.DELAY)).print(screen(), output());
      return findings.isComplete() ? ExitCode.OK : ExitCode.FAILED;
    } finally {
      children.close();
      remove(folder);
      Runtime.getRuntime().removeShutdownHook(cleaning);
    }
  }

  private void relay(Plan plan, String measured, Path folder) throws IOException, InterruptedException {
    Extent extent = quick ? Extent.QUICK : Extent.USUAL;
    RelayBench.Findings findings =
        new RelayBench(plan, extent, new Peers(nginx, portkey), screen()::await).run(measured, folder, children);
    Telling.ofRelay(plan, extent, findings).print(screen(), output());
  }

  private Plan plan() {
    if (seconds <= 0 || rounds < 1 || events < 0 || wrongKeys < 0 || sessions < 0
        || streams < 0 || clients.stream().anyMatch(n -> n < 1)) {
      throw Refusal.of(Reason.INVALID_REQUEST, "seconds, rounds and clients must be above zero, and no number below");
    }
    var turns = new Plan.Turns(sessions, streams, quick ? QUICK_FOLLOW_SECONDS : FOLLOW_SECONDS);
    return quick
        ? new Plan(WORKERS, 0.5, 0.5, 2, List.of(1, 32, 64), only, zipf, events, slowDrip, wrongKeys, turns)
        : new Plan(WORKERS, seconds, WARM_UP_SECONDS, rounds, clients, only, zipf, events, slowDrip, wrongKeys, turns);
  }

  private Path folder() throws IOException {
    Path beside = dir == null
        ? Path.of(settings().required(Settings.Name.DATA)).toAbsolutePath().getParent()
        : dir.toAbsolutePath();
    if (beside == null) {
      throw Refusal.of(Reason.INVALID_REQUEST, "there is no folder beside the data directory; name one with --dir");
    }
    Files.createDirectories(beside);
    return Files.createTempDirectory(beside, "holdfast-bench-");
  }

  /** Deepest first. What can't be removed is left. */
  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.forEach(all::add);
      for (Path path : all.reversed()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("holdfast: " + folder + " could not be removed");
    }
  }
}
