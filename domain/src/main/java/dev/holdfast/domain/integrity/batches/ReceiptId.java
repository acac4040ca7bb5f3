package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Ids;
import java.util.regex.Pattern;

/** Names a receipt: {@code hf-receipt-} and 16 lower-case hex digits. */
public record ReceiptId(String value) {
  private static final Pattern FORM = Pattern.compile("hf-receipt-[0-9a-f]{16}");

  public ReceiptId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a receipt id is hf-receipt- and 16 lower-case hex digits");
    }
  }

  public static ReceiptId random(Ids ids) {
    return new ReceiptId("hf-receipt-" + ids.hex(16));
  }

  @Override
  public String toString() {
    return value;
  }
}
