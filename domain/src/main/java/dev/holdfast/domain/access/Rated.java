package dev.holdfast.domain.access;

import java.time.Duration;

/** What a request finds of its key's rate (spec A-39). */
public sealed interface Rated {

  /** It may go on. What it took can be given back. */
  record Admitted(Allowance allowance, long at) implements Rated {}

  /** @param untilRoom until there is room for one */
  record TooMany(Allowance allowance, Duration untilRoom) implements Rated {}

  /** It can't be judged, so it is refused. */
  record Unknown() implements Rated {}
}
