package dev.holdfast.cli.relay;

import dev.holdfast.cli.EventStream;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Output;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A task's answer as it comes, to its end. */
@Command(
    name = "follow",
    description = "Show a streamed task's answer as it comes, to its end, across restarts of the node.",
    footer = {
      "", "Examples:",
      "  holdfast task follow task-…",
      "  holdfast task follow task-… -o ndjson      every event as it comes",
      "", "When the task goes to another provider the answer begins anew, which is told. Ctrl-C detaches.",
      "Exits 0 when the task completed, 1 when it failed or was cancelled."})
final class TaskFollowCommand extends NodeVerb {
  @Parameters(paramLabel = "TASK", description = "The task's id.")
  String id = "";

  @Override
  public Integer call() {
    var reader = new Answer(output().format() == Output.Format.NDJSON);
    client().object(TaskCommand.path(id));
    stream(TaskCommand.path(id) + "/stream").read(reader);
    screen().closeLine();
    Json task = client().object(TaskCommand.path(id));
    if (!"completed".equals(text(task, "state"))) {
      String reason = text(task, "reason");
      screen().talk("the task is " + text(task, "state") + (reason == null ? "" : ": " + reason));
      return ExitCode.FAILED;
    }
    return ExitCode.OK;
  }

  /** Prints what comes. */
  private final class Answer implements EventStream.Reader {
    private final boolean events;

    Answer(boolean events) {
      this.events = events;
    }

    @Override
    public boolean event(String name, Json data) {
      if (events) {
        screen().line(Json.object("event", name, "data", data).text());
      } else {
        switch (name) {
          case "chunk" -> screen().piece(piece(String.valueOf(text(data, "data"))));
          case "restarted" -> screen().talk("the answer begins anew, with another provider");
          case "gap" -> screen().talk("a part of the answer is missing here");
          default -> {
            // The end tells itself by the task.
          }
        }
      }
      return !name.equals("end");
    }
  }

  /** The text in a chunk of a completion. */
  private static String piece(String data) {
    try {
      Object choices = Json.parse(data).members().get("choices");
      return choices instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof Map<?, ?> first
          ? first.get("delta") instanceof Map<?, ?> delta && delta.get("content") instanceof String content ? content
              : first.get("text") instanceof String said ? said : ""
          : "";
    } catch (JsonException e) {
      return "";
    }
  }
}
