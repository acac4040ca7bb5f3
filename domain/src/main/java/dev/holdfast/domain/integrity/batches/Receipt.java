package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.time.Instant;

/** The promise that a batch has a file's new content on disk, staged or in its place. */
public record Receipt(ReceiptId id, StoreBatchId batch, String dataDirId, WrittenFile file, Instant writtenAt) {
  public Receipt {
    Texts.requireText(dataDirId, 200, "a data directory's id");
  }

  public String relativePath() {
    return file.relativePath();
  }

  public ContentHash contentHash() {
    return file.contentHash();
  }

  public Json json() {
    var members = file.members();
    members.put("receipt_id", id.value());
    members.put("batch_id", batch.value());
    members.put("data_dir_id", dataDirId);
    members.put("written_at", Texts.instant(writtenAt));
    return Json.of(members);
  }

  /** The inverse of {@link #json}. */
  public static Receipt read(JsonMembers members) {
    ReceiptId id = members.parsed("receipt_id", ReceiptId::new);
    StoreBatchId batch = members.parsed("batch_id", StoreBatchId::new);
    String dataDirId = members.text("data_dir_id");
    WrittenFile file = WrittenFile.read(members);
    Instant writtenAt = members.instant("written_at");
    members.end();
    return members.checked("data_dir_id", () -> new Receipt(id, batch, dataDirId, file, writtenAt));
  }
}
