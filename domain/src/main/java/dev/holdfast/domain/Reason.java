package dev.holdfast.domain;

import java.util.Locale;

/**
 * Why something was refused, failed or is not ready: the closed list. A reason has one meaning everywhere; its code is
 * its name in lower case, its title is fixed and fit for users.
 */
public enum Reason {
  // access
  MALFORMED_REQUEST(Kind.INVALID, "The request is not well-formed"),
  HEADERS_TOO_LARGE(Kind.HEADERS_TOO_LARGE, "The request's headers are too large"),
  HOST_NOT_ALLOWED(Kind.FORBIDDEN, "The Host header names a host that this node does not answer for"),
  CROSS_SITE_FORBIDDEN(Kind.FORBIDDEN, "Requests from other sites are refused"),
  NODE_STARTING(Kind.UNAVAILABLE, "The node is starting"),
  NODE_DRAINING(Kind.UNAVAILABLE, "The node is shutting down"),
  ROUTE_NOT_FOUND(Kind.NOT_FOUND, "There is no such route"),
  METHOD_NOT_ALLOWED(Kind.METHOD_NOT_ALLOWED, "The route does not have this method"),
  MISSING_KEY(Kind.UNAUTHENTICATED, "A key is needed"),
  INVALID_KEY(Kind.UNAUTHENTICATED, "The key is not valid"),
  KEY_REVOKED(Kind.UNAUTHENTICATED, "The key was revoked"),
  KEY_EXPIRED(Kind.UNAUTHENTICATED, "The key has expired"),
  RATE_LIMITED(Kind.OVER_CAPACITY, "Too many requests"),
  RATE_STATE_UNAVAILABLE(Kind.OVER_CAPACITY, "The request rate can't be judged at the moment"),
  ROLE_NOT_ALLOWED(Kind.FORBIDDEN, "The key's role does not allow this"),
  CONTENT_NOT_ALLOWED(Kind.FORBIDDEN, "The key does not allow to read content"),
  UNSUPPORTED_MEDIA_TYPE(Kind.UNSUPPORTED_MEDIA_TYPE, "The body's media type is not supported"),
  BODY_TOO_LARGE(Kind.TOO_LARGE, "The body is too large"),
  INVALID_JSON(Kind.INVALID, "The body is not valid JSON"),
  UNKNOWN_FIELD(Kind.INVALID, "The body has a member that is not known"),
  INVALID_QUERY(Kind.INVALID, "A query parameter is not valid"),
  INVALID_REQUEST(Kind.INVALID, "The request is not valid"),
  LIMIT_TOO_LARGE(Kind.INVALID, "The limit is larger than the maximum"),
  VERSION_MISMATCH(Kind.PRECONDITION_FAILED, "The object has another version"),
  IDEMPOTENCY_CONFLICT(Kind.CONFLICT, "The idempotency key was used with another payload"),
  OUTCOME_UNKNOWN(Kind.TIMED_OUT, "The operation was started and its outcome is not known"),
  TOO_MANY_CONNECTIONS(Kind.UNAVAILABLE, "Too many connections"),
  TOO_MANY_STREAMS(Kind.UNAVAILABLE, "Too many streams"),
  KEY_AT_CAPACITY(Kind.OVER_CAPACITY, "The key has too many calls in flight"),
  REQUEST_TIMEOUT(Kind.REQUEST_TIMEOUT, "The request was sent too slowly"),
  SLOW_READER(Kind.OVER_CAPACITY, "The reader was too slow"),
  KEY_NOT_FOUND(Kind.NOT_FOUND, "There is no such key"),
  KEY_ACTIVE(Kind.CONFLICT, "The key is active"),
  LAST_ADMIN_KEY(Kind.CONFLICT, "The last admin key can't be taken away"),
  INSECURE_BIND(Kind.INVALID, "A public address needs TLS"),
  DATA_DIR_PERMISSIONS(Kind.STORE_DAMAGED, "The data directory is open to other users"),
  PORT_TAKEN(Kind.UNREACHABLE, "The port is taken"),
  NODE_UNREACHABLE(Kind.UNREACHABLE, "No node answers at the address"),
  DATA_DIR_LOCKED(Kind.UNREACHABLE, "The data directory is in use by another node"),
  STORAGE_FULL(Kind.STORAGE_FULL, "The disk is full"),
  INTERNAL(Kind.INTERNAL, "Something went wrong inside the node"),
  // workers
  RUNTIME_STOPPED(Kind.CONFLICT, "The runtime is stopped"),
  WRONG_RUNTIME(Kind.INVALID, "The reference is of another runtime"),
  WRONG_RUNTIME_CURSOR(Kind.INVALID, "The cursor is of another runtime"),
  CURSOR_MALFORMED(Kind.INVALID, "The cursor is not valid"),
  WORKER_NOT_FOUND(Kind.NOT_FOUND, "There is no such worker"),
  INVALID_WORKER_ID(Kind.INVALID, "The worker id is not valid"),
  WORKER_NOT_RUNNING(Kind.CONFLICT, "The worker is not running"),
  WORKER_QUARANTINED(Kind.CONFLICT, "The worker's data is damaged and set aside"),
  WORKER_LIMIT_REACHED(Kind.CONFLICT, "The runtime holds as many workers as it may"),
  INPUT_TOO_LARGE(Kind.TOO_LARGE, "The input is too large"),
  INPUT_LIMIT_REACHED(Kind.OVER_CAPACITY, "The worker has as many pending inputs as it may"),
  SOURCE_KEY_CONFLICT(Kind.CONFLICT, "The idempotency key was used with another payload"),
  STORE_IO(Kind.INTERNAL, "The store could not be read or written"),
  STORE_MISSING(Kind.INTERNAL, "A part of the store is missing"),
  STORE_CORRUPT(Kind.INTERNAL, "The store is damaged"),
  // turns
  LEASE_BUSY(Kind.CONFLICT, "Another executor holds the session"),
  SESSION_BUSY(Kind.CONFLICT, "The session is busy"),
  LEASE_EXPIRED(Kind.CONFLICT, "The lease is no longer held"),
  LEASE_LOST(Kind.CONFLICT, "The lease was lost"),
  SESSION_BINDING_MISMATCH(Kind.CONFLICT, "The fence is of another session"),
  TTL_TOO_SMALL(Kind.INVALID, "The lease time is too small"),
  RENEW_INTERVAL_TOO_SMALL(Kind.INVALID, "The renewal interval is too small"),
  TTL_RENEW_RATIO_TOO_SMALL(Kind.INVALID, "The lease time must be at least three renewal intervals"),
  INPUT_NOT_FOUND(Kind.NOT_FOUND, "There is no such input"),
  TURN_NOT_FOUND(Kind.NOT_FOUND, "There is no such turn"),
  TURN_ENDED(Kind.CONFLICT, "The turn has ended"),
  ATTEMPT_SUPERSEDED(Kind.CONFLICT, "The attempt is no longer the current one"),
  CLAIM_SUPERSEDED(Kind.CONFLICT, "The claim is no longer held"),
  UNSETTLED_CLAIM(Kind.CONFLICT, "A claim is neither completed nor given back"),
  HEAD_REVISION_CONFLICT(Kind.CONFLICT, "The session has another head revision"),
  TURN_COMMIT_CONFLICT(Kind.CONFLICT, "Another commit was made under this number, or others are to come before it"),
  CANCEL_NOT_REQUESTED(Kind.CONFLICT, "The turn was not asked to cancel"),
  OUTPUT_GAP(Kind.CONFLICT, "Output records are missing before these"),
  CURSOR_AHEAD(Kind.CONFLICT, "The cursor is ahead of the output"),
  UNSUPPORTED_RECORD_VERSION(Kind.INTERNAL, "A record is of a version that this node does not know"),
  MAX_OUTPUT_TOKENS(Kind.OUTCOME, "The model reached its output limit"),
  UPSTREAM_CUT(Kind.BAD_UPSTREAM, "The model's stream was cut"),
  CONTENT_FILTERED(Kind.OUTCOME, "The provider filtered the content"),
  CONTEXT_TOO_LARGE(Kind.CONFLICT, "The context is too large"),
  TURN_DEADLINE_EXCEEDED(Kind.CONFLICT, "The turn's deadline has passed"),
  TASK_DEADLINE_EXCEEDED(Kind.TIMED_OUT, "The model call's deadline has passed"),
  ATTEMPTS_EXHAUSTED(Kind.OUTCOME, "The turn lost too many attempts"),
  EXECUTOR_FAILED(Kind.OUTCOME, "The executor failed"),
  MIXED_OR_EMPTY_BATCH(Kind.INVALID, "A batch holds either commands or wakes, and at least one"),
  COMMAND_CLAIM_INVALID(Kind.CONFLICT, "The claim is not one of a single command"),
  QUEUE_LIMIT_REACHED(Kind.OVER_CAPACITY, "The session has as much queued work as it may"),
  BATCH_NOT_FOUND(Kind.NOT_FOUND, "There is no such batch"),
  BATCH_CLAIMED(Kind.CONFLICT, "The batch is claimed"),
  ALREADY_CLAIMED(Kind.CONFLICT, "The input is claimed"),
  ALREADY_COMPLETED(Kind.CONFLICT, "The input is part of a turn that has ended"),
  ANCHOR_NOT_FOUND(Kind.NOT_FOUND, "There is no such input to begin at"),
  CANCEL_WON(Kind.CONFLICT, "The turn was asked to cancel before"),
  COMPLETION_WON(Kind.CONFLICT, "The turn ended before it was asked to cancel"),
  CANCEL_OVERDUE(Kind.CONFLICT, "The turn was asked to cancel and has not done so in time"),
  // relay
  NO_MODEL(Kind.CONFLICT, "No model is set"),
  MODEL_NOT_FOUND(Kind.NOT_FOUND, "There is no such model"),
  INVALID_NAME(Kind.UNPROCESSABLE, "The name is not valid"),
  NAME_TAKEN(Kind.CONFLICT, "The name is taken"),
  MALFORMED_SPEC(Kind.INVALID, "The provider's address is not valid"),
  SCHEME_NOT_ALLOWED(Kind.FORBIDDEN, "The provider's address must use https"),
  PROVIDER_FAILED(Kind.BAD_UPSTREAM, "The provider failed"),
  PUBLISHER_OFFLINE(Kind.UNAVAILABLE, "No provider of the model can be reached"),
  PROVIDER_BUSY(Kind.CONFLICT, "The provider has calls in flight"),
  NO_LIVE_LINK(Kind.UNAVAILABLE, "The provider's publisher has no link open"),
  NOT_A_VIRTUAL_PROVIDER(Kind.CONFLICT, "The provider is not a publisher's"),
  NAME_TAKEN_BY_PUBLIC(Kind.CONFLICT, "The name is a public provider's"),
  NAME_ACTIVE_ELSEWHERE(Kind.CONFLICT, "Another publisher serves a provider of this name"),
  NAME_OWNED_BY_OTHER(Kind.CONFLICT, "The name belongs to another owner"),
  POOL_OWNED_BY_OTHER(Kind.CONFLICT, "The pool belongs to another owner"),
  INVALID_PUBLISHER(Kind.UNAUTHENTICATED, "The publisher is not known by this id and secret"),
  PUBLISHER_NOT_FOUND(Kind.NOT_FOUND, "There is no such publisher"),
  TASK_NOT_FOUND(Kind.NOT_FOUND, "There is no such task"),
  TASK_NOT_STREAMING(Kind.CONFLICT, "The task does not stream"),
  CHUNK_GAP(Kind.CONFLICT, "Chunks are missing before these"),
  CHUNK_TOO_LARGE(Kind.TOO_LARGE, "The chunk is too large"),
  PUBLISHER_DISCONNECTED(Kind.BAD_UPSTREAM, "The provider's publisher lost its link"),
  TASK_EXPIRED(Kind.TIMED_OUT, "The task waited too long for a provider"),
  TASK_CANCELLED(Kind.CONFLICT, "The task was cancelled"),
  WAKE_FAILED(Kind.UNAVAILABLE, "The provider's model could not be loaded"),
  AT_CAPACITY(Kind.OK, "All places are taken; the call waits for one"),
  QUEUE_FULL(Kind.UNAVAILABLE, "The queue is full"),
  QUEUE_DEADLINE_EXCEEDED(Kind.UNAVAILABLE, "The call waited too long for a place"),
  RESPONSE_NOT_FOUND(Kind.NOT_FOUND, "There is no such response"),
  PREVIOUS_RESPONSE_NOT_HEAD(Kind.CONFLICT, "The conversation has gone on behind the previous response"),
  SEVERAL_MODELS(Kind.CONFLICT, "The provider offers several models"),
  // integrity
  STORE_MANIFEST_VALID(Kind.OK, "The store is healthy"),
  STORE_RECOVERY_REQUIRED(Kind.UNAVAILABLE, "The store needs recovery"),
  STORE_REBUILD_IN_PROGRESS(Kind.UNAVAILABLE, "A part of the store is being rebuilt"),
  STORE_POISONED(Kind.UNAVAILABLE, "A write could not be made durable, so the store takes no more"),
  FUTURE_SCHEMA(Kind.CONFLICT, "The store was written by a newer version"),
  SCHEMA_MISMATCH(Kind.STORE_DAMAGED, "The store's schema is not the one it claims"),
  MANIFEST_CORRUPT(Kind.STORE_DAMAGED, "The store's manifest can't be read"),
  RECEIPTS_CORRUPT(Kind.STORE_DAMAGED, "The store's receipts can't be read"),
  MANIFEST_IDENTITY_MISMATCH(Kind.STORE_DAMAGED, "The store's manifest is of another data directory"),
  MISSING(Kind.STORE_DAMAGED, "A file of the store is missing"),
  QUARANTINED(Kind.STORE_DAMAGED, "A file of the store is damaged"),
  UNCOMMITTED_WRITE(Kind.STORE_DAMAGED, "A file of the store was written by no batch"),
  HASH_MISMATCH(Kind.STORE_DAMAGED, "A file of the store is not as it was written"),
  INVALID_ENVELOPE(Kind.STORE_DAMAGED, "A file of the store has no valid envelope"),
  INVALID_DATA(Kind.STORE_DAMAGED, "The content of a file of the store breaks its rules"),
  STALE_RUN_ID(Kind.STORE_DAMAGED, "A file of the store is of an earlier run"),
  STALE_CAPABILITY_SNAPSHOT(Kind.STORE_DAMAGED, "A file of the store is of other capabilities"),
  STALE_BEHAVIOR_FINGERPRINT(Kind.STORE_DAMAGED, "A file of the store is of another version of the product"),
  UNCOMMITTED_BATCH(Kind.STORE_DAMAGED, "A batch of writes was begun and not finished"),
  BATCH_EXISTS(Kind.CONFLICT, "There is such a batch of writes already"),
  BATCH_UNRESOLVED(Kind.CONFLICT, "An earlier batch of writes is not resolved"),
  INVALID_BATCH(Kind.CONFLICT, "The batch of writes can't be taken there"),
  JOURNAL_DAMAGED(Kind.STORE_DAMAGED, "The journal is damaged"),
  JOURNAL_TRUNCATED(Kind.STORE_DAMAGED, "The journal ends too early"),
  LAUNCH_STATE_RUN_MISMATCH(Kind.STORE_DAMAGED, "The launch state and the manifest are of two runs"),
  LAUNCH_STATE_CAPABILITY_MISMATCH(Kind.STORE_DAMAGED, "The launch state and the capabilities don't fit together"),
  WORKER_SESSION_MISSING(Kind.STORE_DAMAGED, "A running worker has no session"),
  STALE_TASK_RECORD(Kind.STORE_DAMAGED, "A task is left from an earlier run"),
  STALE_ENGINE_RECORD(Kind.STORE_DAMAGED, "An engine is left from an earlier run"),
  LAUNCH_TRANSACTION_CONFLICT(Kind.STORE_DAMAGED, "The launch is told as ready and as under way"),
  JOURNAL_POSITION_AHEAD(Kind.STORE_DAMAGED, "A file of the store is ahead of the journal");

