package dev.holdfast.cli.integrity.bench.relay;

import dev.holdfast.cli.integrity.bench.load.Histogram;
import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Callers who each follow one streamed answer whose chunks come at a steady pace. A unit is a chunk, and its time is from when
 * the model server, or the publisher, sent it to when it is here.
 */
final class Following implements Scenario.Measure {
  /** Until all streams run, before it is measured; no longer than that. */
  private static final Duration SETTLING = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long NANOS = 1_000;

  private final Loop loop;
  private final Target target;
  private final String model;
  private final int streams;
  private final long everyMicros;

  /** @param everyMicros from one chunk of a stream to the next */
  Following(Loop loop, Target target, String model, int streams, long everyMicros) {
    this.loop = loop;
    this.target = target;
    this.model = model;
    this.streams = streams;
    this.everyMicros = everyMicros;
  }

  @Override
  public Sample take(long nanos) throws InterruptedException {
    long settling = Math.min(SETTLING.toNanos(), nanos);
    long chunks = (nanos + 2 * settling) / (everyMicros * NANOS) + 2;
    byte[] request = target.chat(Words.streamed(model, chunks, everyMicros, "upload"));
    var run = new Run();
    List<One> all = new ArrayList<>();
    try {
      for (int i = 0; i < streams; i++) {
        var one = new One(run, chunks);
        all.add(one);
        one.caller.send(request);
        // So that not all are told theirs at once.
        pause(everyMicros * NANOS / streams);
      }
      pause(settling);
      long cpu = target.cpuNanos().getAsLong();
      run.measure(System.nanoTime(), nanos);
      pause(nanos);
      long used = target.cpuNanos().getAsLong() - cpu;
      boolean ended = run.left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      run.require(ended, target);
      return new Sample(run.units, nanos, used, run.times);
    } catch (IOException e) {
      throw new IllegalStateException(target.title() + " can't be called: " + e.getMessage(), e);
    } finally {
      all.forEach(one -> one.caller.close());
    }
  }

  private static void pause(long nanos) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(nanos));
  }

  private final class Run {
    private final CountDownLatch left = new CountDownLatch(streams);
    private final Histogram times = new Histogram();
    private long units;
    private volatile long until = Long.MIN_VALUE;
    private volatile long from = Long.MAX_VALUE;
    private volatile @Nullable String failure;

    void measure(long began, long nanos) {
      until = began + nanos;
      from = began;
    }

    void require(boolean ended, Target of) {
      String found = failure != null ? failure : ended ? null : "not all streams came to their end";
      if (found != null) {
        throw new IllegalStateException(of.title() + ": " + found);
      }
    }
  }

  private final class One implements Caller.Answers {
    private final Run run;
    private final Caller caller;
    private final Stamp stamps = new Stamp();
    private long missing;

    One(Run run, long chunks) throws IOException {
      this.run = run;
      this.missing = chunks;
      this.caller = new Caller(loop, target.address(), this);
    }

    @Override
    public void body(int status, byte[] bytes, int from, int to) {
      stamps.take(bytes, from, to, this::chunk);
    }

    private void chunk(long sent) {
      missing--;
      if (sent >= run.from && sent < run.until) {
        run.times.record(System.nanoTime() - sent);
        run.units++;
      }
    }

    @Override
    public void end(int status) {
      if (status != 200 || missing != 0) {
        run.failure = "a stream ended with status " + status + " and without " + missing + " of its chunks";
      }
      run.left.countDown();
    }

    @Override
    public void broken(IOException why) {
      run.failure = why.getMessage();
      run.left.countDown();
    }
  }
}
