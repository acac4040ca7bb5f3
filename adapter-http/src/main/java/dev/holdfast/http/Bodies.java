package dev.holdfast.http;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads request bodies with the domain's strict reader, and no other (spec A-3). */
public final class Bodies {
  private static final int MAX_NOTE = 1_000;

  private Bodies() {}

  /** @throws RefusalException with invalid_json */
  public static Json json(byte[] body) {
    return parsed(body, Json::parse);
  }

  private static <T> T parsed(byte[] body, Function<String, T> reader) {
    try {
      return reader.apply(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (JsonException | CharacterCodingException e) {
      throw new RefusalException(Reason.INVALID_JSON);
    }
  }

  /**
   * Reads a whole object: members that {@code reader} didn't take are refused.
   *
   * @throws RefusalException with invalid_json
   * @throws JsonMembers.Mismatch with unknown_field or invalid_request
   */
  public static <T> T read(byte[] body, Function<JsonMembers, T> reader) {
    JsonMembers members = parsed(body, JsonMembers::read);
    T value = reader.apply(members);
    members.end();
    return value;
  }

  /** The optional note of a call whose body may be absent. */
  public static @Nullable String note(byte[] body) {
    if (body.length == 0) {
      return null;
    }
    JsonMembers members = parsed(body, JsonMembers::read);
    String note = members.optionalText("note");
    if (note != null && (note.isBlank() || note.length() > MAX_NOTE)) {
      throw members.wrong("note");
    }
    members.end();
    return note;
  }

}
