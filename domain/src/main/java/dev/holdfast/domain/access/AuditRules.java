package dev.holdfast.domain.access;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Texts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sealing the audit's records and checking them (spec ). The chain of macs is that of Schneier and Kelsey, "Secure
 * audit logs to support computer forensics" (1999), with one key that stays.
 */
public final class AuditRules {
  private AuditRules() {}

  /** The record that follows the head. */
  public static AuditRecord seal(AuditKey key, AuditHead head, AuditEntry entry, Instant now) {
    long seq = head.seq() + 1;
    String text = text(seq, entry, now);
    return new AuditRecord(seq, text, key.seal(head.mac(), text));
  }

  /** The members in the order of their names, without sorting: every call passes here while all others wait. */
  private static String text(long seq, AuditEntry entry, Instant now) {
    AuditEntry.Caller caller = entry.caller();
    var out = new StringBuilder(320);
    member(out, "{\"action\":", entry.action());
    member(out, ",\"at\":", Texts.instant(now));
    member(out, ",\"client_request_id\":", caller.clientRequestId());
    if (entry.count() != 1) {
      out.append(",\"count\":").append(entry.count());
    }
    member(out, ",\"from\":", caller.from());
    member(out, ",\"key_id\":", caller.keyId());
    member(out, ",\"reason\":", entry.reason() == null ? null : entry.reason().code());
    member(out, ",\"request_id\":", caller.requestId());
    member(out, ",\"role\":", caller.role() == null ? null : caller.role().text());
    out.append(",\"seq\":").append(seq).append(",\"status\":").append(entry.status());
    member(out, ",\"subject\":", caller.subject());
    member(out, ",\"target\":", entry.target());
    return out.append('}').toString();
  }

  private static void member(StringBuilder out, String name, @Nullable String value) {
    if (value != null) {
      out.append(name);
      Json.quote(out, value);
    }
  }

  /** What is wrong at a place of the audit. */
  public enum Fault {
    /** The record isn't what was sealed, or the head beside the records isn't that of the last one. */
    ALTERED,
    /** The record isn't there, and later ones are. */
    MISSING,
    /** The record and all behind it are not there. */
    TRUNCATED
  }

  /**
   * How far a check has come.
   *
   * @param verified the last record that is as it was sealed
   * @param fault what is wrong with the record behind it, or null when nothing was found yet
   */
  public record Checked(AuditHead verified, @Nullable Fault fault) {}

  /**
   * What the end of the audit has to be.
   *
   * @param head as the store keeps it beside the records
   * @param noted as somebody noted it earlier, or null
   */
  public record Expected(AuditHead head, @Nullable AuditHead noted) {
    boolean contradicts(AuditRecord next) {
      boolean otherNoted = noted != null && noted.seq() == next.seq() && !noted.mac().equals(next.mac());
      boolean otherHead = head.seq() == next.seq() && !head.mac().equals(next.mac());
      return otherNoted || otherHead || head.seq() < next.seq();
    }

    boolean reachesBeyond(AuditHead last) {
      return head.seq() > last.seq() || (noted != null && noted.seq() > last.seq());
    }
  }

  /**
   * Checks the records that follow one that was checked before.
   *
   * @param last the last record that was verified
   * @param page the next records; empty when there are none
   */
  public static Checked check(AuditKey key, AuditHead last, List<AuditRecord> page, Expected expected) {
    AuditHead verified = last;
    for (AuditRecord next : page) {
      if (next.seq() != verified.seq() + 1) {
        return new Checked(verified, Fault.MISSING);
      }
      if (expected.contradicts(next) || !key.seal(verified.mac(), next.text()).equals(next.mac())) {
        return new Checked(verified, Fault.ALTERED);
      }
      verified = next.head();
    }
    return new Checked(verified, page.isEmpty() && expected.reachesBeyond(verified) ? Fault.TRUNCATED : null);
  }
}
