package dev.holdfast.domain.workers;

import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Explains a state of the runtime or of one worker; its code is not the reason of a refusal.
 *
 * @param id from 1, dense when given; dropped ones leave a hole
 */
public record Diagnostic(long id, Instant at, Severity severity, Code code, String note, @Nullable WorkerId worker) {

  public enum Severity {
    INFO,
    WARNING,
    ERROR;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The closed list of spec workers §6. */
  public enum Code {
    LOCAL_DEFAULT_RESOURCES("runtime.local_default_resources", Severity.INFO),
    TOOLS_LESS("worker.tools_less", Severity.INFO),
    PROFILE_UNRESOLVED("worker.profile_unresolved", Severity.WARNING),
    OPTIONS_IGNORED("runtime.options_ignored", Severity.INFO),
    ADMIN_KEY_EXPIRY_IGNORED("access.admin_key_expiry_ignored", Severity.WARNING),
    AUDIT_HEAD_UNVERIFIED("access.audit_head_unverified", Severity.ERROR),
    WORKER_SNAPSHOT_IGNORED("worker_snapshot_ignored", Severity.WARNING),
    LOG_TAIL_TRUNCATED("store.log_tail_truncated", Severity.WARNING),
    EVENT_RANGE_DAMAGED("store.event_range_damaged", Severity.ERROR);

    private final String text;
    private final Severity severity;

    Code(String text, Severity severity) {
      this.text = text;
      this.severity = severity;
    }

    public String text() {
      return text;
    }

    public Severity severity() {
      return severity;
    }

    /** @throws IllegalArgumentException when there is no such code */
    public static Code of(String text) {
      for (Code code : values()) {
        if (code.text.equals(text)) {
          return code;
        }
      }
      throw new IllegalArgumentException("no diagnostic code: " + text);
    }
  }
}
