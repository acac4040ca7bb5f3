package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ids are kept as their numbers. */
final class IdFields {
  private IdFields() {}

  static WorkerId worker(RecordIn in, String name) {
    return new WorkerId(in.number(name));
  }

  static void optionalWorker(RecordOut out, String name, @Nullable WorkerId id) {
    out.optionalNumber(name, id == null ? null : id.number());
  }

  static @Nullable WorkerId optionalWorker(RecordIn in, String name) {
    Long number = in.optionalNumber(name);
    return number == null ? null : new WorkerId(number);
  }

  static TurnId turn(RecordIn in, String name) {
    return new TurnId(in.number(name));
  }

  static void optionalTurn(RecordOut out, String name, @Nullable TurnId id) {
    out.optionalNumber(name, id == null ? null : id.number());
  }

  static @Nullable TurnId optionalTurn(RecordIn in, String name) {
    Long number = in.optionalNumber(name);
    return number == null ? null : new TurnId(number);
  }

  static void inputs(RecordOut out, String name, List<InputId> ids) {
    out.numbers(name, ids.stream().map(InputId::number).toList());
  }

  static List<InputId> inputs(RecordIn in, String name) {
    return in.numbers(name).stream().map(InputId::new).toList();
  }

  static void batches(RecordOut out, String name, List<BatchId> ids) {
    out.numbers(name, ids.stream().map(BatchId::number).toList());
  }

  static List<BatchId> batches(RecordIn in, String name) {
    return in.numbers(name).stream().map(BatchId::new).toList();
  }
}
