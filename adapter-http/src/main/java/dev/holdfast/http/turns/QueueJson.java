package dev.holdfast.http.turns;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.Delivery;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.http.Wire;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queued work on the wire (spec turns §3). */
final class QueueJson {
  private QueueJson() {}

  /** @param content whether the caller may see what wakes and commands say */
  static Json of(Batch batch, boolean content) {
    Claim claim = batch.state().claim();
    return Json.object(
        "batch_id", batch.id().value(),
        "session_id", batch.session().value(),
        "enqueue_seq", batch.enqueueSeq(),
        "source_key", batch.sourceKey(),
        "class", batch.workClass().text(),
        "delivery_policy", batch.delivery().policy().text(),
        "slot_policy", batch.delivery().slot().text(),
        "merge_key", mergeKey(batch.delivery().mergeKey()),
        "available_at", Wire.at(batch.availableAt()),
        "enqueued_at", Wire.at(batch.enqueuedAt()),
        "state", batch.state().text(),
        "claim", claim == null ? null : Json.object("claim_id", claim.id(), "generation", claim.generation()),
        "turn_id", batch.turn() == null ? null : batch.turn().value(),
        "items", items(batch, content));
  }

  private static Json mergeKey(@Nullable String key) {
    if (key == null) {
      return Json.object("kind", "never");
    }
    return key.equals(Delivery.PAYLOAD_DEFAULT)
        ? Json.object("kind", key)
        : Json.object("kind", "group", "name", key);
  }

  private static List<Json> items(Batch batch, boolean content) {
    List<Json> items = new ArrayList<>();
    for (Payload item : batch.items()) {
      String id = batch.id().value() + "." + (items.size() + 1);
      items.add(switch (item) {
        case Payload.Command(Payload.Command.Kind kind, String note) ->
          Json.object("item_id", id, "kind", kind.text(), "note", content ? note : null);
        case Payload.Wake wake -> Json.object("item_id", id, "kind", "wake",
            "wake_id", wake.id(batch.session()),
            "origin", wake.origin(),
            "origin_sequence", wake.originSequence(),
            "event_type", wake.eventType(),
            "dedupe_key", wake.dedupeKey(),
            "cause", content ? wake.cause() : null,
            "text", content ? wake.text() : null);
      });
    }
    return items;
  }
}
