package dev.holdfast.cli;

import dev.holdfast.domain.Reason;

/** What the program tells the shell (spec A-102). */
public final class ExitCode {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int NOT_FOUND = 3;
  public static final int DENIED = 4;
  public static final int CONFLICT = 5;
  public static final int UNREACHABLE = 6;
  public static final int OVER_CAPACITY = 7;
  public static final int STORE = 8;
  public static final int TIMED_OUT = 9;
  public static final int INTERRUPTED = 130;
  public static final int TERMINATED = 143;

  private ExitCode() {}

  public static int of(Reason reason) {
    return switch (reason) {
      case STORE_RECOVERY_REQUIRED, STORE_REBUILD_IN_PROGRESS, STORE_POISONED, STORE_CORRUPT, STORE_MISSING,
          FUTURE_SCHEMA ->
        STORE;
      case NODE_STARTING, NODE_DRAINING -> UNREACHABLE;
      default -> of(reason.kind());
    };
  }

  private static int of(Reason.Kind kind) {
    return switch (kind) {
      case OK -> OK;
      case OUTCOME, INTERNAL, BAD_UPSTREAM -> FAILED;
      case INVALID, METHOD_NOT_ALLOWED, TOO_LARGE, HEADERS_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE -> USAGE;
      case NOT_FOUND -> NOT_FOUND;
      case UNAUTHENTICATED, FORBIDDEN -> DENIED;
      case CONFLICT, PRECONDITION_FAILED -> CONFLICT;
      case UNREACHABLE -> UNREACHABLE;
      case OVER_CAPACITY, UNAVAILABLE, STORAGE_FULL -> OVER_CAPACITY;
      case STORE_DAMAGED -> STORE;
      case REQUEST_TIMEOUT, TIMED_OUT -> TIMED_OUT;
    };
  }

  /** For an answer whose reason this version doesn't know. */
  static int ofStatus(int status) {
    return switch (status) {
      case 401, 403 -> DENIED;
      case 404 -> NOT_FOUND;
      case 409, 412 -> CONFLICT;
      case 408, 504 -> TIMED_OUT;
      case 429, 503, 507 -> OVER_CAPACITY;
      default -> status >= 400 && status < 500 ? USAGE : FAILED;
    };
  }
}
