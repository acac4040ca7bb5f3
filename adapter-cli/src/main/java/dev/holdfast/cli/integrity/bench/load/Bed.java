package dev.holdfast.cli.integrity.bench.load;

import dev.holdfast.application.access.Keys;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.turns.WorkerInputs;
import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.NewKey;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A node of its own on a fresh data directory, with workers whose turns no executor runs, so that only what is measured is
 * done. It counts what the node acknowledged.
 */
public final class Bed implements AutoCloseable {
  private static final WorkerRules.Caller CALLER = new WorkerRules.Caller(Key.DEFAULT_SUBJECT, null, null);
  private static final CreateWorker REQUEST = external();
  private static final int PAGE = 256;
  /** Requests of a key: many enough to be counted against, and never reached. */
  private static final int PER_MINUTE = 1_000_000_000;

  /** What an input holds. */
  public static final String CONTENT = "The quick brown fox jumps over the lazy dog. ".repeat(5).substring(0, 200);

  private final Node node;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong workers = new AtomicLong();

  private final WorkerCatalogue catalogue;
  private final WorkerInputs inputs;
  private final Ids ids;

  private Bed(Node node) {
    this.node = node;
    this.catalogue = node.use(WorkerCatalogue.class);
    this.inputs = node.use(WorkerInputs.class);
    this.ids = node.use(Ids.class);
  }

  /** @param store the backend's name */
  public static Bed open(String store, String data) {
    // The limits that would stop a load of this size are not what is measured.
    Node node = Node.open(new Node.Settings(store, data, "127.0.0.1", 0, true), Map.of("holdfast.bench", true,
        "holdfast.listener.connections-per-address", 20_000, "holdfast.stream.max-per-key", 12_000,
        "holdfast.limits.max-workers", 10_000_000, "holdfast.limits.max-pending-inputs", 1_000_000_000));
    boolean launched = false;
    try {
      node.launch();
      launched = true;
      return new Bed(node);
    } finally {
      if (!launched) {
        node.close();
      }
    }
  }

  private static CreateWorker external() {
    CreateWorker usual = CreateWorker.of(new WorkerIntent.Task("Be measured"));
    return new CreateWorker(usual.intent(), usual.profile(), null, Execution.EXTERNAL, null, usual.capabilities(),
        usual.workspaces(), usual.mounts());
  }

  public Node node() {
    return node;
  }

  /** The backend's name. */
  public String store() {
    return node.use(Store.class).backend();
  }

  public UnitsOfWork units() {
    return node.use(UnitsOfWork.class);
  }

  /** By so many clients at once, each with a worker of its own again and again. */
  public void createWorkers(int count, int clients) throws InterruptedException {
    Load.count(count, clients, _ -> () -> {
      create();
      return 1;
    });
  }

  public WorkerId create() {
    WorkerId made = catalogue.create(called("worker.create"), REQUEST, CALLER).orThrow().worker().id();
    workers.incrementAndGet();
    return made;
  }

  /** A new key of the standard subject, whose requests are counted, as most are. */
  public String key(Role role) {
    Key maker = node.use(Keys.class).show(PresentedKey.parse(adminKey()).orElseThrow().id(), null).orThrow().key();
    var asked = new NewKey(role, null, "bench", null, new Key.Limits(List.of(), null, PER_MINUTE), null);
    return node.use(Keys.class).create(called("key.create"), asked, maker).orThrow().presented().text();
  }

  public String adminKey() {
    try {
      return Files.readString(Path.of(node.directory().adminKeyFile())).strip();
    } catch (IOException e) {
      throw new IllegalStateException("the admin key's file can't be read", e);
    }
  }

  private Audited called(String action) {
    return Audited.local(ids.hex(32), action);
  }

  /** An input for one worker, durable on return. */
  public void append(WorkerId worker) {
    inputs.send(called("input.send"), Sender.to(worker), InputDraft.user(CONTENT)).orThrow();
    acknowledged.incrementAndGet();
  }

  /** Something else than this class has added so many entries to transcripts. */
  public void acknowledge(long entries) {
    acknowledged.addAndGet(entries);
  }

  public long acknowledged() {
    return acknowledged.get();
  }

  /** Reads every transcript to its end. */
  public long countStored() {
    long stored = 0;
    for (long number = 1; number <= workers.get(); number++) {
      long start = 0;
      while (true) {
        List<TranscriptEntry> entries =
            catalogue.transcript(null, new WorkerId(number), Reach.ALL, start, PAGE).orThrow().projection().items();
        for (TranscriptEntry entry : entries) {
          start++;
          if (entry.sequence() != start || entry.content().isEmpty()) {
            throw new IllegalStateException("worker " + number + " has a gap at entry " + start);
          }
        }
        stored += entries.size();
        if (entries.size() < PAGE) {
          break;
        }
      }
    }
    return stored;
  }

  /** What was counted so far, on the same directory, opened anew. */
  public Bed reopen(String store, String data) {
    close();
    Bed again = open(store, data);
    again.acknowledged.set(acknowledged.get());
    again.workers.set(workers.get());
    return again;
  }

  @Override
  public void close() {
    node.close();
  }

}
