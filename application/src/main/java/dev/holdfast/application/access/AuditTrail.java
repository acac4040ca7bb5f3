package dev.holdfast.application.access;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.application.workers.Page;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.AuditRules;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.DiagnosticRules;
import dev.holdfast.domain.workers.WorkerLimits;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading the audit, and checking that it is as it was sealed (spec A-93). */
public final class AuditTrail {
  private static final int CHECKED_AT_ONCE = 1_000;

  private final UnitsOfWork units;
  private final AuditKey key;
  private final InstantSource clock;

  public AuditTrail(UnitsOfWork units, AuditKey key, InstantSource clock) {
    this.units = units;
    this.key = key;
    this.clock = clock;
  }

  public AuditHead head() {
    return units.read(state -> state.auditHead());
  }

  /** Null filters let everything through. */
  public Outcome<Page<AuditRecord>> list(Listing page, @Nullable String subject, @Nullable String action) {
    if (page.refusal() != null) {
      return page.refusal().as();
    }
    return units.read(state -> new Outcome.Done<>(Page.of(
        state.audit(page.start(), page.size() + 1, subject, action), page.size(),
        entry -> Long.toString(entry.seq()))));
  }

  /**
   * Checks the records behind one that was checked before, as many as are read at once.
   *
   * @param after the last record that was verified; 0, or any that was pruned, for the beginning
   * @param noted a head that was noted earlier and must still be there, or null
   * @return how far it came, or invalid_query when there is no record {@code after}
   */
  public Outcome<Verified> verify(long after, @Nullable AuditHead noted) {
    return units.read(state -> {
      AuditHead anchor = state.auditAnchor();
      Optional<AuditHead> last =
          after <= anchor.seq() ? Optional.of(anchor) : head(state.audit(after - 1, 1, null, null), after);
      if (last.isEmpty()) {
        return Outcome.refused(Reason.INVALID_QUERY, "field", "after");
      }
      List<AuditRecord> page = state.audit(after, CHECKED_AT_ONCE, null, null);
      AuditHead head = state.auditHead();
      AuditRules.Checked checked =
          AuditRules.check(key, last.get(), page, new AuditRules.Expected(head, noted));
      return new Outcome.Done<>(new Verified(checked.verified().seq(), checked.fault(), page.isEmpty(), head));
    });
  }

  private static Optional<AuditHead> head(List<AuditRecord> found, long seq) {
    return found.stream().filter(entry -> entry.seq() == seq).map(AuditRecord::head).findFirst();
  }

  /**
   * How far a check has come.
   *
   * @param to the last record that is as it was sealed
   * @param fault what is wrong with the record behind it, or null
   * @param complete whether there is nothing behind it
   * @param head of the whole audit
   */
  public record Verified(long to, AuditRules.@Nullable Fault fault, boolean complete, AuditHead head) {

    /** Whether there is nothing to go on with. */
    public boolean isOver() {
      return complete || fault != null;
    }
  }

  /**
   * At a start: whether the newest record was sealed with this node's key and is the one that the head names; if not, a
   * diagnostic says so.
   */
  public void checkHead() {
    AuditHead head = head();
    if (!isAsSealed(head)) {
      units.write(state -> Decision.done(true, DiagnosticRules.note(state, Diagnostic.Code.AUDIT_HEAD_UNVERIFIED,
          "the audit's last record is not the one that was sealed with keys/audit.key; see: holdfast audit verify",
          WorkerLimits.DEFAULT.maxDiagnostics(), clock.instant())));
    }
  }

  private boolean isAsSealed(AuditHead head) {
    return verify(Math.max(0, head.seq() - 1),
        head.seq() == 0 ? null : head) instanceof Outcome.Done<Verified>(Verified found) && found.fault() == null
        && found.to() == head.seq();
  }

  /** @return the refusal when the text isn't a noted head, which has the form {@code SEQ:MAC} */
  public static Outcome<AuditHead> readHead(String text) {
    if (!text.matches("[0-9]{1,18}:[0-9a-f]{64}")) {
      return Outcome.refused(Reason.INVALID_QUERY, "field", "head");
    }
    int colon = text.indexOf(':');
    return new Outcome.Done<>(new AuditHead(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1)));
  }
}
