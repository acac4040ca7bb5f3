package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.StoreState;

/**
 * What the manifest knows of one store.
 *
 * @param file as it was written last
 * @param lastWrite the receipt of that writing
 * @param state as that writing left it
 */
public record Entry(WrittenFile file, ReceiptId lastWrite, StoreState state) {

  static Entry of(Receipt receipt) {
    return new Entry(receipt.file(), receipt.id(), StoreState.HEALTHY);
  }

  Entry under(Identities identities) {
    return new Entry(file.under(identities), lastWrite, state);
  }

  public String schemaName() {
    return file.schemaName();
  }

  public Json json() {
    var members = file.members();
    members.put("last_write_receipt_id", lastWrite.value());
    members.put("state", state.text());
    return Json.of(members);
  }

  /** The inverse of {@link #json}. */
  public static Entry read(JsonMembers members) {
    var entry = new Entry(WrittenFile.read(members), members.parsed("last_write_receipt_id", ReceiptId::new),
        members.constant("state", StoreState.class));
    members.end();
    return entry;
  }
}
