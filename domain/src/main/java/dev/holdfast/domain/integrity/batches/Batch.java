package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.batches.BatchState.Durable;
import dev.holdfast.domain.integrity.stores.Identities;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Files that are written together, or not at all.
 *
 * @param sequence the manifest's high watermark once the batch is applied, from 1
 * @param identities that the files get
 */
public record Batch(
    StoreBatchId id, long sequence, String dataDirId, Identities identities, BatchReason reason, Instant startedAt,
    BatchState state) {
  public Batch {
    Texts.requireAtLeast(sequence, 1, "a sequence");
    Texts.requireText(dataDirId, 200, "a data directory's id");
    Durable durable = state.durable();
    if (durable != null) {
      for (Receipt receipt : durable.receipts()) {
        if (!receipt.batch().equals(id) || !receipt.dataDirId().equals(dataDirId)
            || !receipt.file().identities().equals(identities)) {
          throw new IllegalArgumentException("a receipt of another batch: " + receipt.id());
        }
      }
    }
  }

  public Batch in(BatchState next) {
    return new Batch(id, sequence, dataDirId, identities, reason, startedAt, next);
  }

  /** In the order of writing; empty while none is durable. */
  public List<Receipt> receipts() {
    Durable durable = state.durable();
    return durable == null ? List.of() : durable.receipts();
  }

  public Json json() {
    var members = new TreeMap<String, @Nullable Object>();
    members.put("batch_id", id.value());
    members.put("sequence", sequence);
    members.put("data_dir_id", dataDirId);
    WrittenFile.putIdentities(members, identities);
    members.put("reason", reason.text());
    members.put("started_at", Texts.instant(startedAt));
    members.put("state", state.text());
    members.put("receipts", receipts().stream().map(Receipt::json).toList());
    Durable durable = state.durable();
    if (durable != null) {
      members.put("completed_at", Texts.instant(durable.completedAt()));
    }
    if (state.error() != null) {
      members.put("last_error", state.error());
    }
    return Json.of(members);
  }

  /** The inverse of {@link #json}. */
  public static Batch read(JsonMembers members) {
    StoreBatchId id = members.parsed("batch_id", StoreBatchId::new);
    long sequence = members.whole("sequence");
    String dataDirId = members.text("data_dir_id");
    Identities identities = Identities.read(members);
    BatchReason reason = members.constant("reason", BatchReason.class);
    Instant startedAt = members.instant("started_at");
    String state = members.text("state");
    List<Receipt> receipts = members.objects("receipts", Receipt::read);
    Instant completedAt = members.optionalInstant("completed_at");
    String error = members.optionalText("last_error");
    members.end();
    return members.checked("state", () -> new Batch(id, sequence, dataDirId, identities, reason, startedAt,
        BatchState.of(state, durable(receipts, completedAt), error)));
  }

  private static @Nullable Durable durable(List<Receipt> receipts, @Nullable Instant completedAt) {
    if (receipts.isEmpty() && completedAt == null) {
      return null;
    }
    if (completedAt == null) {
      throw new IllegalArgumentException("receipts without the time of their commit");
    }
    return new Durable(receipts, completedAt);
  }
}
