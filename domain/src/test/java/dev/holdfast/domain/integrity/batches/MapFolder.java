package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Reading;
import dev.holdfast.domain.integrity.stores.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A backend's folder as a map, in which the steps of a batch are made one after the other as the rules have them. Each change
 * of it is atomic and durable at once; it can be stopped before any of them.
 */
public final class MapFolder {
  public static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  public static final String DATA_DIR = "dd-0123456789abcdef";
  private static final String MANIFEST = "manifest.json";
  private static final String RECEIPTS = "receipts.json";

  private final SortedMap<String, byte[]> files;
  private final Counter ids;
  private final Order order;
  private int left = Integer.MAX_VALUE;

  public MapFolder() {
    this(Order.RIGHT);
  }

  public MapFolder(Order order) {
    this(new TreeMap<>(), new Counter(), order);
  }

  private MapFolder(SortedMap<String, byte[]> files, Counter ids, Order order) {
    this.files = files;
    this.ids = ids;
    this.order = order;
  }

  /** In which order a batch's changes are made; all but the first are mistakes that a test must find. */
  public enum Order {
    RIGHT,
    /** Each file is put into its place as soon as it is written. */
    NOT_STAGED,
    /** The manifest tells of the files before they are in their places. */
    MANIFEST_EARLY
  }

  private static final class Counter implements Ids {
    private long last;

    @Override
    public String hex(int digits) {
      return String.format("%0" + digits + "x", ++last);
    }
  }

  /** The folder was stopped. */
  public static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  public MapFolder copy() {
    return new MapFolder(new TreeMap<>(files), ids, order);
  }

  /** Lets so many changes be made, and throws at the next. */
  public MapFolder stopAfter(int changes) {
    left = changes;
    return this;
  }

  public static Identities identities(long epoch) {
    return Identities.of(epoch, "cap-1", "0.1.0");
  }

  public byte @Nullable [] file(String name) {
    return files.get(name);
  }

  public Map<String, byte[]> files() {
    return files;
  }

  public void put(String name, byte[] bytes) {
    change();
    files.put(name, bytes);
  }

  public void remove(String name) {
    change();
    files.remove(name);
  }

  /** Writes a store's file as no batch does. */
  public void put(Descriptor store, Json data) {
    put(store.relativePath(), Envelope.of(store.schemaVersion(), NOW, data).bytes());
  }

  private void move(String from, String to) {
    change();
    files.put(to, Objects.requireNonNull(files.remove(from)));
  }

  private void change() {
    if (left-- <= 0) {
      throw new Stopped();
    }
  }

  public Manifest manifest() {
    return Manifest.read(data(MANIFEST, Manifest.SCHEMA));
  }

  public Receipts receipts() {
    return Receipts.read(data(RECEIPTS, Receipts.SCHEMA));
  }

  private JsonMembers data(String name, Schema schema) {
    return JsonMembers.of(switch (Reading.of(schema, files.get(name))) {
      case Reading.Absent() -> schema.initial();
      case Reading.Valid(Envelope envelope, _) -> envelope.data();
      case Reading.Broken _,Reading.Future _ -> throw new IllegalStateException(name);
    });
  }

  private void write(Manifest manifest) {
    put(MANIFEST, Envelope.of(1, NOW, manifest.json()).bytes());
  }

  private void write(Receipts receipts) {
    put(RECEIPTS, Envelope.of(1, NOW, receipts.json()).bytes());
  }

  public BatchDraft draft(long epoch) {
    return draft(identities(epoch));
  }

  private BatchDraft draft(Identities identities) {
    return new BatchDraft(StoreBatchId.random(ids), DATA_DIR, identities, BatchReason.LAUNCH_CHECKPOINT, NOW);
  }

  public StoreBatchId batch(long epoch, SequencedMap<Descriptor, Json> contents) {
    return batch(identities(epoch), contents);
  }

