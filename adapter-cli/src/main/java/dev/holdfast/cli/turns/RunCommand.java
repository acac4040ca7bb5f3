package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One durable turn: through the node when one answers, else on the data directory itself. */
@Command(
    name = "run",
    description = {
      "Run one durable turn and show its answer.", "",
      "Through the node when one answers; else this command opens the data directory itself, for as long as it runs. What it"
          + " did is there for every later command, and Ctrl-C hands the turn over instead of losing it."},
    footer = {
      "", "Examples:",
      "  holdfast run \"Summarise the release notes\"",
      "  git diff | holdfast run --model local \"Review this change:\" -",
      "  holdfast run --worker worker-00000001 \"And now in one sentence\"",
      "  holdfast run --worker worker-00000001                go on with what was interrupted",
      "", "A pipe or file gets the final text, once; -o ndjson gives every record as it comes. A node that went away is"
          + " waited for, for 60 s.",
      "", "Exits 0 when the turn completed, 1 when it failed or is incomplete, 130 after Ctrl-C."})
public final class RunCommand extends Following {
  private static final int LONGEST_OBJECTIVE = 200;

  @Parameters(paramLabel = "TEXT", description = "The input; standard input when absent, or at the place of a \"-\".")
  List<String> words = List.of();

  @Option(names = "--worker", paramLabel = "WORKER", description = "Go on with this worker instead of a new one.")
  @Nullable
  String worker;

  @Option(names = "--model", paramLabel = "NAME", description = "The new worker's model. Default: the node's.")
  @Nullable
  String model;

  @Option(names = "--store", paramLabel = "BACKEND",
      description = "sqlite, filesystem or memory, where no node answers.")
  @Nullable
  String store;

  @Override
  public Integer call() {
    if (worker != null && model != null) {
      throw Refusal.of(Reason.INVALID_REQUEST, "a worker keeps the model that it was created with");
    }
    String text = worker == null ? textOrStdin(words) : textOrNull(words);
    Settings settings = settings().flag(Settings.Name.STORE, store);
    return aNodeAnswers(settings) ? throughNode(text) : byItself(settings, text);
  }

  /** Only a node that takes our key will do. An address that was named must answer; the usual one may be silent. */
  private boolean aNodeAnswers(Settings settings) {
    boolean named = settings.isExplicit(Settings.Name.URL);
    Json own;
    try {
      own = client().object("/api/v1/whoami");
    } catch (Refusal refusal) {
      if (named) {
        throw refusal;
      }
      return false;
    }
    requireContent(own, "holdfast worker send without --follow, or a key that was made with --content");
    return true;
  }

  private int throughNode(@Nullable String text) {
    String id = worker == null ? created(String.valueOf(text)) : worker;
    int exitCode = text == null ? goOn(id) : followInput(client().post(
        "/api/v1/workers/" + Client.encoded(id) + "/inputs", Json.object("kind", "user", "content", text),
        Client.freshKey()));
    farewell(id);
    return exitCode;
  }

  private String created(String text) {
    requireModel(model);
    Json request = Json.object("intent", Json.object("kind", "task", "objective", objective(text)), "model", model);
    return required(client().post("/api/v1/workers", request, Client.freshKey()), "worker_id");
  }

  private int goOn(String id) {
    Json found = client().object("/api/v1/workers/" + Client.encoded(id));
    String turn = text(found, "session.open_turn_id");
    if (turn == null) {
      throw Refusal.of(Reason.INVALID_REQUEST, id + " has no open turn, so it needs a text");
    }
    return followOpen(turn, id);
  }

  private int byItself(Settings settings, @Nullable String text) {
    screen().whisper("no node answers at " + settings.value(Settings.Name.URL) + "; working on "
        + settings.value(Settings.Name.DATA) + " in this command");
    var wanted = new Node.Settings(settings.store(), settings.required(Settings.Name.DATA),
        settings.required(Settings.Name.HOST), 0, true);
    try (Node node = Node.open(wanted, Map.of("holdfast.profiles", settings.profiles().text()))) {
      var run = new EmbeddedRun(node, screen(), output());
      int exitCode = run.run(worker, text, text == null ? "" : objective(text), model);
      farewell(run.worker());
      return exitCode;
    } catch (StoreException e) {
      if (e.reason() == Reason.DATA_DIR_LOCKED) {
        Refusal refusal = Refusal.of(e);
        refusal.noting("it doesn't answer us at " + settings.value(Settings.Name.URL)
            + ": name its address with --url and a key with --key-file");
        throw refusal;
      }
      throw e;
    }
  }

  private void farewell(String id) {
    screen().talk(id + "  (go on with: holdfast run --worker " + id + " \"…\")");
  }

  /** What the worker is for, for lists: the beginning of the text. */
  private static String objective(String text) {
    String line = text.strip().lines().findFirst().orElse("").strip();
    return line.codePointCount(0, line.length()) <= LONGEST_OBJECTIVE
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_OBJECTIVE - 1)) + "…";
  }
}
