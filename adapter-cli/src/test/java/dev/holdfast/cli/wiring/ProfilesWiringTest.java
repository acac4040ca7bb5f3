package dev.holdfast.cli.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProfilesWiringTest {
  private static final Node.Settings MEMORY = new Node.Settings("memory", "unused", "127.0.0.1", 0, true);

  @Test
  @DisplayName("W-13 the configuration's profiles reach the use cases as they are written, dollar signs and all")
  void reachTheUseCases() {
    String instructions = "Pay ${amount} in $, \"quoted\" \\ and ü";
    Json profiles = Json.object("payer", Json.object("instructions", instructions));
    var selector = new ProfileSelector.Named("payer");
    try (Node node = Node.open(MEMORY, Map.of("holdfast.profiles", profiles.text()))) {
      node.launch();
      assertEquals(instructions, node.use(Profiles.class).resolve(selector).instructions());
      var request = new CreateWorker(new WorkerIntent.Assistant(null), selector, null, Execution.EXTERNAL, null,
          List.of(), List.of(), List.of());
      assertTrue(node.use(WorkerCatalogue.class)
          .create(Audited.local("0".repeat(32), "test.call"), request, new WorkerRules.Caller("default", null, null))
          .orThrow().profileResolved());
    }
  }

  @Test
  @DisplayName("a node doesn't start with profiles that are none, and says where they go wrong")
  void refused() {
    try (Node node = Node.open(MEMORY, Map.of("holdfast.profiles", "{\"a\":{\"model\":3}}"))) {
      Throwable thrown = assertThrows(RuntimeException.class, node::launch);
      while (thrown.getCause() != null) {
        thrown = thrown.getCause();
      }
      assertTrue(thrown.toString().contains("invalid_request"), thrown.toString());
    }
  }
}
