package dev.holdfast.cli.integrity.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closed-loop clients: each does its next call when it has the answer to the one before. A client is a virtual thread, as
 * every caller of the product is: a request over HTTP, a turn of the built-in executor.
 */
public final class Load {
  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private Load() {}

  /** One client's call. */
  @FunctionalInterface
  public interface Call {
    /** @return units of work that are durable now */
    int once() throws Exception;

    /** After the last call. */
    default void close() throws Exception {}
  }

  /** Makes each client its own call, with what it alone uses. */
  @FunctionalInterface
  public interface Client {
    Call ready(int number) throws Exception;
  }

  /** Calls until so much time has passed, on a machine with much else to do at least once. */
  public static Sample during(long nanos, int clients, Client client) throws InterruptedException {
    return run(clients, client, () -> {
      long end = System.nanoTime() + nanos;
      var called = new AtomicBoolean();
      return () -> System.nanoTime() < end || !called.getAndSet(true);
    });
  }

  /** So many calls, by all clients together. */
  public static Sample count(long calls, int clients, Client client) throws InterruptedException {
    var left = new AtomicLong(calls);
    return run(clients, client, () -> () -> left.getAndDecrement() > 0);
  }

  /** Made when all clients are ready, and asked before each call. */
  @FunctionalInterface
  private interface Start {
    BooleanSupplier goOn();
  }

  private static Sample run(int clients, Client client, Start start) throws InterruptedException {
    var run = new Run(clients);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int number = i;
      threads.add(Thread.ofVirtual().name("bench-" + i).start(() -> run.client(client, number)));
    }
    run.ready.await();
    long cpuBegan = MACHINE.getProcessCpuTime();
    long began = System.nanoTime();
    run.goOn = start.goOn();
    run.go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    long nanos = System.nanoTime() - began;
    long cpuNanos = MACHINE.getProcessCpuTime() - cpuBegan;
    Throwable failure = run.failure.get();
    if (failure != null) {
      throw new IllegalStateException("a call of the bench failed: " + failure.getMessage(), failure);
    }
    return new Sample(run.units.get(), nanos, cpuNanos, run.latencies);
  }

  private static final class Run {
    private final CountDownLatch ready;
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicLong units = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Histogram latencies = new Histogram();
    private volatile BooleanSupplier goOn = () -> false;

    Run(int clients) {
      ready = new CountDownLatch(clients);
    }

    private Call readied(Client client, int number) throws Exception {
      try {
        return client.ready(number);
      } finally {
        ready.countDown();
      }
    }

    void client(Client client, int number) {
      var own = new Histogram();
      long done = 0;
      try {
        Call call = readied(client, number);
        go.await();
        BooleanSupplier more = goOn;
        while (failure.get() == null && more.getAsBoolean()) {
          long began = System.nanoTime();
          done += call.once();
          own.record(System.nanoTime() - began);
        }
        call.close();
      } catch (Exception e) {
        failure.compareAndSet(null, e);
      }
      units.addAndGet(done);
      synchronized (latencies) {
        latencies.add(own);
      }
    }
  }
}