  /** All steps of a batch. */
  public StoreBatchId batch(Identities identities, SequencedMap<Descriptor, Json> contents) {
    BatchDraft draft = draft(identities);
    write(BatchRules.begin(receipts(), manifest(), draft).orThrow());
    Batch batch = receipts().find(draft.id()).orElseThrow();
    write(BatchRules.announced(manifest(), batch, NOW));
    List<Receipt> staged = new ArrayList<>();
    contents.forEach((store, data) -> staged.add(stage(batch, store, data)));
    Standing committed = BatchRules.on(new Standing(batch, manifest()),
        new BatchEvent.ReceiptsDurable(new BatchState.Durable(staged, NOW))).orThrow();
    write(receipts().with(committed.batch()));
    Manifest applied = BatchRules.on(committed, new BatchEvent.Applied(NOW)).orThrow().manifest();
    if (order == Order.MANIFEST_EARLY) {
      write(applied);
    }
    if (order != Order.NOT_STAGED) {
      contents.keySet().forEach(store -> move(stagedPath(batch.id(), store), store.relativePath()));
    }
    if (order != Order.MANIFEST_EARLY) {
      write(applied);
    }
    return batch.id();
  }

  private Receipt stage(Batch batch, Descriptor store, Json data) {
    byte[] bytes = Envelope.of(store.schemaVersion(), NOW, data).bytes();
    put(order == Order.NOT_STAGED ? store.relativePath() : stagedPath(batch.id(), store), bytes);
    var written = new WrittenFile(store.schemaName(), store.schemaVersion(), store.relativePath(),
        ContentHash.of(bytes), bytes.length, NOW.toEpochMilli(), batch.identities());
    return new Receipt(ReceiptId.random(ids), batch.id(), DATA_DIR, written, NOW);
  }

  public static String stagedPath(StoreBatchId batch, Descriptor store) {
    return "stores/" + new StagedName(store.fileName(), batch).text();
  }

  /** What is there of a batch. */
  public BatchFiles found(StoreBatchId batch) {
    Map<String, ContentHash> targets = new HashMap<>();
    Map<String, ContentHash> staged = new HashMap<>();
    for (Descriptor store : Descriptors.ALL) {
      Optional.ofNullable(file(store.relativePath()))
          .ifPresent(bytes -> targets.put(store.relativePath(), ContentHash.of(bytes)));
      Optional.ofNullable(file(stagedPath(batch, store)))
          .ifPresent(bytes -> staged.put(store.relativePath(), ContentHash.of(bytes)));
    }
    return new BatchFiles(targets, staged);
  }

  public Resolution resolution(Batch batch) {
    return Resolution.of(new Standing(batch, manifest()), found(batch.id()));
  }

  /** Resolves whatever is unresolved, as a launch and an operator do. */
  public void resolve() {
    for (Batch batch : receipts().unresolved(manifest())) {
      var standing = new Standing(batch, manifest());
      BatchFiles found = found(batch.id());
      Outcome<Standing> after = switch (Resolution.of(standing, found)) {
        case Resolution.Settled _ -> new Outcome.Replayed<>(standing);
        case Resolution.Forward(List<String> renames, List<String> leftovers) -> {
          renames.forEach(path -> move(stagedPath(batch.id(), store(path)), path));
          leftovers.forEach(path -> quarantine(stagedPath(batch.id(), store(path))));
          yield BatchRules.on(standing, new BatchEvent.RolledForward(found, NOW));
        }
        case Resolution.Abandon(List<String> staged, List<String> targets) -> {
          staged.forEach(path -> quarantine(stagedPath(batch.id(), store(path))));
          targets.forEach(this::quarantine);
          yield BatchRules.on(standing, new BatchEvent.Abandoned());
        }
      };
      if (!after.orThrow().manifest().equals(standing.manifest())) {
        write(after.orThrow().manifest());
      }
      write(receipts().with(after.orThrow().batch()));
    }
  }

  /** As one who only looks sees it. */
  public Survey survey() {
    return Survey.of(file(MANIFEST), file(RECEIPTS), files);
  }

  private static Descriptor store(String path) {
    return Descriptors.ALL.stream().filter(store -> store.relativePath().equals(path)).findFirst().orElseThrow();
  }

  private void quarantine(String name) {
    ContentHash hash = ContentHash.of(Objects.requireNonNull(file(name)));
    move(name, "quarantine/" + hash.evidenceName(name.substring("stores/".length()), Reason.UNCOMMITTED_BATCH));
  }
}
