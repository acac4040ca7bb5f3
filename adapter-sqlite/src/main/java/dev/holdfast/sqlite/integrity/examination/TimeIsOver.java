package dev.holdfast.sqlite.integrity.examination;

/** A look has taken as long as it may. */
final class TimeIsOver extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
