package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An input for a worker; with {@code --follow} until the turn that takes it has ended. */
@Command(
    name = "send",
    description = "Send an input to a worker. What is accepted is on disk, and some turn will take it.",
    footer = {
      "", "Examples:",
      "  holdfast worker send worker-00000001 \"Start with the storage changes\" --follow",
      "  git log -5 | holdfast worker send worker-00000001 --follow",
      "  holdfast worker send worker-00000001 --key release-7 \"Release 7 is out\"   twice is once",
      "  holdfast worker send worker-00000001 --options '{\"max_output_tokens\":200}' \"Be brief\"",
      "",
      "With --follow, a pipe or file gets the final text, once; -o ndjson gives every record as it comes. A node that"
          + " went away is waited for, for 60 s."})
public final class SendCommand extends Following {
  private static final List<Column> COLUMNS = List.of(Column.of("input", "input_id"), Column.of("state", "input_state"),
      Column.of("worker", "worker_ref.worker_id"), Column.of("position", "transcript_sequence"));

  @Parameters(index = "0", paramLabel = "WORKER", description = "The worker's id.")
  String worker = "";

  @Parameters(index = "1..*", paramLabel = "TEXT",
      description = "The input; standard input when absent, or at the place of a \"-\".")
  List<String> words = List.of();

  @Option(names = {"-f", "--follow"}, description = "Show the answer as it comes, until the turn has ended.")
  boolean follow;

  @Option(names = "--system", description = "Speak in the system's voice; a user input has to go with it.")
  boolean system;

  @Option(names = "--key", paramLabel = "KEY", description = "Sent again under the same key, it is taken once.")
  @Nullable
  String key;

  @Option(names = "--options", paramLabel = "JSON", description = "Options of the model call, as a JSON object.")
  @Nullable
  String options;

  @Override
  public Integer call() {
    if (follow && !system) {
      requireContent("the same command without --follow, or with a key that was made with --content");
    }
    Json body = Json.object("kind", system ? "system" : "user", "content", textOrStdin(words), "options",
        parsed(options));
    Json ack = client().post("/api/v1/workers/" + Client.encoded(worker) + "/inputs", body,
        key == null ? Client.freshKey() : key);
    if (follow && system) {
      screen().talk("a system input waits for a user input to go with, so there is no turn to follow yet");
    } else if (follow) {
      return followInput(ack);
    }
    output().one(ack, COLUMNS);
    screen().whisper("follow it with: holdfast turn follow --worker " + worker);
    return ExitCode.OK;
  }

  private static @Nullable Json parsed(@Nullable String options) {
    try {
      return options == null ? null : Json.parse(options);
    } catch (JsonException e) {
      throw Refusal.of(Reason.INVALID_JSON, "--options: " + e.getMessage());
    }
  }
}
