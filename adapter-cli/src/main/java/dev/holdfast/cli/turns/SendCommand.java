package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.inputs.Boundary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
      "  holdfast input send worker-00000001 --active-turn \"Leave the tests out\"     steers the turn that runs",
      "",
      "With --follow, a pipe or file gets the final text, once; -o ndjson gives every record as it comes. A node that"
          + " went away is waited for, for 60 s."})
public final class SendCommand extends Following {
  private static final List<String> BOUNDARIES =
      Arrays.stream(Boundary.values()).map(Boundary::text).toList();
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

  @Option(names = "--active-turn", arity = "0..1", paramLabel = "TURN", fallbackValue = "",
      preprocessor = TurnIdOnly.class,
      description = "Into the turn that is open, at its next checkpoint; with TURN only into that one. A turn that ended takes"
          + " nothing more, so then the next one takes it.")
  @Nullable
  String activeTurn;

  @Option(names = "--boundary", paramLabel = "KIND",
      description = "With --active-turn, the first checkpoint that may take it: after_work, or before_completion, when the turn"
          + " would end otherwise. Default: after_work.")
  @Nullable
  String boundary;

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
        parsed(options), "ingress", ingress());
    Json ack = client().post("/api/v1/workers/" + Client.encoded(worker) + "/inputs", body,
        key == null ? Client.freshKey() : key);
    boolean steers = "pending_active".equals(text(ack, "input_state"));
    if (follow && system && !steers) {
      screen().talk("a system input waits for a user input to go with, so there is no turn to follow yet");
    } else if (follow) {
      return followInput(ack);
    }
    output().one(ack, COLUMNS);
    if (steers) {
      screen().whisper("the open turn takes it at its next checkpoint");
    } else if (ingress() != null) {
      screen().whisper("that turn takes nothing more, or none is open, so the next turn takes it");
    }
    screen().whisper("follow it with: holdfast turn follow --worker " + worker);
    return ExitCode.OK;
  }

  /** @return null for the next turn, which is where an input goes by itself */
  private @Nullable Json ingress() {
    if (boundary != null && !BOUNDARIES.contains(boundary)) {
      throw Refusal.of(Reason.INVALID_REQUEST,
          "the boundary is one of " + String.join(", ", BOUNDARIES) + ", not " + boundary);
    }
    if (activeTurn == null) {
      if (boundary != null) {
        throw Refusal.of(Reason.INVALID_REQUEST,
            "--boundary is of --active-turn: alone it would steer the turn that runs unasked");
      }
      return null;
    }
    String named = activeTurn.isEmpty() ? null : activeTurn;
    return Json.object("kind", "active_turn", "turn_id", named, "min_boundary", boundary);
  }

  /** Takes the next word for the turn only where it is the id of one: otherwise it is the text. */
  static final class TurnIdOnly implements CommandLine.IParameterPreprocessor {
    @Override
    public boolean preprocess(Stack<String> words, CommandLine.Model.CommandSpec command,
        CommandLine.Model.ArgSpec option, Map<String, Object> facts) {
      if ("=".equals(facts.get("separator")) || (!words.isEmpty() && words.peek().matches("turn-[0-9a-f]{16}"))) {
        return false;
      }
      option.setValue("");
      return true;
    }
  }

  private static @Nullable Json parsed(@Nullable String options) {
    try {
      return options == null ? null : Json.parse(options);
    } catch (JsonException e) {
      throw Refusal.of(Reason.INVALID_JSON, "--options: " + e.getMessage());
    }
  }
}
