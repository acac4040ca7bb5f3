package dev.holdfast.domain;

import java.util.HexFormat;

/**
 * Names a batch of queued work: {@code batch-} and 16 lower-case hex digits of the id of its {@code queue.enqueued} event,
 * so that it is unique in the runtime without a counter of its own.
 */
public record BatchId(long number) {
  private static final String PREFIX = "batch-";

  public BatchId {
    Texts.requireAtLeast(number, 1, "a batch number");
  }

  /** @throws IllegalArgumentException when the text is not a batch id */
  public static BatchId parse(String text) {
    return new BatchId(InputId.number(PREFIX, text));
  }

  public String value() {
    return PREFIX + HexFormat.of().toHexDigits(number);
  }

  @Override
  public String toString() {
    return value();
  }
}
