package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Ids;
import java.util.regex.Pattern;

/**
 * Names a batch of writes: {@code hf-batch-} and 16 lower-case hex digits. It is part of the names of staged files, so
 * nothing else is ever taken for one (spec I-10).
 */
public record StoreBatchId(String value) {
  private static final Pattern FORM = Pattern.compile("hf-batch-[0-9a-f]{16}");

  public StoreBatchId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a batch id is hf-batch- and 16 lower-case hex digits");
    }
  }

  public static StoreBatchId random(Ids ids) {
    return new StoreBatchId("hf-batch-" + ids.hex(16));
  }

  @Override
  public String toString() {
    return value;
  }
}
