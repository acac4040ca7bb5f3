package dev.holdfast.domain.access;

/**
 * The newest record of the audit.
 *
 * @param seq 0 before the first record
 * @param mac lower-case hex, 64 digits
 */
public record AuditHead(long seq, String mac) {
  public static final AuditHead NONE = new AuditHead(0, "0".repeat(64));
}
