package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.integrity.fold.Image;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.queue.BatchState;
import java.time.Instant;

/** An image of a state. */
public final class ImageRecords {
  private static final Codec<Image.Lengths> LENGTHS = new Codec<>((out, lengths) -> {
    out.number("table", lengths.table());
    out.numbers("numbers", lengths.numbers());
  }, in -> new Image.Lengths(in.count("table"), in.numbers("numbers")));

  private static final Codec<Image.OpenOf<InputKind, InputState>> INPUTS = of(new Codec<>((out, open) -> {
    out.number("id", open.id());
    out.constant("kind", InputRecords.KINDS, open.fact());
    out.record("state", InputRecords.STATE, open.state());
  }, in -> new Image.Open<>(in.number("id"), in.constant("kind", InputRecords.KINDS),
      in.record("state", InputRecords.STATE))));

  private static final Codec<Image.OpenOf<Instant, BatchState>> BATCHES = of(new Codec<>((out, open) -> {
    out.number("id", open.id());
    out.time("available_at", open.fact());
    out.record("state", QueueRecords.STATE, open.state());
  }, in -> new Image.Open<>(in.number("id"), in.time("available_at"), in.record("state", QueueRecords.STATE))));

  private static final Codec<Image.Work> WORK = new Codec<>((out, work) -> {
    out.list("turns", TurnRecords.TURN, work.turns());
    out.list("inputs", INPUTS, work.inputs());
    out.list("batches", BATCHES, work.batches());
  }, in -> new Image.Work(in.list("turns", TurnRecords.TURN), in.list("inputs", INPUTS),
      in.list("batches", BATCHES)));

  public static final Codec<Image> IMAGE = new Codec<>((out, image) -> {
    out.number("last_event_id", image.lastEventId());
    out.record("audit_head", AccessRecords.AUDIT_HEAD, image.auditHead());
    out.list("workers", WorkerRecords.WORKER, image.workers());
    out.record("work", WORK, image.work());
    out.list("lengths", LENGTHS, image.lengths());
    out.list("rows", Changes.CHANGE, image.rows());
  }, in -> new Image(in.number("last_event_id"), in.record("audit_head", AccessRecords.AUDIT_HEAD),
      in.list("workers", WorkerRecords.WORKER), in.record("work", WORK), in.list("lengths", LENGTHS),
      in.list("rows", Changes.CHANGE)));

  private ImageRecords() {}

  private static <F, S> Codec<Image.OpenOf<F, S>> of(Codec<Image.Open<F, S>> open) {
    return new Codec<>((out, all) -> {
      out.number("session", all.session().number());
      out.list("items", open, all.items());
    }, in -> new Image.OpenOf<>(IdFields.worker(in, "session"), in.list("items", open)));
  }
}
