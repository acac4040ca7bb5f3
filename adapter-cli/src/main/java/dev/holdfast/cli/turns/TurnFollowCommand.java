package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Interrupts;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A turn's answer from its start, to its end. */
@Command(
    name = "follow",
    description = "Show a turn's answer from its start to its end, across restarts of the node.",
    footer = {
      "", "Examples:",
      "  holdfast turn follow turn-0000000000000007",
      "  holdfast turn follow --worker worker-00000001     the worker's newest turn",
      "  holdfast turn follow turn-0000000000000007 --cancel-on-interrupt",
      "",
      "A pipe or file gets the final text, once; -o ndjson gives every record as it comes. A node that went away is"
          + " waited for, for 60 s; one that doesn't answer to begin with for as long as --timeout says.",
      "", "Exits 0 when the turn completed, 1 when it failed, is incomplete or was cancelled, 130 after Ctrl-C, which"
          + " detaches. With --cancel-on-interrupt Ctrl-C cancels the turn and waits for its end; a second one detaches."})
final class TurnFollowCommand extends Following {
  @Parameters(arity = "0..1", paramLabel = "TURN", description = "The turn's id.")
  @Nullable
  String turn;

  @Option(names = "--worker", paramLabel = "WORKER", description = "Follow this worker's newest turn instead.")
  @Nullable
  String worker;

  @Option(names = "--cancel-on-interrupt", description = "Ctrl-C cancels the turn, and its end is awaited.")
  boolean cancelOnInterrupt;

  @Override
  public Integer call() {
    Json found = turn == null ? newest() : present("/api/v1/turns/" + Client.encoded(turn));
    return followFound(found, required(found, "session_id"));
  }

  @Override
  protected void onInterruptOf(String id, Answer answer) {
    if (!cancelOnInterrupt) {
      super.onInterruptOf(id, answer);
      return;
    }
    Interrupts.handle(code -> {
      answer.interrupt();
      screen().talk("cancelling the turn; once more, and it is left to itself");
      try {
        client().awaitedPost("/api/v1/turns/" + id + "/cancel", Json.object("note", "interrupted by its follower"),
            PATIENCE);
      } catch (Refusal refusal) {
        // A turn that has ended meanwhile tells so by its output.
        if (!refusal.is(Reason.COMPLETION_WON)) {
          screen().talk(refusal.lines());
          screen().talk("detached; whether the turn was cancelled shows: holdfast turn show " + id);
          Runtime.getRuntime().halt(code);
        }
      }
    });
  }

  private Json newest() {
    if (worker == null) {
      throw Refusal.of(Reason.INVALID_REQUEST, "name a turn, or a worker with --worker");
    }
    String path = "/api/v1/workers/" + Client.encoded(worker);
    String open = text(present(path), "session.open_turn_id");
    return open == null ? last(path + "/turns") : client().object("/api/v1/turns/" + open);
  }

  /** The list begins with the oldest turn; of a long one only a page is kept at a time. */
  private Json last(String path) {
    List<Json> newest = List.of();
    String next = "";
    while (next != null) {
      Json page = client().object(path + "?limit=" + PAGE + (next.isEmpty() ? "" : "&after=" + Client.encoded(next)));
      List<Json> items = list(page, "items");
      newest = items.isEmpty() ? newest : items;
      next = text(page, "next");
    }
    if (newest.isEmpty()) {
      throw Refusal.of(Reason.TURN_NOT_FOUND, worker + " has had no turn yet");
    }
    return newest.getLast();
  }
}
