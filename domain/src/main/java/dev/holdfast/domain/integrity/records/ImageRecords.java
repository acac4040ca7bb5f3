package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.integrity.fold.Image;
import dev.holdfast.domain.integrity.records.format.Codec;

/** An image of a state. */
public final class ImageRecords {
  private static final Codec<Image.Lengths> LENGTHS = new Codec<>((out, lengths) -> {
    out.number("table", lengths.table());
    out.numbers("numbers", lengths.numbers());
  }, in -> new Image.Lengths(in.count("table"), in.numbers("numbers")));

  public static final Codec<Image> IMAGE = new Codec<>((out, image) -> {
    out.number("last_event_id", image.lastEventId());
    out.record("audit_head", AccessRecords.AUDIT_HEAD, image.auditHead());
    out.list("workers", WorkerRecords.WORKER, image.workers());
    out.list("open_turns", TurnRecords.TURN, image.openTurns());
    out.list("lengths", LENGTHS, image.lengths());
    out.list("rows", Changes.CHANGE, image.rows());
  }, in -> new Image(in.number("last_event_id"), in.record("audit_head", AccessRecords.AUDIT_HEAD),
      in.list("workers", WorkerRecords.WORKER), in.list("open_turns", TurnRecords.TURN),
      in.list("lengths", LENGTHS), in.list("rows", Changes.CHANGE)));

  private ImageRecords() {}
}
