package dev.holdfast.domain.integrity.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StoreUpdateTest {
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final Json ZERO = Json.object("count", 0);
  private static final Json ONE = Json.object("count", 1);
  private static final Schema SCHEMA = new Schema(1, members -> {
    if (members.whole("count") < 0) {
      throw members.wrong("count");
    }
    members.end();
  }, ZERO);

  private static StoreUpdate update(byte @Nullable [] file, UnaryOperator<Json> change) {
    return StoreUpdate.decide(SCHEMA, Reading.of(SCHEMA, file), change, NOW);
  }

  @Test
  @DisplayName("I-21 a change that changes nothing writes nothing and keeps updated_at, in whatever order members stand")
  void unchanged() {
    byte[] file = "{\"updated_at\":\"long ago\",\"schema_version\":1,\"data\":{ \"count\" : 1.0 }}".getBytes(UTF_8);
    assertEquals(new StoreUpdate.Unchanged(new Envelope(1, "long ago", ONE)), update(file, data -> ONE));
  }

  @Test
  @DisplayName("I-21 a change is written with the time of the change")
  void changed() {
    assertEquals(new StoreUpdate.Changed(Envelope.of(1, NOW, ONE)),
        update(Envelope.of(1, THEN, ZERO).bytes(), data -> ONE));
  }

  @Test
  @DisplayName("I-21 a store without a file is written even with its initial content")
  void absent() {
    assertEquals(new StoreUpdate.Changed(Envelope.of(1, NOW, ZERO)), update(null, data -> data));
  }

  @Test
  @DisplayName("I-21 nothing is changed in a file that can't be read or is of a later version, nor into what breaks the rules")
  void refused() {
    assertEquals(Reason.INVALID_JSON, refusal(update("{bad".getBytes(UTF_8), data -> ONE)));
    assertEquals(Reason.INVALID_ENVELOPE, refusal(update("{}".getBytes(UTF_8), data -> ONE)));
    assertEquals(Reason.INVALID_DATA,
        refusal(update(Envelope.of(1, THEN, Json.EMPTY_OBJECT).bytes(), data -> ONE)));
    assertEquals(Reason.FUTURE_SCHEMA, refusal(update(Envelope.of(2, THEN, ONE).bytes(), data -> ONE)));
    assertEquals(Reason.INVALID_DATA,
        refusal(update(Envelope.of(1, THEN, ONE).bytes(), data -> Json.object("count", -1))));
  }

  private static Reason refusal(StoreUpdate update) {
    return assertInstanceOf(StoreUpdate.Refused.class, update).reason();
  }
}
