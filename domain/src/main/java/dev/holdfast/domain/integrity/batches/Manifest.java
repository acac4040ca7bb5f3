package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Schema;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which files belong together, and for which run.
 *
 * @param dataDirId null before the first batch, and so of every directory
 * @param active identities of the last batch that was applied; null before the first
 * @param highWatermark sequence of that batch, 0 before the first
 * @param lastPreparing the last batch that was begun; for people only
 * @param entries by schema name, at most one for each
 * @param lastRecoveryPlan the last plan that was carried out
 * @param updatedAt null before the first change
 */
public record Manifest(
    @Nullable String dataDirId, @Nullable Identities active, long highWatermark, @Nullable StoreBatchId lastCommitted,
    @Nullable StoreBatchId lastPreparing, List<Entry> entries, @Nullable PlanId lastRecoveryPlan,
    @Nullable Instant updatedAt) {

  /** Of a directory without a manifest. */
  public static final Manifest EMPTY = new Manifest(null, null, 0, null, null, List.of(), null, null);

  public static final Schema SCHEMA = new Schema(1, Manifest::read, EMPTY.json());

  /** The entries are sorted here; two of one schema are refused. */
  public Manifest {
    Texts.requireAtLeast(highWatermark, 0, "a high watermark");
    var byName = new TreeMap<String, Entry>();
    entries.forEach(entry -> {
      if (byName.put(entry.schemaName(), entry) != null) {
        throw new IllegalArgumentException("two entries of " + entry.schemaName());
      }
    });
    entries = List.copyOf(byName.values());
    if (active == null && !entries.isEmpty()) {
      throw new IllegalArgumentException("entries without active identities");
    }
  }

  public Optional<Entry> entry(String schemaName) {
    return entries.stream().filter(entry -> entry.schemaName().equals(schemaName)).findFirst();
  }

  /** Step 2 of a batch. */
  Manifest preparing(Batch batch, Instant now) {
    return new Manifest(batch.dataDirId(), active, highWatermark, lastCommitted, batch.id(), entries, lastRecoveryPlan,
        now);
  }

  /** Step 6 of a batch. Only the stores that it wrote get its identities (spec I-34). */
  Manifest applied(Batch batch, Instant now) {
    SequencedMap<String, Entry> byName = new TreeMap<>();
    entries.forEach(entry -> byName.put(entry.schemaName(), entry));
    batch.receipts().forEach(receipt -> byName.put(receipt.file().schemaName(), Entry.of(receipt)));
    return new Manifest(batch.dataDirId(), batch.identities(), batch.sequence(), batch.id(),
        batch.id().equals(lastPreparing) ? null : lastPreparing, List.copyOf(byName.values()), lastRecoveryPlan, now);
  }

  /** What is written when a plan is carried out: stores whose files went to quarantine lose their entries. */
  public Manifest recovered(PlanId planId, Collection<String> quarantined, Instant now) {
    return new Manifest(dataDirId, active, highWatermark, lastCommitted, lastPreparing,
        entries.stream().filter(entry -> !quarantined.contains(entry.schemaName())).toList(), planId, now);
  }

  /** An operator's word that a healthy store of an earlier run belongs to this one. */
  public Manifest restamped(String schemaName, Identities identities, Instant now) {
    return new Manifest(dataDirId, active, highWatermark, lastCommitted, lastPreparing,
        entries.stream().map(entry -> entry.schemaName().equals(schemaName) ? entry.under(identities) : entry).toList(),
        lastRecoveryPlan, now);
  }

  public Json json() {
    Map<String, @Nullable Object> members = new TreeMap<>();
    members.put("data_dir_id", dataDirId);
    members.put("active_run_id", active == null ? null : active.runId());
    members.put("active_capability_snapshot_id", active == null ? null : active.capabilitySnapshotId());
    members.put("active_behavior_fingerprint", active == null ? null : active.behaviorFingerprint());
    members.put("high_watermark", highWatermark);
    members.put("last_committed_batch_id", lastCommitted == null ? null : lastCommitted.value());
    members.put("last_preparing_batch_id", lastPreparing == null ? null : lastPreparing.value());
    members.put("entries", entries.stream().map(Entry::json).toList());
    members.put("last_recovery_plan_id", lastRecoveryPlan == null ? null : lastRecoveryPlan.value());
    members.put("updated_at", updatedAt == null ? null : Texts.instant(updatedAt));
    members.values().removeIf(value -> value == null);
    return Json.of(members);
  }

  /** The inverse of {@link #json}. */
  public static Manifest read(JsonMembers members) {
    String dataDirId = members.optionalText("data_dir_id");
    Identities active = readActive(members);
    long highWatermark = members.whole("high_watermark");
    String committed = members.optionalText("last_committed_batch_id");
    String preparing = members.optionalText("last_preparing_batch_id");
    List<Entry> entries = members.objects("entries", Entry::read);
    String plan = members.optionalText("last_recovery_plan_id");
    Instant updatedAt = members.optionalInstant("updated_at");
    members.end();
    return members.checked("entries", () -> new Manifest(dataDirId, active, highWatermark, batchId(committed),
        batchId(preparing), entries, plan == null ? null : new PlanId(plan), updatedAt));
  }

  private static @Nullable Identities readActive(JsonMembers members) {
    String run = members.optionalText("active_run_id");
    String capabilities = members.optionalText("active_capability_snapshot_id");
    String behavior = members.optionalText("active_behavior_fingerprint");
    if (run == null && capabilities == null && behavior == null) {
      return null;
    }
    if (run == null || capabilities == null || behavior == null) {
      throw members.wrong("active_run_id");
    }
    return members.checked("active_run_id", () -> new Identities(run, capabilities, behavior));
  }

  private static @Nullable StoreBatchId batchId(@Nullable String text) {
    return text == null ? null : new StoreBatchId(text);
  }
}
