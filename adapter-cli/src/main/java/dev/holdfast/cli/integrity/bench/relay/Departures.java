package dev.holdfast.cli.integrity.bench.relay;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Callers who leave: half of them in the middle of a stream, half while the model server hasn't said anything yet. */
public final class Departures {
  private static final long PATIENCE_S = 10;
  private static final long LONG = 100_000;
  private static final long EVERY_MICROS = 20_000;
  private static final double MILLIS = 1e6;

  private final Loop loop;
  private final MockModel model;

  Departures(Loop loop, MockModel model) {
    this.loop = loop;
    this.model = model;
  }

  /**
   * What was found.
   *
   * @param inTime how many of them the model server was told of within a second
   * @param mostMillis until it was told of the last one; of one that it wasn't told of, for ever
   */
  public record Found(int tries, int inTime, double mostMillis) {}

  Found leave(Target target, String name, int tries) throws InterruptedException {
    int inTime = 0;
    double most = 0;
    for (int i = 0; i < tries; i++) {
      double took = once(target, name, i);
      inTime += took <= Duration.ofSeconds(1).toMillis() ? 1 : 0;
      most = Math.max(most, took);
    }
    return new Found(tries, inTime, most);
  }

  private double once(Target target, String name, int number) throws InterruptedException {
    boolean speaks = number % 2 == 0;
    String how = (speaks ? "speaking-" : Words.SILENT + "-") + target.name() + "-" + name + "-" + number;
    MockModel.Visit visit = model.expect(how);
    var first = new CompletableFuture<Integer>();
    try (var caller = new Caller(loop, target.address(), new First(first))) {
      caller.send(target.chat(Words.streamed(name, LONG, EVERY_MICROS, how)));
      visit.came().get(PATIENCE_S, TimeUnit.SECONDS);
      if (speaks) {
        first.get(PATIENCE_S, TimeUnit.SECONDS);
      }
    } catch (IOException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(target.title() + " did not reach the model server: " + e, e);
    }
    long gone = System.nanoTime();
    try {
      return (visit.left().get(PATIENCE_S, TimeUnit.SECONDS) - gone) / MILLIS;
    } catch (ExecutionException | TimeoutException e) {
      return Double.POSITIVE_INFINITY;
    }
  }

  /** Told of the first piece of an answer. */
  private record First(CompletableFuture<Integer> status) implements Caller.Answers {
    @Override
    public void body(int code, byte[] bytes, int from, int to) {
      status.complete(code);
    }

    @Override
    public void end(int code) {
      status.completeExceptionally(new IOException("ended with status " + code));
    }

    @Override
    public void broken(IOException why) {
      status.completeExceptionally(why);
    }
  }
}
