package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The cancel of a turn, and how far it has come. */
@Command(
    name = "cancel",
    description = {
      "Cancel a turn. The request is on disk before the answer, so nothing but a completion that came first wins against it.",
      "",
      "Its stages: requested; delivered, when the turn's holder was told; acknowledged, when it has stopped; released, when"
          + " the turn has ended as cancelled."},
    footer = {
      "", "Examples:",
      "  holdfast turn cancel turn-0000000000000007 --note \"the wrong branch\"",
      "  holdfast turn cancel turn-0000000000000007 --wait released --timeout 60",
      "",
      "Exits 0 when the request is kept and the stage is reached, 9 when --timeout was over before, 5 when the turn had"
          + " ended already. A holder that doesn't obey within 30 s loses the turn, and the node ends it."})
final class TurnCancelCommand extends NodeVerb {
  /** What one call waits; a long wait is made of several, so that what lies on the way doesn't cut it. */
  private static final Duration LONGEST_CALL = Duration.ofSeconds(5);
  private static final List<String> STAGES = List.of("requested", "delivered", "acknowledged", "released");
  private static final List<Column> COLUMNS = List.of(Column.of("turn", "turn_id"), Column.of("stage", "cancel.stage"),
      Column.of("how", "how"), Column.of("note", "cancel.note"), Column.of("requested", "cancel.requested_at"),
      Column.of("delivered", "cancel.delivered_at"), Column.of("acknowledged", "cancel.acknowledged_at"),
      Column.of("released", "cancel.released_at"));

  @Parameters(paramLabel = "TURN", description = "The turn's id.")
  String turn = "";

  @Option(names = "--note", paramLabel = "TEXT", description = "Why; it is kept with the turn.")
  @Nullable
  String note;

  @Option(names = "--wait", paramLabel = "STAGE",
      description = "Wait for delivered, acknowledged or released, as long as --timeout says.")
  @Nullable
  String stage;

  @Override
  public Integer call() {
    if (stage != null && STAGES.indexOf(stage) < 1) {
      throw Refusal.of(Reason.INVALID_REQUEST,
          "the stage is one of " + String.join(", ", STAGES.subList(1, STAGES.size())) + ", not " + stage);
    }
    Json answer = stage == null ? asked("") : awaited(stage);
    String how = how(answer);
    output().one(output().isForPrograms() ? answer : withMember(answer, "how", how), COLUMNS);
    if (stage != null && !hasReached(answer, stage)) {
      screen().talk("holdfast: the cancel is " + reached(answer) + " and not yet " + stage + "; " + how
          + "\n  try: holdfast turn show " + turn + ", or wait longer with --timeout");
      return ExitCode.TIMED_OUT;
    }
    if (!hasReached(answer, "released")) {
      screen().whisper("see its end with: holdfast turn show " + turn);
    }
    return ExitCode.OK;
  }

  private Json asked(String query) {
    try {
      // The first request counts however often it is made, so a lost answer is no reason not to make it again.
      return client().post("/api/v1/turns/" + Client.encoded(turn) + "/cancel" + query, Json.object("note", note),
          Client.freshKey());
    } catch (Refusal refusal) {
      if (refusal.is(Reason.COMPLETION_WON)) {
        refusal.told(turn + " had ended before" + (refusal.fact("outcome") == null
            ? ""
            : ", as " + refusal.fact("outcome"))).next("holdfast turn show " + turn);
      }
      throw refusal;
    }
  }

  private Json awaited(String wanted) {
    Duration patience = Duration.ofSeconds(settings().number(Settings.Name.TIMEOUT));
    Duration call = patience.dividedBy(2).compareTo(LONGEST_CALL) < 0 ? patience.dividedBy(2) : LONGEST_CALL;
    long start = System.nanoTime();
    while (true) {
      Duration left = patience.minusNanos(System.nanoTime() - start);
      Duration wait = left.compareTo(call) < 0 ? left : call;
      Json answer = asked("?wait=" + wanted + "&timeout_ms=" + Math.max(1, wait.toMillis()));
      if (hasReached(answer, wanted) || System.nanoTime() - start >= patience.toNanos()) {
        return answer;
      }
      screen().await("the cancel is " + reached(answer) + "; waiting until it is " + wanted + "…");
    }
  }

  private static String reached(Json answer) {
    return Objects.requireNonNullElse(text(answer, "cancel.stage"), "requested");
  }

  private static boolean hasReached(Json answer, String wanted) {
    return STAGES.indexOf(reached(answer)) >= STAGES.indexOf(wanted);
  }

  /** Who brings it about. */
  private String how(Json answer) {
    if (hasReached(answer, "released")) {
      return "the turn has ended as cancelled";
    }
    return switch (Objects.requireNonNullElse(text(answer, "control"), "")) {
      case "inline" -> "this node's own executor was told, and stops its model call";
      case "durable" -> "the executor" + holder() + " learns of it with its next call";
      case "settled" -> "nobody works on the turn, so the node ends it";
      default -> "the turn's holder is to end it";
    };
  }

  private String holder() {
    try {
      List<Json> attempts = list(client().object("/api/v1/turns/" + Client.encoded(turn)), "attempts");
      return attempts.isEmpty() ? "" : " " + text(attempts.getLast(), "owner_id");
    } catch (Refusal refusal) {
      return "";
    }
  }

  private static Json withMember(Json object, String name, String value) {
    var members = object.members();
    members.put(name, value);
    return Json.of(members);
  }
}
