package dev.holdfast.cli;

import dev.holdfast.domain.Reason;

/** The command that helps after a refusal. */
final class NextCommand {
  private static final String AGAIN = "the same command again in a moment";

  private NextCommand() {}

  static String after(Reason reason) {
    return switch (reason) {
      case NODE_UNREACHABLE -> "holdfast serve, or name another address with --url";
      case KEY_AT_CAPACITY -> "the same command, once one of this key's calls has ended";
      case MISSING_KEY, INVALID_KEY, KEY_REVOKED, KEY_EXPIRED ->
        "holdfast config show --origin, and name a key file with --key-file";
      case KEY_NOT_FOUND -> "holdfast key list";
      case KEY_ACTIVE -> "holdfast key revoke KEY first";
      case LAST_ADMIN_KEY -> "holdfast key create --role admin first, or holdfast key rotate KEY";
      case ROLE_NOT_ALLOWED, CONTENT_NOT_ALLOWED -> "holdfast whoami";
      case HOST_NOT_ALLOWED -> "holdfast serve --public-host with the name that you call it by";
      case PORT_TAKEN -> "holdfast serve --port 0";
      case DATA_DIR_LOCKED -> "holdfast runtime show";
      case DATA_DIR_PERMISSIONS -> "the same command, once nobody else can read or change the directory";
      case INSECURE_BIND -> "the same command with --tls-cert and --tls-key, or with --behind-proxy and --public-host";
      case WORKER_NOT_FOUND, INVALID_WORKER_ID, WORKER_NOT_RUNNING, WORKER_LIMIT_REACHED, WORKER_QUARANTINED ->
        "holdfast worker list";
      case RUNTIME_STOPPED -> "holdfast runtime start";
      case TURN_NOT_FOUND, TURN_ENDED -> "holdfast turn list WORKER";
      case COMPLETION_WON -> "holdfast turn show TURN";
      case INPUT_NOT_FOUND, INPUT_LIMIT_REACHED, ANCHOR_NOT_FOUND, ALREADY_COMPLETED -> "holdfast input list WORKER";
      case ALREADY_CLAIMED -> "holdfast input cancel WORKER INPUT --cascade, which cancels its turn";
      case BATCH_NOT_FOUND, QUEUE_LIMIT_REACHED -> "holdfast queue list WORKER";
      case BATCH_CLAIMED -> "holdfast queue list WORKER, and holdfast turn cancel TURN for the turn that has it";
      case LEASE_BUSY, SESSION_BUSY -> "holdfast session show WORKER";
      case NO_MODEL, MODEL_NOT_FOUND, NAME_TAKEN -> "holdfast model list";
      case SEVERAL_MODELS -> "the same command with --model and one of these names";
      case SCHEME_NOT_ALLOWED -> "the same command with --allow-http, if nobody can listen on the way";
      case PROVIDER_FAILED, UPSTREAM_CUT, PUBLISHER_OFFLINE, PROVIDER_BUSY ->
        "holdfast provider list, and whether its address answers";
      case CURSOR_MALFORMED, WRONG_RUNTIME_CURSOR, CURSOR_AHEAD -> "the same command without --cursor";
      case IDEMPOTENCY_CONFLICT, SOURCE_KEY_CONFLICT -> "the same command with another --key";
      case CONTEXT_TOO_LARGE -> "the same command with a shorter text, or a new worker";
      case MAX_OUTPUT_TOKENS -> "the same command with a larger max_output_tokens in --options";
      case STORAGE_FULL -> "df -h on the data directory";
      case STORE_IO -> "df -h and ls -ld on the data directory, and what the node's log says";
      case STORE_CORRUPT, JOURNAL_DAMAGED, JOURNAL_TRUNCATED ->
        "holdfast store doctor, and restore the data directory from a backup";
      case STORE_RECOVERY_REQUIRED, STORE_REBUILD_IN_PROGRESS -> "holdfast store doctor, then holdfast store recover";
      case STORE_POISONED -> "df -h on the data directory, and a restart of the node";
      case STORE_MISSING -> "holdfast store restore --help";
      case FUTURE_SCHEMA -> "the version that wrote it, see holdfast version";
      case SCHEMA_MISMATCH -> "the same command without --store, and holdfast doctor where that is refused as well";
      default -> after(reason.kind());
    };
  }

  /** For a reason that says what to do by itself. */
  private static String after(Reason.Kind kind) {
    return switch (kind) {
      case OK -> "nothing; all is well";
      case INVALID, METHOD_NOT_ALLOWED, TOO_LARGE, HEADERS_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE ->
        "the same command with --help";
      case UNAUTHENTICATED, FORBIDDEN -> "holdfast whoami";
      case NOT_FOUND -> "holdfast version, and whether the node is as new";
      case CONFLICT, PRECONDITION_FAILED -> "the same command, once you have looked at what is there now";
      case OVER_CAPACITY, UNAVAILABLE, REQUEST_TIMEOUT, TIMED_OUT -> AGAIN;
      case OUTCOME, BAD_UPSTREAM -> "holdfast turn list WORKER, and the input again";
      case INTERNAL, STORE_DAMAGED -> "holdfast runtime show, and what the node's log says";
      case UNREACHABLE -> "holdfast serve";
      case STORAGE_FULL -> "df -h on the data directory";
    };
  }
}
