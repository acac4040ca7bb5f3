package dev.holdfast.domain.integrity.fold;

import org.jspecify.annotations.Nullable;

/**
 * What a row of history is found by, as {@link Archive} keeps it.
 *
 * @param owner the number of the worker or turn that the row belongs to, or 0
 * @param number within the table and owner, or 0
 * @param text where the row is found by a text; then {@code number} is 0
 */
public record RowKey(Table table, long owner, long number, @Nullable String text) {

  /** The tables of history. */
  public enum Table {
    EVENT(1),
    EVENT_OF_WORKER(2),
    REQUEST(3),
    ENTRY(4),
    ENTRY_OF_TURN(5),
    REMEMBERED(6),
    BATCH(7),
    BATCH_STATE(8),
    BATCH_OF_SESSION(9),
    BATCH_BY_KEY(10),
    INPUT(11),
    INPUT_STATE(12),
    INPUT_OF_SESSION(13),
    INPUT_BY_KEY(14),
    TURN(15),
    TURN_OF_SESSION(16),
    OUTPUT(17),
    ADMISSION(18),
    STAMP(19),
    AUDIT(20),
    REMEMBERED_BY_NUMBER(21);

    private final int code;

    Table(int code) {
      this.code = code;
    }

    /** From 1 to 127; stores keep it, so it is never given to another table. */
    public int code() {
      return code;
    }
  }

  static RowKey of(Table table, long number) {
    return new RowKey(table, 0, number, null);
  }

  static RowKey of(Table table, long owner, long number) {
    return new RowKey(table, owner, number, null);
  }

  static RowKey of(Table table, long owner, String text) {
    return new RowKey(table, owner, 0, text);
  }
}
