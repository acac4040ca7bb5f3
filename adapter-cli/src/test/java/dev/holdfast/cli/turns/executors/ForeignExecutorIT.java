package dev.holdfast.cli.turns.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What executors see of each other's sessions, against the real daemon. */
class ForeignExecutorIT {

  @Test
  @DisplayName("T-A39 an executor of another subject finds no work, and neither worker nor turn: 404")
  void foreign(@TempDir Path temp) {
    try (var daemon = DaemonProcess.ofDistribution(temp.resolve("data"))) {
      var admin = new NodeClient(daemon.address(), daemon.key());
      var desk = new Desk(admin, "desk");
      desk.send("mine");
      var holder = Holder.of(desk, 30_000);
      String turn = NodeClient.text(NodeClient.member(holder.call("next-work"), "turn"), "turn_id");
      var other = new Desk(admin, "other");
      assertEquals(List.of(), NodeClient.items(other.executor().get("/api/v1/executor/work"), "items"));
      var stranger = new Holder(new Desk(desk.user(), other.executor(), desk.id()), holder.fence());
      String session = "/api/v1/sessions/" + desk.id();
      for (String call : List.of("/lease/renew", "/next-work", "/lease/release")) {
        assertEquals("worker_not_found", stranger.tried(session + call).reason(), call);
      }
      assertEquals("worker_not_found", Holder.asking(stranger.desk(), 30_000).reason());
      assertEquals("turn_not_found", stranger.tried("/api/v1/turns/" + turn + "/output", "attempt", 1, "first_seq", 2,
          "records", List.of()).reason());
      assertTrue(holder.call("next-work").members().containsKey("turn"));
    }
  }
}
