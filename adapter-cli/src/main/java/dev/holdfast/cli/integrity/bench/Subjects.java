package dev.holdfast.cli.integrity.bench;

import dev.holdfast.application.events.EventFeed;
import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.cli.integrity.bench.load.HttpCalls;
import dev.holdfast.cli.integrity.bench.load.Load;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import dev.holdfast.cli.integrity.bench.load.Workload;
import dev.holdfast.cli.integrity.bench.turns.TurnCycle;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventCursor;
import dev.holdfast.domain.integrity.DiskProbe;
import dev.holdfast.domain.integrity.StoreProbe;
import dev.holdfast.domain.workers.Reach;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** What is measured in every run: the raw limits first, then the product. */
final class Subjects {
  /** Like a small record of a log. */
  private static final int RECORD_BYTES = 512;
  static final int GROUP = 100;
  static final int PAGE = 100;
  /** Each with a connection of its own. */
  private static final int MOST_EXECUTORS = 32;

  private static final String SQLITE = "sqlite";
  static final String APPEND = "append";
  /** Where the filesystem store is the other one. */
  static final String APPEND_FILES = "append-fs";
  static final String APPEND_SQLITE = "append-sqlite";

  private final Bed bed;
  private final Bed beside;
  private final Plan plan;
  private final URI address;
  private final String key;
  private final Workload workload;

  /**
   * @param beside on the other store; see {@link #besides}
   * @param key what a caller over HTTP proves itself with
   */
  Subjects(Bed bed, Bed beside, Plan plan, URI address, String key) {
    this.bed = bed;
    this.beside = beside;
    this.plan = plan;
    this.address = address;
    this.key = key;
    this.workload = new Workload(plan.workers(), plan.zipf());
  }

  /** The store with which one is compared. */
  static String besides(String store) {
    return store.equals(SQLITE) ? "filesystem" : SQLITE;
  }

  /** One of the first workers; those behind them are the sessions of {@link TurnCycle}. */
  private WorkerId worker(SplittableRandom chance) {
    return new WorkerId(1 + workload.next(chance));
  }

  private static SplittableRandom chance(int client) {
    return new SplittableRandom(client);
  }

  List<Scenario> all(DiskProbe disk, StoreProbe store) {
    List<Scenario> all = new ArrayList<>();
    all.add(Scenario.of("fsync", "raw: append 512 B and fdatasync", 1, _ -> () -> {
      disk.append(RECORD_BYTES);
      return 1;
    }));
    all.add(Scenario.of("sqlite", "raw: SQLite, one unit per commit", 1, _ -> committing(store, 1)));
    all.add(Scenario.of("sqlite-grouped", "raw: SQLite, " + GROUP + " units per commit", 1,
        _ -> committing(store, GROUP)));
    all.addAll(product().stream().filter(plan::wants).toList());
    return all;
  }

  private List<Scenario> product() {
    List<Scenario> all = new ArrayList<>();
    String other = beside.store().equals(SQLITE) ? APPEND_SQLITE : APPEND_FILES;
    for (int clients : plan.clients()) {
      all.add(append(bed, APPEND, clients));
      all.add(append(beside, other, clients));
    }
    for (int clients : plan.clients()) {
      all.add(Scenario.of("unstored", "HTTP: authenticated POST, nothing stored", clients,
          number -> http(number, HttpCalls::discard)));
      all.add(Scenario.of("http", "HTTP: input append", clients, number -> http(number, (calls, worker) -> {
        calls.append(worker);
        bed.acknowledge(1);
      })));
    }
    var turns = new TurnCycle(bed, LongStream.rangeClosed(plan.workers() + 1, 2L * plan.workers())
        .mapToObj(WorkerId::new).toList());
    plan.clients().forEach(clients -> all.add(turns.inProcess(clients)));
    plan.clients().stream().filter(clients -> clients <= MOST_EXECUTORS)
        .forEach(clients -> all.add(turns.overHttp(clients, address)));
    all.add(tailPage(bed, "page"));
    all.addAll(new AccessCosts(bed, address).scenarios());
    return all;
  }

  private static Load.Call committing(StoreProbe store, int units) {
    return () -> {
      store.commit(units);
      return units;
    };
  }

  Scenario append(Bed to, String family, int clients) {
    return Scenario.of(family, "input append in process, " + to.store(), clients, number -> {
      SplittableRandom chance = chance(number);
      return () -> {
        to.append(worker(chance));
        return 1;
      };
    });
  }

  /** The newest events, as a reader asks for them who has followed the feed so far. */
  static Scenario tailPage(Bed of, String family) {
    EventFeed feed = of.node().use(EventFeed.class);
    return Scenario.of(family, "tail page of " + PAGE + " events", 1, _ -> {
      EventCursor end = feed.now();
      var wanted = new EventFeed.Wanted(null, end.at(Math.max(1, end.nextEventId() - PAGE)).text(), null, Reach.ALL);
      return () -> feed.read(wanted, PAGE).orThrow().events().size() / PAGE;
    });
  }

  /** What one client does with its connection. */
  @FunctionalInterface
  private interface Request {
    void send(HttpCalls calls, WorkerId worker) throws IOException;
  }

  private Load.Call http(int number, Request request) throws IOException {
    SplittableRandom chance = chance(number);
    var calls = new HttpCalls(address, key);
    return new Load.Call() {
      @Override
      public int once() throws IOException {
        request.send(calls, worker(chance));
        return 1;
      }

      @Override
      public void close() throws IOException {
        calls.close();
      }
    };
  }
}
