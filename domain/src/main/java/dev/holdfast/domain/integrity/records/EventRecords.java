package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;

/** The feed. */
public final class EventRecords {
  private static final Constants<EventName> NAMES = Constants.of(EventName.class, EventName::text);

  public static final Codec<Event> EVENT = new Codec<>(EventRecords::write, EventRecords::read);

  static final Codec<Long> UP_TO = new Codec<>((out, id) -> out.number("up_to", id), in -> in.number("up_to"));

  private EventRecords() {}

  private static void write(RecordOut out, Event event) {
    out.number("id", event.id());
    IdFields.optionalWorker(out, "worker", event.worker());
    out.constant("name", NAMES, event.name());
    out.time("at", event.at());
    out.optionalText("actor", event.actor());
    out.json("data", event.data());
    out.optionalText("note", event.note());
  }

  private static Event read(RecordIn in) {
    return new Event(in.number("id"), IdFields.optionalWorker(in, "worker"), in.constant("name", NAMES),
        in.time("at"), in.optionalText("actor"), in.json("data"), in.optionalText("note"));
  }
}
