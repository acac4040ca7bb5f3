package dev.holdfast.domain.turns.output;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an output record tells (spec T-73). */
public sealed interface OutputPayload {

  /** Which part of an answer a delta belongs to. */
  enum Channel {
    TEXT,
    REASONING,
    TOOL_CALL;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The first record of an attempt. Readers drop the text behind {@code keepUntil}; all of the turn's when it is null.
   *
   * @param previous the attempt before, null for the first
   */
  record AttemptStarted(long generation, @Nullable OutputCursor keepUntil, @Nullable Previous previous)
      implements OutputPayload {}

  /** An earlier attempt and how it ended, as {@code lost} or {@code handed_over}. */
  record Previous(int attempt, String endedBy) {}

  record Delta(Channel channel, String text) implements OutputPayload {}

  /** The model call is made again within the attempt: readers drop the text behind {@code keepUntil}. */
  record Rewound(@Nullable OutputCursor keepUntil) implements OutputPayload {}

  /** An input that arrived while the turn ran became part of it. */
  record InputAdmitted(InputId input) implements OutputPayload {}

  /** A checkpoint was committed, so what comes before it stays, whatever becomes of the attempt. */
  record Checkpoint(int commitNo) implements OutputPayload {}

  /**
   * The last record of a turn; {@code outcome} and {@code reason} are codes.
   *
   * @param note the cause in words, where the reason alone doesn't tell it
   */
  record End(String outcome, @Nullable String reason, long headRevision, @Nullable String note)
      implements OutputPayload {
    public End(String outcome, @Nullable String reason, long headRevision) {
      this(outcome, reason, headRevision, null);
    }
  }

  /** The name of the kind on the wire. */
  default String kind() {
    return switch (this) {
      case AttemptStarted _ -> "attempt_started";
      case Delta _ -> "delta";
      case Rewound _ -> "rewound";
      case InputAdmitted _ -> "input_admitted";
      case Checkpoint _ -> "checkpoint";
      case End _ -> "end";
    };
  }

  /** The members that the kind adds to a record, as they are stored and sent. */
  default Json json() {
    return switch (this) {
      case AttemptStarted(long generation, OutputCursor keep, Previous previous) ->
        Json.object("generation", generation,
            "keep_until", write(keep), "previous", previous == null
                ? null
                : Json.object("attempt", previous.attempt(), "ended_by", previous.endedBy()));
      case Delta(Channel channel, String text) -> Json.object("channel", channel.text(), "text", text);
      case Rewound(OutputCursor keep) -> Json.object("keep_until", write(keep));
      case InputAdmitted(InputId input) -> Json.object("input_id", input.value());
      case Checkpoint(int commitNo) -> Json.object("commit_no", commitNo);
      case End(String outcome, String reason, long revision, String note) ->
        Json.object("outcome", outcome, "reason", reason, "head_revision", revision, "note", note);
    };
  }

  /** The inverse of {@link #kind} and {@link #json}. */
  static OutputPayload read(String kind, Json json) {
    JsonMembers members = JsonMembers.of(json);
    return switch (kind) {
      case "attempt_started" -> new AttemptStarted(members.whole("generation", 0),
          readCursor(members.optionalObject("keep_until")), readPrevious(members.optionalObject("previous")));
      case "delta" -> new Delta(members.constant("channel", Channel.class, Channel.TEXT), members.text("text"));
      case "rewound" -> new Rewound(readCursor(members.optionalObject("keep_until")));
      case "input_admitted" -> new InputAdmitted(InputId.parse(members.text("input_id")));
      case "checkpoint" -> new Checkpoint(Math.toIntExact(members.whole("commit_no", 0)));
      case "end" ->
        new End(members.text("outcome"), members.optionalText("reason"), members.whole("head_revision", 0),
            members.optionalText("note"));
      default -> throw new IllegalArgumentException("no output kind: " + kind);
    };
  }

  private static @Nullable Json write(@Nullable OutputCursor cursor) {
    return cursor == null ? null : Json.object("attempt", cursor.attempt(), "seq", cursor.seq());
  }

  private static @Nullable OutputCursor readCursor(@Nullable JsonMembers members) {
    return members == null
        ? null
        : new OutputCursor(Math.toIntExact(members.whole("attempt", 0)), members.whole("seq", 0));
  }

  private static @Nullable Previous readPrevious(@Nullable JsonMembers members) {
    return members == null
        ? null
        : new Previous(Math.toIntExact(members.whole("attempt", 0)), members.text("ended_by"));
  }
}
