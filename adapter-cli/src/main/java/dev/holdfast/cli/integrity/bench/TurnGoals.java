package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.turns.HttpTurns;
import dev.holdfast.cli.integrity.bench.turns.ManySessions.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What is wanted of turns: of their rate, of their steps among many sessions, and of those who follow their output. */
final class TurnGoals {
  /** Clients, turn cycles per second of DBOS Java on the machine of the records, and what is wanted of ours. */
  private static final double[][] PEER_TURNS = {{1, 568, 2}, {8, 1_210, 3.5}, {32, 1_001, 8}};
  /** The same of Restate's state writes over HTTP; at one client nothing is wanted. */
  private static final double[][] PEER_WRITES = {{1, 297, Double.NaN}, {32, 1_196, 4}};
  /** Units per second of raw SQLite, each in a commit of its own, on the machine of the records. */
  private static final double PEER_RAW = 6_100;
  private static final String RAW = "sqlite-1";

  private TurnGoals() {}

  static List<Goal> of(Results results) {
    List<Goal> goals = new ArrayList<>();
    for (double[] peer : PEER_TURNS) {
      results.ratio("turn-" + (int) peer[0], RAW).ifPresent(ratio -> goals.add(new Goal("P4",
          says("turn cycles at %.0f / DBOS Java's recorded %.0f/s, each against raw SQLite beside it", peer),
          times(ratio, peer), peer[2], true)));
    }
    for (double[] peer : PEER_WRITES) {
      results.ratio("turn-http-" + (int) peer[0], RAW)
          .ifPresent(ratio -> overHttp(goals, times(ratio, peer), peer));
    }
    toNothing(goals, results);
    steps(goals, results);
    streams(goals, results);
    return goals;
  }

  /** Of Restate one durable state write a request was recorded, so a turn is compared with one, and request with request. */
  private static void overHttp(List<Goal> goals, double times, double[] peer) {
    goals.add(new Goal("P4h",
        says("turns over HTTP at %.0f / Restate's recorded %.0f state writes/s, each against raw SQLite beside it",
            peer),
        times, peer[2], true));
    goals.add(Goal.told("P4h", says("their durable requests at %.0f / the same %.0f/s", peer),
        HttpTurns.REQUESTS * times));
  }

  /** A rate that was recorded elsewhere says nothing here by itself, so each is told as a ratio to what its disk could do. */
  private static double times(double ratio, double[] peer) {
    return ratio / (peer[1] / PEER_RAW);
  }

  private static void toNothing(List<Goal> goals, Results results) {
    OptionalDouble ratio = results.ratio("turn-http-32", "unstored-32");
    if (ratio.isPresent()) {
      goals.add(Goal.told("P4h", "requests of turns over HTTP at 32 / requests that store nothing",
          HttpTurns.REQUESTS * ratio.getAsDouble()));
    }
  }

  private static String says(String text, double[] peer) {
    return String.format(Locale.ROOT, text, peer[0], peer[1]);
  }

  private static void steps(List<Goal> goals, Results results) {
    for (Step step : Step.values()) {
      results.of(step.key(true)).ifPresent(many -> results.of(step.key(false)).ifPresent(one -> goals.add(new Goal("G",
          step.title() + ", p50, many sessions / one", many.micros(0.5) / one.micros(0.5), 1.5, false))));
    }
  }

  private static void streams(List<Goal> goals, Results results) {
    results.all().stream().filter(result -> result.subject().key().startsWith("stream-read")).findFirst()
        .ifPresent(read -> {
          goals.add(Goal.told("S", "a delta until its reader has it, p50 in ms", read.micros(0.5) / 1_000));
          goals.add(new Goal("S", "a delta until its reader has it, p99 in ms, the 25 ms of gathering included",
              read.micros(0.99) / 1_000, 100, false));
        });
    results.figure(Results.Figure.STREAMS_LOST)
        .ifPresent(lost -> goals.add(new Goal("S", "deltas and ends that no reader got", lost, 0, false)));
    results.figure(Results.Figure.STREAMS_DOUBLED)
        .ifPresent(doubled -> goals.add(new Goal("S", "frames that a reader got twice", doubled, 0, false)));
    results.figure(Results.Figure.STREAMS_HEAP_MIB).ifPresent(heap -> goals.add(new Goal("S",
        "heap at the end of the followed time, more than at its start, in MiB", heap, 8, false)));
  }
}
