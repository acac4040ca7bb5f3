package dev.holdfast.domain.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.RuntimeId;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventCursorTest {

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("a cursor's text is read back")
  @ValueSource(strings = {"rt-0123456789abcdef:1", "rt:42", "team: one:7", "a:b:c:9", "rt:999999999999999999"})
  void readBack(String text) {
    assertEquals(Optional.of(text), EventCursor.parse(text).map(EventCursor::text));
  }

  @Test
  @DisplayName("the last colon parts the runtime from the number")
  void lastColon() {
    assertEquals(Optional.of(new EventCursor(new RuntimeId("a:b"), 3)), EventCursor.parse("a:b:3"));
    assertEquals(Optional.of(new EventCursor(new RuntimeId("x".repeat(128)), 1)),
        EventCursor.parse("x".repeat(128) + ":1"));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("anything else is no cursor")
  @ValueSource(strings = {"", ":", "1", ":1", " :1", "rt:", "rt:0", "rt:00", "rt:01", "rt:-1", "rt:+1", "rt:1.0",
    "rt:1e3", "rt:0x1", "rt: 1", "rt:1 ", "rt:1\n", "rt:1000000000000000000", "rt:99999999999999999999999",
    "rt:\u0661", "rt;1", "rt:one"})
  void noCursor(String text) {
    assertEquals(Optional.empty(), EventCursor.parse(text));
  }

  @Test
  @DisplayName("a runtime of more than 128 characters is none, and a cursor begins at 1")
  void bounds() {
    assertEquals(Optional.empty(), EventCursor.parse("x".repeat(129) + ":1"));
    assertEquals(Optional.empty(), EventCursor.parse("x".repeat(1_000_000)));
    assertThrows(IllegalArgumentException.class, () -> new EventCursor(new RuntimeId("rt"), 0));
    assertEquals("rt:1", EventCursor.start(new RuntimeId("rt")).text());
    assertEquals("rt:9", EventCursor.start(new RuntimeId("rt")).at(9).text());
  }

  @Test
  @DisplayName("every event name is found by its text, and no other text is one")
  void names() {
    for (EventName name : EventName.values()) {
      assertEquals(name, EventName.of(name.text()));
    }
    assertThrows(IllegalArgumentException.class, () -> EventName.of("worker.vanished"));
  }
}
