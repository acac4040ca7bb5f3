package dev.holdfast.cli.turns.timeline;

import dev.holdfast.cli.Output;
import dev.holdfast.cli.Verb;
import dev.holdfast.domain.Json;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The facts of a turn in the order of time, from what the node tells of it. A fact without a time is left out. */
public final class Timeline {
  private final Json turn;
  private final Findings found;
  private final List<Json> attempts;
  private final List<Mark> marks = new ArrayList<>();

  /** @param turn as on the wire */
  public Timeline(Json turn, Findings found) {
    this.turn = turn;
    this.found = found;
    this.attempts = items(turn, "attempts");
  }

  /** The drawing, line by line; nothing when the turn tells no time. */
  public List<String> lines() {
    marks.clear();
    opened();
    attempts.forEach(this::attempt);
    items(turn, "checkpoints").forEach(this::checkpoint);
    cancel();
    ended();
    ranOut();
    marks.sort(Mark.ORDER);
    now();
    return marks.isEmpty() ? List.of() : new Drawing(marks).lines();
  }

  private void opened() {
    List<String> inputs = texts(turn, "start_inputs");
    List<String> batches = texts(turn, "start_batches");
    List<String> details = new ArrayList<>();
    inputs.forEach(input -> details.add("input " + input));
    batches.forEach(batch -> details.add("wake " + batch));
    String what = inputs.isEmpty() && !batches.isEmpty()
        ? counted(batches.size(), "wake")
        : counted(inputs.size(), "input");
    add("created_at", turn, 0, Mark.Kind.OPENED, "opened by " + what, details);
  }

  private void attempt(Json attempt) {
    int number = number(attempt, "number");
    String owner = Verb.text(attempt, "owner_id");
    String under = ", lease generation " + Verb.text(attempt, "generation");
    add("started_at", attempt, number, Mark.Kind.STARTED,
        (isSettling(attempt) ? "to be settled" : "attempt " + number) + under,
        owner == null ? List.of()
            : List.of(isSettling(attempt) ? "by " + owner + ", without a model call" : "held by " + owner));
    String endedBy = Verb.text(attempt, "ended_by");
    Json record = found.lastRecords().get(number);
    if (record != null && (endedBy == null || endedBy.equals("lost"))) {
      add("at", record, number, Mark.Kind.LAST_WORD, "last sign of attempt " + number + ": output record "
          + Verb.text(record, "seq"), List.of());
    }
    if ("lost".equals(endedBy)) {
      add("ended_at", attempt, number, Mark.Kind.LOST, "attempt " + number + " lost" + why(number), leaving(attempt));
    } else if ("handed_over".equals(endedBy)) {
      add("ended_at", attempt, number, Mark.Kind.HANDED_OVER, "attempt " + number + " handed over", work(attempt));
    }
  }

  /** Whether an attempt was begun only to end the turn, which is none that somebody would count. */
  public static boolean isSettling(Json attempt) {
    return "true".equals(Verb.text(attempt, "settling"));
  }

  /** As the event tells it; nothing where that wasn't to be had. */
  private String why(int attempt) {
    String why = event("turn.attempt_lost", attempt).map(event -> Verb.text(event, "data.why")).orElse("");
    return switch (why) {
      case "lease_expired" -> ": its lease ran out";
      case "node_restarted" -> ": the node that ran it was started again";
      case "holder_dead" -> ": its holder was found dead";
      default -> "";
    };
  }

  private Optional<Json> event(String name, int attempt) {
    return found.events().stream()
        .filter(event -> name.equals(Verb.text(event, "name"))
            && Objects.equals(Verb.text(turn, "turn_id"), Verb.text(event, "data.turn_id"))
            && Integer.toString(attempt).equals(Verb.text(event, "data.attempt")))
        .findFirst();
  }

  /** What was meant for the turn and waits for the next one. */
  private static List<String> deferred(Optional<Json> event) {
    return event
        .map(told -> told.members().get("data") instanceof Map<?, ?> data && data.get("deferred") instanceof List<?> ids
            ? ids.stream().map(id -> "left input " + id + " to the next turn").toList() : List.<String>of())
        .orElse(List.of());
  }

  private List<String> leaving(Json attempt) {
    List<String> details = new ArrayList<>(work(attempt));
    details.addAll(deferred(event("turn.attempt_lost", number(attempt, "number"))));
    return details;
  }

  /** How much an attempt did. */
  private static List<String> work(Json attempt) {
    return List.of("after " + counted(number(attempt, "last_output_seq"), "output record") + " and "
        + counted(number(attempt, "commits"), "checkpoint"));
  }

