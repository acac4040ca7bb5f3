package dev.holdfast.application.turns;

import dev.holdfast.domain.Reason;

/** The executor no longer holds the session, so whatever it produces is dropped; somebody else goes on or has ended it. */
final class AttemptLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  AttemptLostException(Reason reason) {
    super(reason.code());
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
