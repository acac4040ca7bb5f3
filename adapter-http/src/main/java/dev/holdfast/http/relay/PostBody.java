package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a publisher posts of an attempt: exactly one of error, chunks and result (spec relay §13). */
record PostBody(int epoch, Content content) {
  private static final int MAX_NOTE = 200;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

  sealed interface Content {
    record Chunks(List<Chunk> chunks) implements Content {
      public Chunks {
        chunks = List.copyOf(chunks);
      }
    }

    record Result(ProviderAnswer.Whole whole) implements Content {}

    /** @param transport whether another provider may do better */
    record Failure(boolean transport, String note) implements Content {}
  }

  /** What a publisher confirms of an attempt. */
  record Ack(int epoch, Kind kind) {
    enum Kind {
      RECEIVED,
      CANCELLED,
      WOKEN
    }

    static Ack read(JsonMembers members) {
      int epoch = members.smallWhole("epoch");
      Kind kind = members.constant("kind", Kind.class);
      members.optionalLong("ms");
      return new Ack(epoch, kind);
    }
  }

  static PostBody read(JsonMembers members) {
    int epoch = members.smallWhole("epoch");
    List<Content> contents = new ArrayList<>();
    JsonMembers error = members.optionalObject("error");
    if (error != null) {
      String reason = error.text("reason");
      String note = error.optionalText("note");
      error.end();
      contents.add(new Content.Failure(reason.equals("transport"), cut(note == null ? reason : note)));
    }
    List<Chunk> chunks = members.objects("chunks", PostBody::chunk);
    if (!chunks.isEmpty()) {
      contents.add(new Content.Chunks(chunks));
    }
    JsonMembers result = members.optionalObject("result");
    if (result != null) {
      int status = result.smallWhole("status");
      if (status < 200 || status > 599) {
        throw result.wrong("status", "from 200 to 599");
      }
      String body = body(result);
      result.end();
      contents.add(new Content.Result(new ProviderAnswer.Whole(status, "application/json", body)));
    }
    if (contents.size() != 1) {
      throw members.wrong("result", "exactly one of error, chunks and result");
    }
    return new PostBody(epoch, contents.getFirst());
  }

  /** A publisher's word is shown to users and in logs, so it is one short line. */
  private static String cut(String note) {
    int end = Math.min(note.length(), MAX_NOTE);
    boolean torn = end < note.length() && Character.isHighSurrogate(note.charAt(end - 1));
    return CONTROL.matcher(note.substring(0, torn ? end - 1 : end)).replaceAll(" ");
  }

  private static String body(JsonMembers result) {
    Json body = result.optionalJsonObject("body");
    String text = result.optionalText("text");
    return body == null ? text == null ? "" : text : body.text();
  }

  static Chunk chunk(JsonMembers members) {
    return new Chunk(members.whole("seq"), members.text("data"), members.bool("done", false));
  }
}
