package dev.holdfast.domain.relay.publishing;

import dev.holdfast.domain.Outcome;

/** Why a publisher ended. */
public sealed interface PublishingEnd {
  /** It was told to. */
  record Stopped() implements PublishingEnd {}

  /** Another process opened a link with its identity. */
  record Replaced() implements PublishingEnd {}

  /** The node refuses it, and would again. */
  record Refused(Outcome.Refused<?> why) implements PublishingEnd {}
}
