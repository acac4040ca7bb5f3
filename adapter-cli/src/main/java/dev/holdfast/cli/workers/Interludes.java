package dev.holdfast.cli.workers;

import dev.holdfast.cli.Output;
import dev.holdfast.cli.Verb;
import dev.holdfast.domain.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What came between the entries of a transcript and is none: wakes that turns took, and commands that were carried out. Ids of
 * batches and turns are those of their events (adr/0005), so each has its place among the entries' events.
 */
final class Interludes {
  private static final int RADIX = 16;

  private record Interlude(long place, String text) {}

  private final List<Interlude> left;

  /**
   * @param completed batches as on the wire
   * @param eventsFrom one page of the worker's events from an id on, as on the wire; empty where it can't be had
   */
  Interludes(List<Json> completed, Function<Long, List<Json>> eventsFrom) {
    List<Interlude> found = new ArrayList<>();
    for (Json batch : completed) {
      String id = String.valueOf(Verb.text(batch, "batch_id"));
      long enqueued = number(id);
      String turn = Verb.text(batch, "turn_id");
      long place = turn == null ? applied(id, enqueued, eventsFrom) : Math.max(enqueued, number(turn));
      items(batch).forEach(item -> found.add(new Interlude(place, told(item))));
    }
    found.sort(Comparator.comparingLong(Interlude::place));
    left = found;
  }

  /** A command takes effect when it is carried out, which may be long after it was sent. */
  private static long applied(String batch, long enqueued, Function<Long, List<Json>> eventsFrom) {
    return eventsFrom.apply(enqueued).stream()
        .filter(event -> "queue.command_applied".equals(Verb.text(event, "name"))
            && batch.equals(Verb.text(event, "data.batch_id")))
        .map(event -> Long.parseLong(Objects.requireNonNull(Verb.text(event, "id")))).findFirst().orElse(enqueued);
  }

  /** Those before an event; they aren't given again. */
  List<String> before(long event) {
    List<Interlude> taken = left.stream().filter(one -> one.place() < event).toList();
    left.removeAll(taken);
    return taken.stream().map(Interlude::text).toList();
  }

  private static String told(Json item) {
    String kind = String.valueOf(Verb.text(item, "kind"));
    String told = switch (kind) {
      case "wake" -> "wake from " + Verb.text(item, "origin") + with(": ", Verb.text(item, "text"));
      case "reset_session" -> "reset_session: turns see nothing of what is above" + with("; ", Verb.text(item, "note"));
      default -> kind + with(": ", Verb.text(item, "note"));
    };
    return "-- " + Output.oneLine(told);
  }

  private static String with(String before, @Nullable String text) {
    return text == null ? "" : before + text;
  }

  private static List<Json> items(Json batch) {
    return batch.members().get("items") instanceof List<?> items
        ? items.stream().filter(Map.class::isInstance).map(Json::of).toList() : List.of();
  }

  /** Of an id with 16 hexadecimal digits behind a hyphen; 0 for any other. */
  private static long number(String id) {
    return id.matches("[a-z]+-[0-7][0-9a-f]{15}") ? Long.parseLong(id.substring(id.indexOf('-') + 1), RADIX) : 0;
  }
}
