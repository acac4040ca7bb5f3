package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.integrity.fold.Image;
import dev.holdfast.domain.integrity.records.format.Codec;

/** An image of a state. */
public final class ImageRecords {
  public static final Codec<Image> IMAGE = new Codec<>((out, image) -> {
    out.number("last_event_id", image.lastEventId());
    out.record("audit_head", AccessRecords.AUDIT_HEAD, image.auditHead());
    out.list("workers", WorkerRecords.WORKER, image.workers());
    out.list("open_turns", TurnRecords.TURN, image.openTurns());
    out.list("rows", Changes.CHANGE, image.rows());
  }, in -> new Image(in.number("last_event_id"), in.record("audit_head", AccessRecords.AUDIT_HEAD),
      in.list("workers", WorkerRecords.WORKER), in.list("open_turns", TurnRecords.TURN),
      in.list("rows", Changes.CHANGE)));

  private ImageRecords() {}
}