  /** What sort of refusal it is; the HTTP status and the exit code of the command line follow from it. */
  public enum Kind {
    /** Not a refusal: the answer of a readiness check. */
    OK,
    /** How a turn ended; never the answer to a call. */
    OUTCOME,
    INVALID,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    REQUEST_TIMEOUT,
    CONFLICT,
    PRECONDITION_FAILED,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    UNPROCESSABLE,
    OVER_CAPACITY,
    HEADERS_TOO_LARGE,
    INTERNAL,
    BAD_UPSTREAM,
    UNAVAILABLE,
    /** Never an answer over HTTP: a port or data directory is taken, a node can't be reached. */
    UNREACHABLE,
    TIMED_OUT,
    STORAGE_FULL,
    /** The store is there but must not be opened as it is. */
    STORE_DAMAGED
  }

  private final Kind kind;
  private final String title;
  private final String code;

  Reason(Kind kind, String title) {
    this.kind = kind;
    this.title = title;
    this.code = name().toLowerCase(Locale.ROOT);
  }

  public Kind kind() {
    return kind;
  }

  /** One sentence without a full stop, in the words of users. */
  public String title() {
    return title;
  }

  /** The stable lower_snake code, for example {@code worker_not_found}. */
  public String code() {
    return code;
  }
}
