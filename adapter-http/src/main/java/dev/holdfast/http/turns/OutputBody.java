package dev.holdfast.http.turns;

import dev.holdfast.application.turns.ExecutorTurns;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of a turn's output as an executor sends them (spec T-93). */
record OutputBody(Fence fence, int attempt, long firstSeq, List<OutputPayload> records) {
  /** The most bytes of a body. */
  static final int MAX_BYTES = 256 * 1024;
  private static final int MAX_RECORDS = 256;
  /** The most characters of a delta, so that a page of output, which is bounded by its records, is bounded in size as well. */
  private static final int MAX_TEXT = 16 * 1024;

  static OutputBody read(JsonMembers members) {
    Fence fence = FenceBody.read(members);
    int attempt = FenceBody.count(members, "attempt");
    long firstSeq = FenceBody.number(members, "first_seq");
    List<OutputPayload> records = members.objects("records", OutputBody::payload);
    if (records.size() > MAX_RECORDS) {
      throw members.wrong("records");
    }
    return new OutputBody(fence, attempt, firstSeq, records);
  }

  ExecutorTurns.Output of(TurnId turn) {
    return new ExecutorTurns.Output(turn, attempt, firstSeq, records);
  }

  private static OutputPayload payload(JsonMembers members) {
    return switch (members.text("kind")) {
      case "delta" -> new OutputPayload.Delta(
          members.constant("channel", OutputPayload.Channel.class, OutputPayload.Channel.TEXT), text(members));
      case "rewound" -> new OutputPayload.Rewound(cursor(members.optionalObject("keep_until")));
      default -> throw members.wrong("kind");
    };
  }

  private static String text(JsonMembers members) {
    String text = members.text("text");
    if (text.length() > MAX_TEXT) {
      throw members.wrong("text");
    }
    return text;
  }

  private static @Nullable OutputCursor cursor(@Nullable JsonMembers members) {
    if (members == null) {
      return null;
    }
    var cursor = new OutputCursor(FenceBody.count(members, "attempt"), FenceBody.number(members, "seq"));
    members.end();
    return cursor;
  }
}
