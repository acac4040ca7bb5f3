package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Ids;
import java.util.regex.Pattern;

/** Names a recovery plan: {@code hf-plan-} and 16 lower-case hex digits. The manifest keeps the last that was carried out. */
public record PlanId(String value) {
  private static final Pattern FORM = Pattern.compile("hf-plan-[0-9a-f]{16}");

  public PlanId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a plan id is hf-plan- and 16 lower-case hex digits");
    }
  }

  public static PlanId random(Ids ids) {
    return new PlanId("hf-plan-" + ids.hex(16));
  }

  @Override
  public String toString() {
    return value;
  }
}
