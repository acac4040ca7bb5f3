package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A type of record with its codec and how one is drawn. */
record Kind<T>(String name, Codec<T> codec, Function<Rows, T> draw) {
  private static <T> Kind<T> of(String name, Codec<T> codec, Function<Rows, T> draw) {
    return new Kind<>(name, codec, draw);
  }

  /** All rows that a store holds, all changes, and units of work. */
  static List<Kind<?>> all() {
    List<Kind<?>> kinds = new ArrayList<>(rows());
    List<Choice.Option<?>> written =
        Changes.TABLE.stream().<Choice.Option<?>>map(option -> option).filter(option -> option.type() != null).toList();
    for (int i = 0; i < written.size(); i++) {
      int change = i;
      kinds.add(of("change " + written.get(i).name(), Changes.CHANGE,
          rows -> new DrawnChanges(rows.v.number()).all().get(change)));
    }
    kinds.add(of("unit of work", Changes.UNIT, rows -> new DrawnChanges(rows.v.number()).unit()));
    return kinds;
  }

  private static List<Kind<?>> rows() {
    return List.of(
        of("runtime", RuntimeRecords.RUNTIME, Rows::runtime),
        of("diagnostic", RuntimeRecords.DIAGNOSTIC, Rows::diagnostic),
        of("worker", WorkerRecords.WORKER, Rows::worker),
        of("request", WorkerRecords.REQUEST, Rows::request),
        of("remembered", WorkerRecords.REMEMBERED, Rows::remembered),
        of("entry", TranscriptRecords.ENTRY, Rows::entry),
        of("event", EventRecords.EVENT, Rows::event),
        of("input", InputRecords.INPUT, rows -> rows.turns.input()),
        of("batch", QueueRecords.BATCH, rows -> rows.turns.batch()),
        of("payload", QueueRecords.PAYLOAD, rows -> rows.turns.payload()),
        of("delivery", QueueRecords.DELIVERY, rows -> rows.turns.delivery()),
        of("queue", QueueRecords.QUEUE, rows -> rows.turns.queue()),
        of("claim", LeaseRecords.CLAIM, rows -> rows.turns.claim()),
        of("fence", LeaseRecords.FENCE, rows -> rows.turns.fence()),
        of("lease", LeaseRecords.LEASE, rows -> rows.turns.lease()),
        of("checkpoint", SessionRecords.CHECKPOINT, rows -> rows.turns.checkpoint()),
        of("session", SessionRecords.SESSION, rows -> rows.turns.session()),
        of("admission", SessionRecords.ADMISSION, rows -> rows.turns.admission()),
        of("stamp", SessionRecords.STAMP, rows -> rows.turns.stamp()),
        of("cancel", TurnRecords.CANCEL, rows -> rows.turns.cancel()),
        of("turn", TurnRecords.TURN, rows -> rows.turns.turn()),
        of("output", OutputRecords.OUTPUT, rows -> rows.turns.output()),
        of("key", AccessRecords.KEY, Rows::key),
        of("audit record", AccessRecords.AUDIT_RECORD, Rows::auditRecord),
        of("audit head", AccessRecords.AUDIT_HEAD, Rows::auditHead),
        of("public provider", ProviderRecords.PUBLIC, rows -> rows.relay.publicProvider()),
        of("virtual provider", ProviderRecords.VIRTUAL, rows -> rows.relay.virtualProvider()),
        of("publisher", TaskRecords.PUBLISHER, rows -> rows.relay.publisher()),
        of("task", TaskRecords.TASK, rows -> rows.relay.task()),
        of("usage", TaskRecords.USAGE, rows -> rows.relay.usage()),
        of("default model", ProviderRecords.NAME, rows -> rows.v.text()));
  }

  T drawn(long seed) {
    return draw.apply(new Rows(seed));
  }

  @Override
  public String toString() {
    return name;
  }
}
