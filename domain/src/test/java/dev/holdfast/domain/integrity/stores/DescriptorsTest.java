package dev.holdfast.domain.integrity.stores;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DescriptorsTest {
  private static final String CANONICAL = "rebuildable_from_canonical_destination";

  private static List<String> told(Descriptor store) {
    return List.of(store.schemaName(), store.relativePath(), store.criticality().text(), store.owner().text(),
        store.rebuildStrategy().text());
  }

  @Test
  @DisplayName("the stores are these eleven in this order, each of version 1")
  void closedList() {
    List<List<String>> wanted = List.of(
        List.of("holdfast.launch_state", "stores/launch-state.json", "readiness_blocking", "launch", "none"),
        List.of("holdfast.session_index", "stores/session-index.json", CANONICAL, "turns",
            "verify_canonical_destinations"),
        List.of("holdfast.launch_transaction", "stores/launch-transaction.json", "readiness_blocking", "launch",
            "none"),
        List.of("holdfast.task_ledger", "stores/task-ledger.json", CANONICAL, "relay", "verify_canonical_destinations"),
        List.of("holdfast.provider_table", "stores/providers.json", "rebuildable_from_provider", "relay",
            "poll_provider"),
        List.of("holdfast.engine_table", "stores/engines.json", "rebuildable_from_provider", "supervision",
            "poll_provider"),
        List.of("holdfast.capability_snapshot", "stores/capabilities.json", "readiness_blocking", "capability",
            "rerun_capability_discovery"),
        List.of("holdfast.revision", "stores/revision.json", "readiness_blocking", "launch",
            "rebuild_from_launch_state"),
        List.of("holdfast.artifact_index", "stores/artifacts.json", CANONICAL, "supervision",
            "verify_canonical_destinations"),
        List.of("holdfast.journal_index", "stores/journal-index.json", CANONICAL, "integrity",
            "verify_canonical_destinations"),
        List.of("holdfast.diagnostics", "stores/diagnostics.json", "diagnostic_only", "diagnostics",
            "drop_after_quarantine"));
    assertEquals(wanted, Descriptors.ALL.stream().map(DescriptorsTest::told).toList());
    Descriptors.ALL.forEach(store -> assertEquals(1, store.schemaVersion()));
  }

  @Test
  @DisplayName("a store is found by its name, and another name is none")
  void found() {
    assertEquals(Optional.of(Descriptors.REVISION), Descriptors.find("holdfast.revision"));
    assertEquals(Optional.empty(), Descriptors.find("holdfast.other"));
    assertEquals("providers.json", Descriptors.PROVIDER_TABLE.fileName());
  }
}
