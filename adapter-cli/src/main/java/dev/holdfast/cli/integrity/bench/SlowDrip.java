package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.load.HttpCalls;
import dev.holdfast.cli.integrity.bench.load.Load;
import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import dev.holdfast.cli.integrity.bench.load.Subject;

import dev.holdfast.domain.WorkerId;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;

/**
 * What clients that behave notice of a thousand others that send a byte a second: the same load without and with them, in
 * turns. They come from addresses of their own, so that no other bound cuts them first (spec access A-A18).
 */
final class SlowDrip {
  static final String CALM = "calm-8";
  static final String ATTACKED = "slow-drip-8";
  private static final int SENDERS = 1_000;
  private static final int CLIENTS = 8;
  /** All senders have to live while the load runs. */
  private static final long LONGEST_NANOS = 6_000_000_000L;

  private final URI address;
  private final String key;
  private final Results results;
  private final Consumer<String> progress;

  SlowDrip(URI address, String key, Results results, Consumer<String> progress) {
    this.address = address;
    this.key = key;
    this.results = results;
    this.progress = progress;
  }

  List<Scenario> scenarios() {
    return List.of(
        new Scenario(new Subject(CALM, "HTTP: POST, nothing stored, nobody drips", CLIENTS), this::behaved),
        new Scenario(new Subject(ATTACKED, "the same beside " + SENDERS + " slow senders", CLIENTS), this::attacked));
  }

  private Sample behaved(long nanos) throws InterruptedException {
    return Load.during(Math.min(nanos, LONGEST_NANOS), CLIENTS, _ -> {
      var calls = new HttpCalls(address, key);
      return new Load.Call() {
        @Override
        public int once() throws IOException {
          calls.discard(new WorkerId(1));
          return 1;
        }

        @Override
        public void close() throws IOException {
          calls.close();
        }
      };
    });
  }

  private Sample attacked(long nanos) throws InterruptedException {
    long before = heap();
    try (var senders = Drippers.open(address, key, SENDERS)) {
      Sample sample = behaved(nanos);
      if (senders.cut() > 0) {
        throw new IllegalStateException(senders.cut() + " slow senders were cut before the load was over");
      }
      results.note(Results.Figure.DRIP_HEAP_MIB, (heap() - before) / (double) (1 << 20));
      double longest = senders.untilAllCut();
      results.note(Results.Figure.DRIP_CUT_S, longest);
      progress.accept(String.format("all slow senders were cut, the last after %.1f s", longest));
      return sample;
    }
  }

  /** What is in use, without what is no longer. */
  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
