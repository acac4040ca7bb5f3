package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.EventStream;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A conversation with a worker: typed at a terminal, or line by line from a pipe. */
@Command(
    name = "chat",
    description = {
      "Talk with a worker, line by line; each answer is shown as it comes.", "",
      "Ctrl-C leaves an answer, and its turn goes on; Ctrl-D or /quit ends the conversation; /help says what else there is. What"
          + " was said is in the worker's transcript and nowhere else, so any machine goes on with it."},
    footer = {
      "", "Examples:",
      "  holdfast chat                                        with a new worker",
      "  holdfast chat worker-00000001",
      "  holdfast chat --profile reviewer --task \"Review what I paste\"",
      "  printf 'first question\\nsecond question\\n' | holdfast chat worker-00000001", "",
      "A line that ends with \\ goes on in the next one. Off a terminal every line is an input, the answers go to standard output,"
          + " and the exit code is that of the last answer. A node that went away is waited for, for 60 s."})
public final class ChatCommand extends Following {
  private static final long TRY_AGAIN_MS = 300;
  /** What a cancel waits for the turn's end, which is nearly at once where nothing is wrong. */
  private static final long CANCEL_MS = 2_000;

  /** The most lines of the past that the line editor offers. */
  private static final int REMEMBERED = 512;

  @Parameters(arity = "0..1", paramLabel = "WORKER", description = "The worker's id; a new worker when absent.")
  @Nullable
  String worker;

  @Option(names = "--task", paramLabel = "TEXT", description = "What the new worker is to do.")
  @Nullable
  String task;

  @Option(names = "--profile", paramLabel = "NAME", description = "The new worker's profile.")
  @Nullable
  String profile;

  @Option(names = "--model", paramLabel = "NAME", description = "The new worker's model. Default: the node's.")
  @Nullable
  String model;

  private volatile @Nullable Attention attention;

  @Override
  public Integer call() {
    if (worker != null && (task != null || profile != null || model != null)) {
      throw Refusal.of(Reason.INVALID_REQUEST, "a worker keeps the task, profile and model that it was created with");
    }
    requireContent("holdfast worker send without --follow, or a key that was made with --content");
    return isDialogue() ? dialogue() : lineByLine();
  }

  private int dialogue() {
    Json found = worker == null ? created() : shown(worker);
    String id = required(found, "worker_id");
    new Dialogue(this, screen(), id).hold(found, said(id, found));
    farewell(id);
    return ExitCode.OK;
  }

  private int lineByLine() {
    int exitCode = ExitCode.OK;
    String id = worker;
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String text = whole(line, () -> next(lines));
        if (!text.isBlank()) {
          id = id == null ? required(created(), "worker_id") : id;
          exitCode = followInput(sent(id, text));
        }
      }
    } catch (IOException e) {
      throw Refusal.of(Reason.INVALID_REQUEST, "standard input can't be read");
    } finally {
      if (worker == null && id != null) {
        farewell(id);
      }
    }
    return exitCode;
  }

  private static @Nullable String next(BufferedReader lines) {
    try {
      return lines.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A line with those behind it that it goes on in. */
  static String whole(String first, Supplier<@Nullable String> more) {
    var text = new StringBuilder();
    String line = first;
    while (line != null && line.endsWith("\\")) {
      text.append(line, 0, line.length() - 1).append('\n');
      line = more.get();
    }
    return text.append(line == null ? "" : line).toString();
  }

  private void farewell(String id) {
    screen().talk(id + "  (go on with: holdfast chat " + id + ")");
  }

  private Json created() {
    requireModel(model);
    Json intent = task == null ? null : Json.object("kind", "task", "objective", task);
    Json named = profile == null ? null : Json.object("kind", "named", "name", profile);
    return client().post(
        "/api/v1/workers", Json.object("intent", intent, "profile", named, "model", model), Client.freshKey());
  }

  Json shown(String id) {
    return client().object("/api/v1/workers/" + Client.encoded(id));
  }

  /** What users said to the worker so far, oldest first; the newest of it where it is much. */
  private List<String> said(String id, Json found) {
    long length = Long.parseLong(required(found, "transcript_len"));
    List<String> texts = new ArrayList<>();
    for (Json entry : transcript(id, Math.max(0, length - REMEMBERED))) {
      if ("user".equals(text(entry, "role"))) {
        texts.add(required(entry, "content"));
      }
    }
    return texts;
  }

  /** The transcript from a position to its end. */
  List<Json> transcript(String id, long from) {
    List<Json> entries = new ArrayList<>();
    String start = Long.toString(from);
    while (start != null) {
      Json page = client().object("/api/v1/workers/" + Client.encoded(id) + "/transcript?start=" + start);
      entries.addAll(list(page, "items"));
      start = text(page, "next_start");
    }
    return entries;
  }

  /** Sends one text once, however often it has to be tried: a node that is away is waited for. */
  Json sent(String id, String text) {
    String path = "/api/v1/workers/" + Client.encoded(id) + "/inputs";
    Json body = Json.object("kind", "user", "content", text);
    String key = Client.freshKey();
    long start = System.nanoTime();
    boolean told = false;
    while (true) {
      try {
        return client().post(path, body, key);
      } catch (Refusal refusal) {
        if (!refusal.isPassing() || System.nanoTime() - start > PATIENCE.toNanos()) {
          throw refusal;
        }
        if (!told) {
          screen().note("the node doesn't answer; waiting for it to come back…");
          told = true;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(TRY_AGAIN_MS);
    } catch (InterruptedException e) {
      throw new EventStream.Left();
    }
  }

  int answer(Json ack) {
    return followInput(ack);
  }

  /** Asks for the end of a turn, and waits a little for it. */
  Json cancelled(String turn, @Nullable String note) {
    try {
      return client().post("/api/v1/turns/" + turn + "/cancel?wait=released&timeout_ms=" + CANCEL_MS,
          Json.object("note", note), Client.freshKey());
    } catch (Refusal refusal) {
      if (refusal.is(Reason.COMPLETION_WON)) {
        refusal.told(turn + " had ended before").next("holdfast turn show " + turn);
      }
      throw refusal;
    }
  }

  int goOn(String turn, String id) {
    return followOpen(turn, id);
  }

  /** From here on a stream is watched by, and a farewell goes to, this one. */
  void attendedBy(@Nullable Attention next) {
    attention = next;
  }

  @Override
  protected EventStream stream(String path) {
    EventStream stream = super.stream(path);
    Attention present = attention;
    if (present != null) {
      present.watch(stream);
    }
    return stream;
  }

  @Override
  protected void onInterrupt(Supplier<String> farewell) {
    Attention present = attention;
    if (present == null) {
      super.onInterrupt(farewell);
    } else {
      present.farewell(farewell);
    }
  }
}