  /** That of the turn's end is told with the end. */
  private void checkpoint(Json checkpoint) {
    int number = number(checkpoint, "commit_no");
    if (number > 0) {
      add("at", checkpoint, number(checkpoint, "attempt"), Mark.Kind.CHECKPOINT,
          "checkpoint " + number + ", revision " + Verb.text(checkpoint, "head_revision"), admitted(checkpoint));
    }
  }

  private static List<String> admitted(Json checkpoint) {
    List<String> details = new ArrayList<>();
    texts(checkpoint, "inputs").forEach(input -> details.add("took in input " + input));
    texts(checkpoint, "wakes").forEach(batch -> details.add("took in wake " + batch));
    return details;
  }

  private void cancel() {
    if (!(turn.members().get("cancel") instanceof Map<?, ?> stages)) {
      return;
    }
    Json cancel = Json.of(stages);
    String by = Verb.text(cancel, "by");
    String note = Verb.text(cancel, "note");
    int attempt = Math.max(1, attempts.size());
    add("requested_at", cancel, attempt, Mark.Kind.CANCEL_REQUESTED,
        "cancel requested" + (by == null ? "" : " by key " + by), note == null ? List.of() : List.of("“" + note + "”"));
    add("delivered_at", cancel, attempt, Mark.Kind.CANCEL_DELIVERED, "cancel delivered: the holder was told",
        List.of());
    add("acknowledged_at", cancel, attempt, Mark.Kind.CANCEL_ACKNOWLEDGED,
        "cancel acknowledged: the holder has stopped", List.of());
  }

  private void ended() {
    String outcome = Verb.text(turn, "outcome");
    if (outcome == null) {
      return;
    }
    List<String> details = new ArrayList<>();
    items(turn, "checkpoints").stream().filter(c -> number(c, "commit_no") == 0)
        .forEach(c -> details.addAll(admitted(c)));
    details.addAll(deferred(event("turn." + outcome, attempts.size())));
    Json last = found.lastRecords().get(attempts.size());
    String note = last == null ? null : Verb.text(last, "note");
    if (note != null) {
      details.add(note);
    }
    String revision = Verb.text(turn, "head_revision");
    add("ended_at", turn, attempts.size() + 1, Mark.Kind.ENDED,
        new Ending(outcome, Verb.text(turn, "outcome_reason")).text()
            + (revision == null ? "" : ", revision " + revision),
        details);
  }

  /** The lease of an open turn's last attempt, once its time is over and until somebody takes the session over. */
  private void ranOut() {
    Json session = found.session();
    Instant expired = session == null ? null : at(session, "lease.expires_at");
    boolean live = !attempts.isEmpty() && Verb.text(attempts.getLast(), "ended_at") == null;
    if (Verb.text(turn, "outcome") == null && live && expired != null && !found.now().isBefore(expired)) {
      marks.add(Mark.of(expired, attempts.size(), Mark.Kind.RAN_OUT, "the lease of attempt " + attempts.size()
          + " ran out"));
    }
  }

  /** Where an open turn stands. */
  private void now() {
    if (Verb.text(turn, "outcome") != null || marks.isEmpty()) {
      return;
    }
    Json session = found.session();
    List<String> details = new ArrayList<>();
    Instant deadline = at(turn, "deadline_at");
    if (deadline != null) {
      details.add(found.now().isBefore(deadline)
          ? "its deadline is in " + Span.between(found.now(), deadline).text()
          : "its deadline has passed");
    }
    String holding = session == null ? "open" : "open; " + new Holder(session).text(found.now());
    String heard = session == null ? null : new Holder(session).heard(found.now());
    if (heard != null) {
      details.add(heard);
    }
    marks.add(new Mark(found.now(), attempts.size() + 1, Mark.Kind.NOW, holding, details));
  }

  private void add(String member, Json of, int attempt, Mark.Kind kind, String text, List<String> details) {
    Instant at = at(of, member);
    if (at != null) {
      marks.add(new Mark(at, attempt, kind, Output.oneLine(text), details.stream().map(Output::oneLine).toList()));
    }
  }

  /** An instant of the node's; null when there is none. */
  public static @Nullable Instant at(Json object, String path) {
    String text = Verb.text(object, path);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static int number(Json object, String member) {
    return Integer.parseInt(Objects.requireNonNullElse(Verb.text(object, member), "0"));
  }

  private static List<Json> items(Json object, String member) {
    return object.members().get(member) instanceof List<?> list ? list.stream().map(Json::of).toList() : List.of();
  }

  private static List<String> texts(Json object, String member) {
    return object.members().get(member) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }
}
