package dev.holdfast.cli.turns;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Screen;
import dev.holdfast.cli.Verb;
import dev.holdfast.domain.Json;
import java.util.List;
import java.util.Objects;

/** A conversation at a terminal. What fails is told, and the next line is awaited. */
final class Dialogue {
  private static final int USUAL_HISTORY = 10;
  private static final List<Column> FACTS = List.of(Column.of("worker", "worker_id"), Column.of("status", "status"),
      Column.of("activity", "activity"), Column.of("for", "intent.objective"), Column.of("profile", "profile.name"),
      Column.of("model", "model"), Column.of("transcript", "transcript_len"),
      Column.of("open turn", "session.open_turn_id"), Column.of("pending inputs", "session.pending_input_count"));
  private static final List<String> HELP = List.of(
      "TEXT              sent to the worker; a line that ends with \\ goes on in the next one",
      "//TEXT            the same, where the text itself begins with a slash",
      "/follow           show the answer of the turn that is open",
      "/cancel [NOTE]    cancel the turn that is open, and say why",
      "/detach [TEXT]    send TEXT and don't wait for its answer; without TEXT as /quit",
      "/history [N]      the last N entries of the transcript, 10 if not said",
      "/worker           the worker and where it stands",
      "/quit, Ctrl-D     leave; the worker stays",
      "Ctrl-C            leave an answer; its turn goes on");

  private final ChatCommand chat;
  private final Screen screen;
  private final String worker;

  Dialogue(ChatCommand chat, Screen screen, String worker) {
    this.chat = chat;
    this.screen = screen;
    this.worker = worker;
  }

  /** Talks until the user leaves. */
  void hold(Json found, List<String> said) {
    screen.note(worker + (Verb.text(found, "model") == null ? "" : ", model " + Verb.text(found, "model"))
        + "; /help for help, Ctrl-D to leave");
    if (Verb.text(found, "session.open_turn_id") != null) {
      screen.note("a turn is open: /follow shows its answer");
    }
    try (TypedLines lines = TypedLines.open(said)) {
      boolean more = true;
      while (more) {
        more = next(lines);
      }
    }
  }

  /** @return whether to go on */
  private boolean next(TypedLines lines) {
    String text;
    try {
      text = lines.next();
    } catch (TypedLines.Abandoned abandoned) {
      if (abandoned.isEmpty()) {
        screen.note("Ctrl-D or /quit leaves");
      }
      return true;
    }
    if (text == null || text.strip().equals("/quit") || text.strip().equals("/detach")) {
      return false;
    }
    if (!text.isBlank()) {
      attend(lines, () -> obey(text));
    }
    return true;
  }

  private void attend(TypedLines lines, Runnable task) {
    var attention = new Attention();
    chat.attendedBy(attention);
    try {
      lines.meanwhile(() -> {
        if (!attention.on(task)) {
          screen.talk(attention.farewell());
        }
      }, attention::leave);
    } catch (Refusal refusal) {
      screen.talk(refusal.lines());
    }
  }

  private void obey(String text) {
    if (!text.startsWith("/") || text.startsWith("//")) {
      chat.answer(chat.sent(worker, text.startsWith("/") ? text.substring(1) : text));
      return;
    }
    String[] words = text.strip().split("\\s+", 2);
    String rest = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "/help" -> HELP.forEach(screen::line);
      case "/follow" -> follow();
      case "/cancel" -> cancel(rest);
      case "/worker" -> new Output(screen, Output.Format.TABLE).one(chat.shown(worker), FACTS);
      case "/history" -> history(rest);
      case "/detach" -> {
        Json ack = chat.sent(worker, rest);
        screen.note("sent as " + Verb.text(ack, "input_id") + "; /follow shows the answer of its turn");
      }
      default -> screen.talk("there is no " + words[0] + "; see /help, and begin with // to send a text with a slash");
    }
  }

  private void follow() {
    String turn = Verb.text(chat.shown(worker), "session.open_turn_id");
    if (turn == null) {
      screen.note("no turn is open");
    } else {
      chat.goOn(turn, worker);
    }
  }

  private void cancel(String note) {
    String turn = Verb.text(chat.shown(worker), "session.open_turn_id");
    if (turn == null) {
      screen.note("no turn is open");
      return;
    }
    Json answer = chat.cancelled(turn, note.isBlank() ? null : note);
    screen.note("released".equals(Verb.text(answer, "cancel.stage"))
        ? turn + " is cancelled"
        : turn + " is being cancelled; /follow shows its end");
  }

  private void history(String count) {
    if (!count.matches("([1-9][0-9]{0,5})?")) {
      screen.talk("/history takes a number, not " + Output.oneLine(count));
      return;
    }
    int wanted = count.isEmpty() ? USUAL_HISTORY : Integer.parseInt(count);
    long length = Long.parseLong(Objects.requireNonNull(Verb.text(chat.shown(worker), "transcript_len")));
    for (Json entry : chat.transcript(worker, Math.max(0, length - wanted))) {
      screen.line(screen.strong("#" + Verb.text(entry, "sequence") + " " + Verb.text(entry, "role"))
          + ("partial".equals(Verb.text(entry, "status")) ? " (partial)" : ""));
      String.valueOf(Verb.text(entry, "content")).lines().forEach(line -> screen.line("  " + Output.oneLine(line)));
    }
  }
}
