package dev.holdfast.cli.turns.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.cli.turns.UpstreamProcess;
import dev.holdfast.cli.turns.executors.ExampleProcess.Language;
import dev.holdfast.domain.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cancel that was acknowledged costs no further model call, whoever dies: a real upstream counts its calls. */
class CancelProofIT {
  @TempDir
  private Path temp;

  @Test
  @DisplayName("T-A36 cancel before dispatch and cancel followed by kill -9: no model call, cancelled")
  void cancelled() throws Exception {
    try (UpstreamProcess upstream = UpstreamProcess.start(200, 20);
        DaemonProcess daemon = DaemonProcess.ofDistribution(temp.resolve("data"))) {
      var admin = new NodeClient(daemon.address(), daemon.key());
      admin.call("POST", "/api/v1/providers", Json.object("name", "real", "url", upstream.url()), null);
      handedOver(admin, upstream);
      heldByTheDead(admin, daemon, upstream);
      builtIn(admin, daemon, upstream);
    }
  }

  /** The turn is open, and no attempt of it lives: the node ends it before any executor gets it. */
  private static void handedOver(NodeClient admin, UpstreamProcess upstream) throws Exception {
    var desk = new Desk(admin, "handed-over");
    String input = desk.send("never said");
    var holder = Holder.of(desk, 30_000);
    String turn = NodeClient.text(NodeClient.member(holder.call("next-work"), "turn"), "turn_id");
    holder.call("lease/release");
    assertEquals("settled", NodeClient.text(desk.cancel(turn, ""), "control"));
    assertEquals("cancelled", NodeClient.text(desk.ended(turn), "outcome"));
    try (ExampleProcess _ = ExampleProcess.start(Language.JAVA.command(), desk.user().node(), desk.executorKey(),
        "--model", "real")) {
      // The upstream counts, as the next input shows.
      String next = desk.send("said");
      assertEquals("completed", NodeClient.text(desk.ended(desk.turnOf(next)), "outcome"));
    }
    assertEquals(1, upstream.calls());
    assertEquals(turn, desk.turnOf(input));
    assertEquals(List.of(), desk.answers(turn));
  }

  /** Its holder is gone with a lease that still lives, and so is the node: the request outlives both. */
  private static void heldByTheDead(NodeClient admin, DaemonProcess daemon, UpstreamProcess upstream) throws Exception {
    var desk = new Desk(admin, "held");
    String input = desk.send("never said either");
    var holder = Holder.of(desk, 1_500);
    String turn = NodeClient.text(NodeClient.member(holder.call("next-work"), "turn"), "turn_id");
    assertEquals("durable", NodeClient.text(desk.cancel(turn, ""), "control"));
    daemon.kill();
    daemon.restart();
    try (ExampleProcess _ = ExampleProcess.start(Language.JAVA.command(), desk.user().node(), desk.executorKey(),
        "--model", "real")) {
      assertEquals("cancelled", NodeClient.text(desk.ended(turn), "outcome"));
    }
    assertEquals(1, upstream.calls());
    assertEquals(turn, desk.turnOf(input));
    assertEquals("cancelled", desk.followed(turn).judge().outcome());
  }

  private static void builtIn(NodeClient admin, DaemonProcess daemon, UpstreamProcess upstream) throws Exception {
    var desk = new Desk(admin, "built-in", Json.object("model", "real"));
    String turn = desk.turnOf(desk.send("go on"));
    desk.awaitSaid(turn, "word1 ");
    assertEquals(2, upstream.calls());
    assertEquals("inline", NodeClient.text(desk.cancel(turn, ""), "control"));
    daemon.kill();
    daemon.restart();
    assertEquals("cancelled", NodeClient.text(desk.ended(turn), "outcome"));
    assertEquals(2, upstream.calls());
    assertEquals("cancelled", desk.followed(turn).judge().outcome());
  }
}
