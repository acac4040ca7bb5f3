package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * A process that sends inputs until it is killed, and says the number of each on its standard output once it was
 * acknowledged. Its second argument names a way of acknowledging.
 */
final class KilledWriter {
  static final String TRUTHFUL = "truthful";

  /** A mutant: says that an input was acknowledged before the store is even asked. */
  static final String HASTY = "hasty";

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int CLIENTS = 8;
  private static final int WORKERS = 5;
  private static final int LAG = 50;

  private final Store store;

  private KilledWriter(Store store) {
    this.store = store;
  }

  static void main(String[] arguments) throws InterruptedException {
    var writer = new KilledWriter(SqliteStore.open(Path.of(arguments[0]), NOW));
    writer.makeWorkers();
    Thread[] clients = new Thread[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      var worker = new WorkerId(1 + i % WORKERS);
      String name = "process " + ProcessHandle.current().pid() + " client " + i;
      clients[i] = Thread.ofVirtual().start(
          arguments[1].equals(HASTY) ? () -> writer.sendHastily(worker, name) : () -> writer.send(worker, name));
    }
    for (Thread client : clients) {
      client.join();
    }
  }

  private void makeWorkers() {
    store.write(state -> WorkerRules.open(
        state, new RuntimeId("rt-0123456789abcdef"), null, RuntimeLimits.DEFAULT, NOW)).orThrow();
    while (store.read(state -> state.workers(0, WORKERS, null, null)).size() < WORKERS) {
      store.write(state -> WorkerRules.create(state, CreateWorker.of(new WorkerIntent.Assistant(null)),
          new WorkerRules.Caller("default", null, null), WorkerLimits.DEFAULT, NOW)).orThrow();
    }
  }

  private void send(WorkerId worker, String client) {
    for (int i = 0;; i++) {
      String content = client + " " + i;
      write(worker, content);
      say(content);
    }
  }

  private void sendHastily(WorkerId worker, String client) {
    Queue<String> behind = new ArrayDeque<>();
    for (int i = 0;; i++) {
      behind.add(client + " " + i);
      say(client + " " + i);
      if (behind.size() > LAG) {
        write(worker, behind.remove());
      }
    }
  }

  private void write(WorkerId worker, String content) {
    var limits = new WorkerLimits(WORKERS, 1_000, Integer.MAX_VALUE, 1_000, 100);
    store.write(state -> InputRules.accept(
        state, InputRules.Sender.to(worker), InputDraft.user(content), limits, NOW)).orThrow();
  }

  /** One write of a whole line, so that lines of several threads don't mix and a killed process leaves at most one short. */
  private static void say(String content) {
    System.out.println(content);
  }
}
