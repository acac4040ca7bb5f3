package dev.holdfast.http;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;

/** The one place where a refusal becomes an HTTP status. */
public final class Statuses {
  /** The fact that tells whose bound is reached where the node and a key have one each. */
  public static final String SCOPE = "scope";
  public static final String OF_KEY = "key";
  public static final String OF_NODE = "node";

  private Statuses() {}

  /** A key that is at its own bound is over capacity, whatever the reason is for others. */
  public static int of(Outcome.Refused<?> refusal) {
    return OF_KEY.equals(refusal.facts().get(SCOPE)) ? of(Reason.Kind.OVER_CAPACITY) : of(refusal.reason());
  }

  public static int of(Reason reason) {
    return of(reason.kind());
  }

  private static int of(Reason.Kind kind) {
    return switch (kind) {
      case OK -> 200;
      case INVALID -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case METHOD_NOT_ALLOWED -> 405;
      case REQUEST_TIMEOUT -> 408;
      case CONFLICT -> 409;
      case PRECONDITION_FAILED -> 412;
      case TOO_LARGE -> 413;
      case UNSUPPORTED_MEDIA_TYPE -> 415;
      case UNPROCESSABLE -> 422;
      case OVER_CAPACITY -> 429;
      case HEADERS_TOO_LARGE -> 431;
      // The last three are never decided about a call; should one get here, something is wrong inside.
      case INTERNAL, OUTCOME, UNREACHABLE, STORE_DAMAGED -> 500;
      case BAD_UPSTREAM -> 502;
      case UNAVAILABLE -> 503;
      case TIMED_OUT -> 504;
      case STORAGE_FULL -> 507;
    };
  }
}
