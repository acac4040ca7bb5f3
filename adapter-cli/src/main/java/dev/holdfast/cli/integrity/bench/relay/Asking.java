package dev.holdfast.cli.integrity.bench.relay;

import dev.holdfast.cli.integrity.bench.load.Histogram;
import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Callers in a closed loop, all served by one thread: each asks again when it has the whole answer. */
final class Asking implements Scenario.Measure {
  /** For what is under way when the time is over. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Loop loop;
  private final Target target;
  private final byte[] request;
  private final int connections;
  private final Counts counts;

  /** What is one unit of work, and what its time is. */
  enum Counts {
    /** From the request to the answer's end. */
    ANSWERS,
    /** Answers, and the time from the request to the first chunk. */
    FIRST_CHUNKS,
    /** Chunks, and the time from when each was sent to when it is here. */
    CHUNKS
  }

  /** @param json of each request */
  Asking(Loop loop, Target target, String json, int connections, Counts counts) {
    this.loop = loop;
    this.target = target;
    this.request = target.chat(json);
    this.connections = connections;
    this.counts = counts;
  }

  @Override
  public Sample take(long nanos) throws InterruptedException {
    var run = new Run(System.nanoTime() + nanos);
    long cpu = target.cpuNanos().getAsLong();
    long began = System.nanoTime();
    List<One> all = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        all.add(new One(run));
      }
      all.forEach(One::ask);
      boolean ended = run.left.await(nanos + PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      long took = System.nanoTime() - began;
      run.require(ended, target);
      return new Sample(run.units, took, target.cpuNanos().getAsLong() - cpu, run.times);
    } catch (IOException e) {
      throw new IllegalStateException(target.title() + " can't be called: " + e.getMessage(), e);
    } finally {
      all.forEach(One::close);
    }
  }

  /** What all connections have in common; changed on the loop's thread, and read when all are over. */
  private final class Run {
    private final long until;
    private final CountDownLatch left = new CountDownLatch(connections);
    private final Histogram times = new Histogram();
    private long units;
    private volatile @Nullable String failure;

    Run(long until) {
      this.until = until;
    }

    void require(boolean ended, Target of) {
      String found = ended ? failure : "not all was answered";
      if (found != null) {
        throw new IllegalStateException(of.title() + ": " + found);
      }
    }
  }

  private final class One implements Caller.Answers {
    private final Run run;
    private final Caller caller;
    private final Stamp stamps = new Stamp();
    private long asked;
    private long chunks;

    One(Run run) throws IOException {
      this.run = run;
      this.caller = new Caller(loop, target.address(), this);
    }

    void ask() {
      chunks = 0;
      asked = System.nanoTime();
      caller.send(request);
    }

    void close() {
      caller.close();
    }

    @Override
    public void body(int status, byte[] bytes, int from, int to) {
      if (status != 200) {
        run.failure = "answered with " + status + " " + new String(bytes, from, to - from, StandardCharsets.UTF_8);
      } else if (counts != Counts.ANSWERS) {
        stamps.take(bytes, from, to, this::chunk);
      }
    }

    private void chunk(long sent) {
      if (counts == Counts.CHUNKS) {
        run.times.record(System.nanoTime() - sent);
        run.units++;
      } else if (chunks == 0) {
        run.times.record(System.nanoTime() - asked);
      }
      chunks++;
    }

    @Override
    public void end(int status) {
      long now = System.nanoTime();
      if (status != 200 && run.failure == null) {
        run.failure = "answered with " + status;
      } else if (counts != Counts.ANSWERS && chunks == 0) {
        run.failure = "a stream ended without a chunk";
      }
      if (counts == Counts.ANSWERS) {
        run.times.record(now - asked);
      }
      run.units += counts == Counts.CHUNKS ? 0 : 1;
      if (now < run.until && run.failure == null) {
        ask();
      } else {
        run.left.countDown();
      }
    }

    @Override
    public void broken(IOException why) {
      run.failure = why.getMessage();
      run.left.countDown();
    }
  }
}
