package dev.holdfast.cli.turns;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.turns.output.OutputCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Judges what a reader of a turn's output got, over all its reconnections: in order, no gap, no repeat, each attempt begun
 * once, exactly one end and nothing behind it.
 */
public final class StreamJudge {
  private final List<String> faults = new ArrayList<>();
  private final List<Piece> text = new ArrayList<>();
  private OutputCursor last = OutputCursor.START;
  private int attempts;
  private @Nullable String outcome;

  private record Piece(OutputCursor at, String text) {}

  /** One event of the stream: its id, its name and its data. */
  public void take(String id, String event, String data) {
    OutputCursor cursor = OutputCursor.parse(id).orElseThrow();
    if (outcome != null) {
      faults.add(id + " behind the end");
    }
    boolean next = cursor.attempt() == last.attempt() && cursor.seq() == last.seq() + 1;
    boolean begins = cursor.attempt() == last.attempt() + 1 && cursor.seq() == 1;
    if (!next && !begins) {
      faults.add(id + " after " + last.text());
    }
    if (begins != event.equals("output.attempt_started")) {
      faults.add(id + " is " + event);
    }
    last = cursor;
    Map<String, @Nullable Object> members = Json.parse(data).members();
    switch (event) {
      case "output.attempt_started", "output.rewound" -> {
        attempts += begins ? 1 : 0;
        dropBehind(members.get("keep_until"));
      }
      case "output.delta" -> text.add(new Piece(cursor, String.valueOf(members.get("text"))));
      case "output.checkpoint", "output.input_admitted" -> {
        // They say what stays, and bring no text.
      }
      case "output.end" -> outcome = (String) Objects.requireNonNull(members.get("outcome"));
      default -> faults.add(id + " is of the unknown kind " + event);
    }
  }

  private void dropBehind(@Nullable Object keepUntil) {
    if (!(keepUntil instanceof Map<?, ?> kept)) {
      text.clear();
      return;
    }
    var until = OutputCursor.parse(kept.get("attempt") + "." + kept.get("seq")).orElseThrow();
    text.removeIf(piece -> piece.at().compareTo(until) > 0);
  }

  public List<String> faults() {
    return faults;
  }

  public String lastId() {
    return last.text();
  }

  public boolean hasEnded() {
    return outcome != null;
  }

  public @Nullable String outcome() {
    return outcome;
  }

  public int attempts() {
    return attempts;
  }

  /** The text that a reader is left with. */
  public String text() {
    return text.stream().map(Piece::text).collect(Collectors.joining());
  }
}
