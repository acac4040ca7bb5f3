package dev.holdfast.http;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;

/** A request that is refused while it is being read, before any use case has seen it. */
public final class RefusalException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Outcome.Refused<Object> refusal;

  public RefusalException(Outcome.Refused<Object> refusal) {
    super(refusal.reason().code(), null, false, false);
    this.refusal = refusal;
  }

  public RefusalException(Reason reason) {
    this(Outcome.refused(reason));
  }

  /** @param cause tells the server what has become of the connection; nobody else sees it */
  public RefusalException(Reason reason, Throwable cause) {
    super(reason.code(), cause, false, false);
    this.refusal = Outcome.refused(reason);
  }

  public Outcome.Refused<Object> refusal() {
    return refusal;
  }
}
