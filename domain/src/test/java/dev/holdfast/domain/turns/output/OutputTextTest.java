package dev.holdfast.domain.turns.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text forms of output: cursors and payloads. */
class OutputTextTest {

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("a cursor's text is read back")
  @ValueSource(strings = {"0.0", "1.0", "2.17", "999999999.999999999999999999"})
  void cursor(String text) {
    assertEquals(Optional.of(text), OutputCursor.parse(text).map(OutputCursor::text));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("anything else is no cursor")
  @ValueSource(strings = {"", ".", "1", "1.", ".1", "01.1", "1.01", "-1.1", "1.-1", "+1.1", "1.1.1", "1,1", " 1.1",
    "1.1 ", "1.1\n", "1000000000.1", "1.1000000000000000000", "a.b", "\u0661.1"})
  void noCursor(String text) {
    assertEquals(Optional.empty(), OutputCursor.parse(text));
  }

  @Test
  @DisplayName("cursors are ordered by attempt and then by seq, as numbers")
  void order() {
    assertTrue(new OutputCursor(2, 1).compareTo(new OutputCursor(1, 99)) > 0);
    assertTrue(new OutputCursor(10, 1).compareTo(new OutputCursor(9, 1)) > 0);
    assertTrue(new OutputCursor(1, 9).compareTo(new OutputCursor(1, 10)) < 0);
    assertEquals(0, OutputCursor.START.compareTo(new OutputCursor(0, 0)));
    assertThrows(IllegalArgumentException.class, () -> new OutputCursor(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new OutputCursor(0, -1));
  }

  static Stream<OutputPayload> payloads() {
    return Stream.of(
        new OutputPayload.AttemptStarted(1, null, null),
        new OutputPayload.AttemptStarted(Long.MAX_VALUE, new OutputCursor(3, 14), null),
        new OutputPayload.AttemptStarted(2, null, new OutputPayload.Previous(1, "lost")),
        new OutputPayload.AttemptStarted(2, new OutputCursor(1, 2), new OutputPayload.Previous(1, "handed_over")),
        new OutputPayload.Delta(OutputPayload.Channel.TEXT, ""),
        new OutputPayload.Delta(OutputPayload.Channel.REASONING, "\u0000 \"\\ \u2028 \ud83d\ude00"),
        new OutputPayload.Delta(OutputPayload.Channel.TOOL_CALL, "{\"name\":\"x\"}"),
        new OutputPayload.Rewound(null),
        new OutputPayload.Rewound(new OutputCursor(1, 2)),
        new OutputPayload.End("completed", null, 1),
        new OutputPayload.End("failed", "provider_failed", Long.MAX_VALUE),
        new OutputPayload.End("failed", "provider_failed", 1, "the provider answered with status 401"));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("a payload of every kind is read back from its kind and its JSON")
  @MethodSource("payloads")
  void payload(OutputPayload payload) {
    assertEquals(payload, OutputPayload.read(payload.kind(), Json.parse(payload.json().text())));
  }

  @Test
  @DisplayName("another kind, and a member that is missing, are broken promises of whoever wrote them")
  void broken() {
    assertThrows(IllegalArgumentException.class, () -> OutputPayload.read("no_such_kind", Json.EMPTY_OBJECT));
    assertThrows(JsonMembers.Mismatch.class, () -> OutputPayload.read("delta", Json.EMPTY_OBJECT));
    assertThrows(JsonMembers.Mismatch.class, () -> OutputPayload.read("end", Json.EMPTY_OBJECT));
  }
}
