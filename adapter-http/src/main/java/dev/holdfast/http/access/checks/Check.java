package dev.holdfast.http.access.checks;

/** One of the rules that a request has to pass; {@link Checks} has them in their order. It keeps nothing of a request. */
interface Check {

  /** @return {@link Verdict#LATER} only where the arrival's thread may not wait */
  Verdict judge(Arrival arrival);
}
