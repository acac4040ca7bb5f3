package dev.holdfast.cli.turns;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.turns.output.OutputCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges what a reader of a turn's output got, over all its reconnections: in order, no gap, no repeat, each attempt begun
 * once, exactly one end and nothing behind it.
 */
final class StreamJudge {
  private final List<String> faults = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private OutputCursor last = OutputCursor.START;
  private int attempts;
  private @Nullable String outcome;

  /** One event of the stream: its id, its name and its data. */
  void take(String id, String event, String data) {
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
        text.setLength(0);
      }
      case "output.delta" -> text.append(members.get("text"));
      case "output.end" -> outcome = (String) Objects.requireNonNull(members.get("outcome"));
      default -> faults.add(id + " is of the unknown kind " + event);
    }
  }

  List<String> faults() {
    return faults;
  }

  String lastId() {
    return last.text();
  }

  boolean hasEnded() {
    return outcome != null;
  }

  @Nullable
  String outcome() {
    return outcome;
  }

  int attempts() {
    return attempts;
  }

  /** The text that a reader is left with. */
  String text() {
    return text.toString();
  }
}
