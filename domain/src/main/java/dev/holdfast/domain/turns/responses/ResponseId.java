package dev.holdfast.domain.turns.responses;

import dev.holdfast.domain.Ids;
import java.util.regex.Pattern;

/** Names a response: {@code resp_} and 32 lower-case hex digits. */
public record ResponseId(String value) {
  private static final Pattern FORM = Pattern.compile("resp_[0-9a-f]{32}");

  /** @throws IllegalArgumentException when the text is not a response's id */
  public ResponseId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("expected resp_ and 32 lower-case hex digits");
    }
  }

  public static ResponseId fresh(Ids ids) {
    return new ResponseId("resp_" + ids.hex(32));
  }

  /** The digits, which the ids of its items are made of. */
  public String digits() {
    return value.substring(5);
  }

  @Override
  public String toString() {
    return value;
  }
}
