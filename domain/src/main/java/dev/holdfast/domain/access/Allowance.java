package dev.holdfast.domain.access;

import java.time.Duration;

/** How many requests a key may still make (spec ). */
public sealed interface Allowance {

  /** After one of them has turned out not to count. */
  Allowance givenBack();

  /** As many as it likes. */
  record Unlimited() implements Allowance {
    @Override
    public Allowance givenBack() {
      return this;
    }
  }

  /**
   * @param limit in any 60 s
   * @param remaining of them at once, from now on
   * @param untilAll until all of them are free again, should none be made meanwhile
   */
  record Limited(int limit, int remaining, Duration untilAll) implements Allowance {
    @Override
    public Allowance givenBack() {
      return new Limited(limit, Math.min(limit, remaining + 1), untilAll);
    }
  }
}
