package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.WorkerId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an item of queued work asks for. */
public sealed interface Payload {

  /** Changes the session itself; never part of a turn. */
  record Command(Kind kind, @Nullable String note) implements Payload {
    /** What a command does when it is completed (spec T-64). */
    public enum Kind {
      /** The tools may have changed: {@code tool_catalog_revision} grows by one. */
      REFRESH_TOOL_CATALOG,
      /** The context of turns begins anew; the transcript stays. */
      RESET_SESSION;

      public String text() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  /**
   * Something happened elsewhere that the agent should look at.
   *
   * @param origin where it comes from
   * @param originSequence the origin's own number of it, at least 0
   * @param eventType as in {@code mail.received}
   * @param cause of the event, in the origin's words
   * @param dedupeKey equal for repetitions of one wake
   */
  record Wake(String origin, long originSequence, String eventType, @Nullable String cause, String dedupeKey,
      String text) implements Payload {
    public static final String DEFAULT_EVENT_TYPE = "origin.wake";
    private static final int MAX_NAME = 200;

    public Wake {
      Texts.requireText(origin, MAX_NAME, "origin");
      Texts.requireAtLeast(originSequence, 0, "origin_sequence");
      Texts.requireText(eventType, MAX_NAME, "event_type");
      Texts.requireText(dedupeKey, 2 * MAX_NAME, "dedupe_key");
    }

    /** A wake with the usual type, known again by its origin's number. */
    public static Wake of(String origin, long originSequence, String text) {
      return new Wake(origin, originSequence, DEFAULT_EVENT_TYPE, null, defaultKey(origin, originSequence), text);
    }

    public static String defaultKey(String origin, long originSequence) {
      return origin + ":" + originSequence;
    }

    /** The same for every repetition of the wake in one session. */
    public String id(WorkerId target) {
      return Digests.sha256Hex(target.value() + "\n" + dedupeKey);
    }

    /** How the turn that it wakes is told of it (spec T-50). */
    public String asMessage() {
      return "Wake from " + origin + " (" + eventType + "): " + text;
    }
  }

  /** The class of a payload's batch (spec T-20). */
  default WorkClass workClass() {
    return switch (this) {
      case Command _ -> WorkClass.SESSION_COMMAND;
      case Wake _ -> WorkClass.TURN_WORK;
    };
  }

  /** As it is stored, compared and shown. */
  default Json json() {
    return switch (this) {
      case Command(Command.Kind kind, String note) -> Json.object("kind", kind.text(), "note", note);
      case Wake(String origin, long sequence, String type, String cause, String key, String text) ->
        Json.object("kind", "wake", "origin", origin, "origin_sequence", sequence, "event_type", type, "cause", cause,
            "dedupe_key", key, "text", text);
    };
  }

  /** The inverse of {@link #json}. */
  static Payload read(JsonMembers members) {
    String kind = members.text("kind");
    Payload payload = switch (kind) {
      case "wake" -> new Wake(members.text("origin"), members.whole("origin_sequence", 0), members.text("event_type"),
          members.optionalText("cause"), members.text("dedupe_key"), members.text("text"));
      default -> new Command(Command.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), members.optionalText("note"));
    };
    members.end();
    return payload;
  }
}
