package dev.holdfast.domain.integrity.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Reason;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReasonsTest {
  @ParameterizedTest
  @DisplayName("integrity's reasons are in the closed list; a call that meets store_* is told 503, batch_* and future_schema 409")
  @ValueSource(strings = {"store_manifest_valid", "store_recovery_required", "store_rebuild_in_progress",
    "store_poisoned", "manifest_corrupt", "receipts_corrupt", "manifest_identity_mismatch", "missing", "quarantined",
    "future_schema", "uncommitted_write", "hash_mismatch", "invalid_json", "invalid_envelope", "invalid_data",
    "stale_run_id", "stale_capability_snapshot", "stale_behavior_fingerprint", "uncommitted_batch", "batch_exists",
    "batch_unresolved", "invalid_batch", "journal_damaged", "journal_truncated", "schema_mismatch",
    "launch_state_run_mismatch", "launch_state_capability_mismatch", "worker_session_missing", "stale_task_record",
    "stale_engine_record", "launch_transaction_conflict", "journal_position_ahead", "data_dir_locked"})
  void known(String code) {
    Reason reason = Reason.valueOf(code.toUpperCase(Locale.ROOT));
    assertEquals(code, reason.code());
    if (code.startsWith("batch_") || code.equals("future_schema")) {
      assertEquals(Reason.Kind.CONFLICT, reason.kind());
    } else if (code.startsWith("store_") && reason != Reason.STORE_MANIFEST_VALID) {
      assertEquals(Reason.Kind.UNAVAILABLE, reason.kind());
    }
  }
}
