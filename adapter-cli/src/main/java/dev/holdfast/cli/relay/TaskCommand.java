package dev.holdfast.cli.relay;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Calls of models that nobody waits for. */
@Command(
    name = "task",
    description = "Ask models for what is fetched later.",
    subcommands = {TaskCommand.Listed.class, TaskCommand.Shown.class, TaskCommand.Submit.class,
      TaskFollowCommand.class, TaskCommand.Cancel.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast task submit --model local \"Write a haiku about rain\"",
      "  holdfast task show task-…",
      "", "A task outlives the node and its providers: it waits for a place, and is given to another provider when the"
          + " one that has it is lost. Its result is kept for 7 days."})
public final class TaskCommand {
  static final String PATH = "/api/v1/inference-tasks";
  static final List<Column> FACTS = List.of(Column.of("task", "task_id"), Column.of("model", "model"),
      Column.of("state", "state"), Column.of("place", "queue_position"), Column.of("wait (s)", "wait_estimate_s"),
      Column.of("possible", "is_possible"), Column.of("provider", "attempt.provider"), Column.of("attempts", "epoch"),
      Column.of("reason", "reason"), Column.of("note", "note"), Column.of("enqueued", "enqueued_at"),
      Column.of("ended", "ended_at"), Column.of("status", "status"), Column.of("result", "body"));

  private TaskCommand() {}

  static String path(String id) {
    return PATH + "/" + Client.encoded(id);
  }

  /** All of them. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The own tasks; an admin's are all.",
      footer = {"", "Examples:", "  holdfast task list", "  holdfast task list --state pending -o json"})
  static final class Listed extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("TASK", "task_id"), Column.of("MODEL", "model"),
        Column.of("STATE", "state"), Column.of("PLACE", "queue_position"), Column.of("PROVIDER", "attempt.provider"),
        Column.of("REASON", "reason"), Column.wide("OWNER", "owner"), Column.wide("ENQUEUED", "enqueued_at"),
        Column.wide("ENDED", "ended_at"));

    @Option(names = "--state", paramLabel = "STATE",
        description = "Only these: pending, claimed, running, completed, failed or cancelled.")
    @Nullable
    String state;

    @Override
    public Integer call() {
      String query = state == null ? "" : "?state=" + Client.encoded(state);
      output().list(items(PATH + query, Integer.MAX_VALUE), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** One of them. */
  @Command(
      name = "show",
      description = "One task: where it is, and its result.",
      footer = {"", "Examples:", "  holdfast task show task-…", "  holdfast task show task-… -o json"})
  static final class Shown extends NodeVerb {
    @Parameters(paramLabel = "TASK", description = "The task's id.")
    String id = "";

    @Override
    public Integer call() {
      output().one(client().object(path(id)), FACTS);
      return ExitCode.OK;
    }
  }

  /** A new one. */
  @Command(
      name = "submit",
      description = "Ask a model for something. The answer is fetched with task show, or followed as it comes.",
      footer = {
        "", "Examples:",
        "  holdfast task submit --model local \"Write a haiku about rain\"",
        "  holdfast task submit --model local --stream \"Tell a long story\"",
        "  holdfast task submit --model local --request - < request.json      a whole request, as OpenAI's API has it"})
  static final class Submit extends NodeVerb {
    @Parameters(arity = "0..*", paramLabel = "TEXT", description = "What is said to the model; - is standard input.")
    List<String> words = List.of();

    @Option(names = "--model", paramLabel = "MODEL", required = true, description = "Which model.")
    String model = "";

    @Option(names = "--stream", description = "Have the answer come in pieces, for task follow.")
    boolean streaming;

    @Option(names = "--request", paramLabel = "JSON|-", description = "A whole request in place of a text.")
    @Nullable
    String request;

    @Option(names = "--idempotency-key", paramLabel = "KEY", description = "Sent again under it, it is the same task.")
    @Nullable
    String key;

    @Override
    public Integer call() {
      Json asked = request == null
          ? Json.object("messages", List.of(Json.object("role", "user", "content", textOrStdin(words))))
          : parsed(textOrStdin(List.of(request)));
      Json body = Json.object("model", model, "request", asked, "streaming", streaming ? true : null);
      output().one(client().post(PATH, body, key == null ? Client.freshKey() : key), FACTS);
      return ExitCode.OK;
    }

    private static Json parsed(String text) {
      try {
        return Json.parse(text);
      } catch (JsonException e) {
        throw Refusal.of(Reason.INVALID_REQUEST, "the request is no JSON");
      }
    }
  }

  /** No answer is wanted any more. */
  @Command(
      name = "cancel",
      description = "Cancel a task; of one that is being cancelled, tell how far that has come.",
      footer = {"", "Examples:", "  holdfast task cancel task-…"})
  static final class Cancel extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("task", "task_id"), Column.of("state", "state"),
        Column.of("delivered", "cancel.delivered"), Column.of("acknowledged", "cancel.acknowledged"),
        Column.of("released", "cancel.released"));

    @Parameters(paramLabel = "TASK", description = "The task's id.")
    String id = "";

    @Override
    public Integer call() {
      output().one(client().delete(path(id)), COLUMNS);
      return ExitCode.OK;
    }
  }
}
