package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.Delivery;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.WorkQueue;
import java.util.List;

/** Queued work and the counters of the queues. */
public final class QueueRecords {
  private static final Constants<Delivery.Policy> POLICIES =
      Constants.of(Delivery.Policy.class, Delivery.Policy::text);
  private static final Constants<Delivery.Slot> SLOTS = Constants.of(Delivery.Slot.class, Delivery.Slot::text);
  private static final Constants<Payload.Command.Kind> COMMANDS =
      Constants.of(Payload.Command.Kind.class, Payload.Command.Kind::text);

  static final List<Choice.Option<? extends BatchState>> STATES = List.of(
      option(1, "waiting", new BatchState.Waiting()),
      option(2, "claimed", BatchState.Claimed.class, new Codec<>((out, state) -> {
        out.record("claim", LeaseRecords.CLAIM, state.claim());
        IdFields.optionalTurn(out, "checkpoint_of", state.checkpointOf());
      }, in -> new BatchState.Claimed(in.record("claim", LeaseRecords.CLAIM),
          IdFields.optionalTurn(in, "checkpoint_of")))),
      option(3, "bound", BatchState.Bound.class, new Codec<>((out, state) -> {
        out.number("turn", state.turn().number());
        out.record("claim", LeaseRecords.CLAIM, state.claim());
      }, in -> new BatchState.Bound(IdFields.turn(in, "turn"), in.record("claim", LeaseRecords.CLAIM)))),
      option(4, "completed", BatchState.Completed.class,
          new Codec<>((out, state) -> IdFields.optionalTurn(out, "turn", state.turn()),
              in -> new BatchState.Completed(IdFields.optionalTurn(in, "turn")))),
      option(5, "cancelled", new BatchState.Cancelled()));

  static final List<Choice.Option<? extends Payload>> PAYLOADS = List.of(
      option(1, "command", Payload.Command.class, new Codec<>((out, command) -> {
        out.constant("command", COMMANDS, command.kind());
        out.optionalText("note", command.note());
      }, in -> new Payload.Command(in.constant("command", COMMANDS), in.optionalText("note")))),
      option(2, "wake", Payload.Wake.class, new Codec<>((out, wake) -> {
        out.text("origin", wake.origin());
        out.number("origin_sequence", wake.originSequence());
        out.text("event_type", wake.eventType());
        out.optionalText("cause", wake.cause());
        out.text("dedupe_key", wake.dedupeKey());
        out.text("text", wake.text());
      }, in -> new Payload.Wake(in.text("origin"), in.number("origin_sequence"), in.text("event_type"),
          in.optionalText("cause"), in.text("dedupe_key"), in.text("text")))));

  static final Codec<BatchState> STATE = Choice.of("kind", STATES);

  public static final Codec<Payload> PAYLOAD = Choice.of("kind", PAYLOADS);

  public static final Codec<Delivery> DELIVERY = new Codec<>((out, delivery) -> {
    out.constant("policy", POLICIES, delivery.policy());
    out.constant("slot", SLOTS, delivery.slot());
    out.optionalText("merge_key", delivery.mergeKey());
  }, in -> new Delivery(in.constant("policy", POLICIES), in.constant("slot", SLOTS), in.optionalText("merge_key")));

  public static final Codec<Batch> BATCH = new Codec<>(QueueRecords::write, QueueRecords::read);

  public static final Codec<WorkQueue> QUEUE = new Codec<>((out, queue) -> {
    out.number("session", queue.session().number());
    out.number("last_enqueue_seq", queue.lastEnqueueSeq());
    out.number("pending_inputs", queue.pendingInputs());
    out.number("queued_work", queue.queuedWork());
    out.number("last_claim_no", queue.lastClaimNo());
  }, in -> new WorkQueue(IdFields.worker(in, "session"), in.number("last_enqueue_seq"), in.count("pending_inputs"),
      in.count("queued_work"), in.number("last_claim_no")));

  static final Codec<QueueChange.Moved> MOVED = new Codec<>((out, moved) -> {
    out.number("id", moved.id().number());
    out.number("session", moved.session().number());
    out.record("state", STATE, moved.state());
  }, in -> new QueueChange.Moved(new BatchId(in.number("id")), IdFields.worker(in, "session"),
      in.record("state", STATE)));

  static final Codec<QueueChange.FreeCancelled> FREE_CANCELLED = new Codec<>((out, cancelled) -> {
    IdFields.optionalWorker(out, "session", cancelled.session());
    out.time("now", cancelled.now());
  }, in -> new QueueChange.FreeCancelled(IdFields.optionalWorker(in, "session"), in.time("now")));

  private QueueRecords() {}

  private static void write(RecordOut out, Batch batch) {
    out.number("id", batch.id().number());
    out.number("session", batch.session().number());
    out.number("enqueue_seq", batch.enqueueSeq());
    out.optionalText("source_key", batch.sourceKey());
    out.record("delivery", DELIVERY, batch.delivery());
    out.time("available_at", batch.availableAt());
    out.time("enqueued_at", batch.enqueuedAt());
    out.list("items", PAYLOAD, batch.items());
    out.record("state", STATE, batch.state());
  }

  private static Batch read(RecordIn in) {
    return new Batch(new BatchId(in.number("id")), IdFields.worker(in, "session"), in.number("enqueue_seq"),
        in.optionalText("source_key"), in.record("delivery", DELIVERY), in.time("available_at"),
        in.time("enqueued_at"), in.items("items", PAYLOAD), in.record("state", STATE));
  }
}
