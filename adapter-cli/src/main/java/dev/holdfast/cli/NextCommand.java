package dev.holdfast.cli;

import dev.holdfast.domain.Reason;

/** The command that helps after a refusal. */
final class NextCommand {
  private NextCommand() {}

  static String after(Reason reason) {
    return switch (reason) {
      case NODE_UNREACHABLE -> "holdfast serve, or name another address with --url";
      case NODE_STARTING, NODE_DRAINING, OUTCOME_UNKNOWN, TOO_MANY_CONNECTIONS, TOO_MANY_STREAMS, RATE_LIMITED,
          QUEUE_FULL, KEY_AT_CAPACITY ->
        "the same command again in a moment";
      case MISSING_KEY, INVALID_KEY, KEY_REVOKED, KEY_EXPIRED ->
        "holdfast config show --origin, and name a key file with --key-file";
      case ROLE_NOT_ALLOWED, CONTENT_NOT_ALLOWED -> "holdfast whoami";
      case HOST_NOT_ALLOWED -> "holdfast config show --origin";
      case PORT_TAKEN -> "holdfast serve --port 0";
      case DATA_DIR_LOCKED -> "holdfast worker list --url with the address that the other node printed";
      case DATA_DIR_PERMISSIONS -> "the same command, once nobody else can read or change the directory";
      case INSECURE_BIND -> "holdfast serve --host 127.0.0.1, with a TLS proxy or an SSH tunnel in front";
      case WORKER_NOT_FOUND, INVALID_WORKER_ID, WORKER_NOT_RUNNING, WORKER_LIMIT_REACHED, WORKER_QUARANTINED ->
        "holdfast worker list";
      case RUNTIME_STOPPED -> "holdfast runtime start";
      case TURN_NOT_FOUND -> "holdfast turn list WORKER";
      case INPUT_NOT_FOUND, INPUT_LIMIT_REACHED -> "holdfast worker show WORKER";
      case NO_MODEL, MODEL_NOT_FOUND, NAME_TAKEN -> "holdfast model list";
      case SEVERAL_MODELS -> "the same command with --model and one of these names";
      case SCHEME_NOT_ALLOWED -> "the same command with --allow-http, if nobody can listen on the way";
      case PROVIDER_FAILED, UPSTREAM_CUT, PUBLISHER_OFFLINE -> "holdfast model list, and whether its address answers";
      case CURSOR_MALFORMED, WRONG_RUNTIME_CURSOR -> "the same command without --cursor";
      case IDEMPOTENCY_CONFLICT, SOURCE_KEY_CONFLICT -> "the same command with another --key";
      case STORAGE_FULL -> "df -h on the data directory";
      case STORE_RECOVERY_REQUIRED, STORE_POISONED, STORE_CORRUPT, STORE_MISSING, FUTURE_SCHEMA, SCHEMA_MISMATCH ->
        "holdfast version, and a restart of the node";
      default -> "the same command with --help";
    };
  }
}
