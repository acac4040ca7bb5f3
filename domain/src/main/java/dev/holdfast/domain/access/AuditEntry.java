package dev.holdfast.domain.access;

import dev.holdfast.domain.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What the audit says of one call. Never content, a secret or an address with a query (spec A-91): a target is an id or a
 * name.
 *
 * @param action as in {@code worker.create}
 * @param target what it was done to; null when the call names nothing
 * @param status the answer's HTTP status
 * @param reason why it was refused, or null
 * @param count the calls that the record stands for; more than 1 only where refusals were too many to be told one by one
 */
public record AuditEntry(
    Caller caller, String action, @Nullable String target, int status, @Nullable Reason reason, long count) {

  /**
   * Who called.
   *
   * @param requestId 32 hex digits, made by the node
   * @param clientRequestId the caller's own name of the request, when it has the form that is kept (spec A-6)
   * @param keyId null when no known key was shown; there also when the key is revoked or has expired
   * @param from the caller's address, where the call came to no effect
   * @param subject in whose name; null when no valid key was shown
   */
  public record Caller(
      String requestId, @Nullable String clientRequestId, @Nullable String keyId, @Nullable String subject,
      @Nullable Role role, @Nullable String from) {

    public Caller(String requestId, @Nullable String clientRequestId, @Nullable String keyId, @Nullable String subject,
        @Nullable Role role) {
      this(requestId, clientRequestId, keyId, subject, role, null);
    }

    /** The same, with the address that it called from. */
    public Caller from(String address) {
      return new Caller(requestId, clientRequestId, keyId, subject, role, address);
    }

    /** The node's own user on its own machine, who needs no key. */
    public static Caller local(String requestId) {
      return new Caller(requestId, null, null, Key.DEFAULT_SUBJECT, Role.ADMIN);
    }
  }
}
