package dev.holdfast.domain.integrity.stores;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectedTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Schema SCHEMA = schema(2);
  private static final byte[] FILE = Envelope.of(2, NOW, Json.object("count", 1)).bytes();

  /** One member, a number from 0. */
  private static Schema schema(int version) {
    return new Schema(version, InspectedTest::validate, Json.object("count", 0));
  }

  private static void validate(JsonMembers members) {
    long count = members.whole("count");
    members.end();
    if (count < 0) {
      throw new IllegalArgumentException("below 0");
    }
  }

  private static Inspected inspect(@Nullable String text, byte @Nullable [] written) {
    return Inspected.of(SCHEMA, written == null ? null : ContentHash.of(written),
        text == null ? null : text.getBytes(UTF_8));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @DisplayName("I-20 what is no valid file is told by what is wrong with it")
  @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
      {bad | invalid_json
       | invalid_json
      {"schema_version":2,"updated_at":"x","data":{"count":1}} x | invalid_json
      [] | invalid_envelope
      {"updated_at":"x","data":{"count":1}} | invalid_envelope
      {"schema_version":0,"updated_at":"x","data":{"count":1}} | invalid_envelope
      {"schema_version":"2","updated_at":"x","data":{"count":1}} | invalid_envelope
      {"schema_version":1.5,"updated_at":"x","data":{"count":1}} | invalid_envelope
      {"schema_version":2,"updated_at":" ","data":{"count":1}} | invalid_envelope
      {"schema_version":2,"data":{"count":1}} | invalid_envelope
      {"schema_version":2,"updated_at":"x"} | invalid_envelope
      {"schema_version":2,"updated_at":"x","data":null} | invalid_envelope
      {"schema_version":2,"updated_at":"x","data":{"count":1},"more":1} | invalid_envelope
      {"schema_version":2,"updated_at":"x","data":7} | invalid_data
      {"schema_version":2,"updated_at":"x","data":{"count":-1}} | invalid_data
      {"schema_version":2,"updated_at":"x","data":{"count":"1"}} | invalid_data
      {"schema_version":2,"updated_at":"x","data":{"count":1,"more":1}} | invalid_data
      """)
  void faults(@Nullable String text, String reason) {
    var found = assertInstanceOf(Inspected.Quarantined.class, inspect(text == null ? "" : text, FILE));
    assertEquals(reason, found.fault().code());
    assertEquals(StoreState.QUARANTINED, found.state());
  }

  @Test
  @DisplayName("a member that breaks the rules is told by its name, never by its value")
  void member() {
    String note = inspect("{\"schema_version\":2,\"updated_at\":\"x\",\"data\":{\"count\":\"secret\"}}", null).note();
    assertEquals("data of version 2: invalid_request: count", note);
  }

  @Test
  @DisplayName("I-20 bytes that are no UTF-8 are no JSON")
  void notUtf8() {
    byte[] file = FILE.clone();
    file[file.length - 4] = (byte) 0xC0;
    var found = assertInstanceOf(Inspected.Quarantined.class, Inspected.of(SCHEMA, null, file));
    assertEquals(Reason.INVALID_JSON, found.fault());
  }

  @Test
  @DisplayName("§7 each state arises as the table says")
  void states() {
    String text = new String(FILE, UTF_8);
    assertEquals(new Inspected.Missing(), inspect(null, null));
    assertEquals(new Inspected.Missing(), inspect(null, FILE));
    assertEquals(StoreState.UNCOMMITTED_WRITE, inspect(text, null).state());
    assertEquals(StoreState.HASH_MISMATCH, inspect(text.replace("1\n", "2\n"), FILE).state());
    assertEquals(StoreState.HASH_MISMATCH, inspect(text + "\n", FILE).state());
    assertEquals(new Inspected.Healthy(Envelope.of(2, NOW, Json.object("count", 1)), false), inspect(text, FILE));
    assertEquals(new Inspected.FutureSchema(99),
        inspect("{\"schema_version\":99,\"updated_at\":\"x\",\"data\":[],\"more\":1}", FILE));
    assertEquals(new Inspected.FutureSchema(99_999_999_999L),
        inspect("{\"schema_version\":99999999999,\"updated_at\":\"x\",\"data\":[]}", null));
  }

  @Test
  @DisplayName("I-24 a file of an older version is healthy and waits for migration, whatever its data")
  void outdated() {
    byte[] file = Envelope.of(1, NOW, Json.object("amount", 1)).bytes();
    var found = assertInstanceOf(Inspected.Healthy.class, Inspected.of(SCHEMA, ContentHash.of(file), file));
    assertEquals(true, found.outdated());
  }

  @Test
  @DisplayName("a file is written with sorted members, one in a line, and a newline at the end; it reads as it was written")
  void written() {
    assertEquals("""
        {
          "data": {
            "count": 1
          },
          "schema_version": 2,
          "updated_at": "2026-01-01T00:00:00.000Z"
        }
        """, new String(FILE, UTF_8));
    var read = assertInstanceOf(Reading.Valid.class, Reading.of(SCHEMA, FILE));
    assertArrayEquals(FILE, read.envelope().bytes());
  }
}
