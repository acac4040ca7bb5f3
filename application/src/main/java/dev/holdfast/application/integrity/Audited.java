package dev.holdfast.application.integrity;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditEntry;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A call that the audit tells of, exactly once: in the unit of work of its effect, or, when it comes to none, in one of its
 * own (spec A-90).
 */
public final class Audited {
  private final AuditEntry.Caller caller;
  private final String action;
  private final int done;
  private final ToIntFunction<Reason> statuses;
  private final AtomicBoolean recorded = new AtomicBoolean();

  /**
   * @param action as in {@code worker.create}
   * @param done the HTTP status that the caller is answered with when it is done
   * @param statuses the same for each reason to refuse it
   */
  public Audited(AuditEntry.Caller caller, String action, int done, ToIntFunction<Reason> statuses) {
    this.caller = caller;
    this.action = action;
    this.done = done;
    this.statuses = statuses;
  }

  /**
   * What the node's own user does without a daemon; there is no HTTP and so no status but done or not.
   *
   * @param requestId 32 hex digits
   */
  public static Audited local(String requestId, String action) {
    return new Audited(AuditEntry.Caller.local(requestId), action, 200, _ -> 0);
  }

  /** Whether the audit has told of it. */
  public boolean isRecorded() {
    return recorded.get();
  }

  /** Before a record is written; a call that has one already gets no other. */
  boolean begin() {
    return recorded.compareAndSet(false, true);
  }

  /** No record was written after all. */
  void undone() {
    recorded.set(false);
  }

  AuditEntry entry(Outcome<?> outcome, @Nullable String target) {
    return switch (outcome) {
      case Outcome.Done<?> _,Outcome.Replayed<?> _ -> new AuditEntry(caller, action, target, done, null, 1);
      case Outcome.Refused<?> refused -> refused(refused.reason(), target);
    };
  }

  private AuditEntry refused(Reason reason, @Nullable String target) {
    return new AuditEntry(caller, action, target, statuses.applyAsInt(reason), reason, 1);
  }

  /** What the audit says when the call is refused before it comes to any effect. */
  public AuditEntry refusedFrom(Reason reason, String address) {
    return new AuditEntry(caller.from(address), action, null, statuses.applyAsInt(reason), reason, 1);
  }
}
