package dev.holdfast.http.events;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventBatch;
import dev.holdfast.domain.events.EventGap;
import dev.holdfast.http.Wire;
import org.jspecify.annotations.Nullable;

/** Events on the wire (spec workers §1, §11). */
final class EventJson {
  private EventJson() {}

  static Json of(RuntimeId runtime, Event event) {
    return Json.object("id", event.id(), "runtime_id", runtime.value(), "worker_ref", ref(runtime, event.worker()),
        "name", event.name().text(), "at", Wire.at(event.at()), "actor", event.actor(), "data", event.data(), "note",
        event.note());
  }

  static Json of(EventBatch batch) {
    RuntimeId runtime = batch.cursor().runtime();
    return Json.object("runtime_id", runtime.value(), "cursor", batch.cursor().text(), "events",
        batch.events().stream().map(event -> of(runtime, event)).toList(), "has_more", batch.hasMore(), "gap",
        batch.gap() == null ? null : of(batch.gap()));
  }

  static Json of(EventGap gap) {
    return Json.object("from_id", gap.fromId(), "to_id", gap.toId(), "why", gap.why().text());
  }

  private static @Nullable Json ref(RuntimeId runtime, @Nullable WorkerId worker) {
    return worker == null ? null : Wire.ref(runtime, worker);
  }
}
