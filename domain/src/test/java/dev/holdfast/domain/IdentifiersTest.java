package dev.holdfast.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

  private static void assertNotRead(Function<String, ?> parse, String text) {
    assertThrows(IllegalArgumentException.class, () -> parse.apply(text), text);
  }

  @Test
  @DisplayName("a worker id is worker- and eight lower-case hex digits of a number from 1")
  void workerId() {
    assertEquals("worker-00000001", new WorkerId(1).value());
    assertEquals(new WorkerId(255), WorkerId.parse("worker-000000ff"));
    assertEquals(new WorkerId(0xffff_ffffL), WorkerId.parse(new WorkerId(0xffff_ffffL).toString()));
    assertTrue(new WorkerId(9).compareTo(new WorkerId(10)) < 0);
    assertThrows(IllegalArgumentException.class, () -> new WorkerId(0));
    assertThrows(IllegalArgumentException.class, () -> new WorkerId(-1));
    assertThrows(IllegalArgumentException.class, () -> new WorkerId(1L << 32));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("no other text is a worker id")
  @ValueSource(strings = {"", "worker-", "worker-1", "worker-0000001", "worker-000000001", "worker-00000000",
    "worker-000000FF", "Worker-00000001", "worker_00000001", "worker-0000000g", " worker-00000001",
    "worker-00000001 ", "worker-00000001\n", "worker--0000001", "worker-+0000001", "worker-../../..",
    "worker-0000000\u0661", "in-0000000000000001"})
  void notAWorkerId(String text) {
    assertNotRead(WorkerId::parse, text);
  }

  @Test
  @DisplayName("input and turn ids are their prefix and sixteen lower-case hex digits of a number from 1")
  void inputAndTurnIds() {
    assertEquals("in-000000000000002a", new InputId(42).value());
    assertEquals(new InputId(42), InputId.parse("in-000000000000002a"));
    assertEquals("turn-7fffffffffffffff", new TurnId(Long.MAX_VALUE).toString());
    assertEquals(new TurnId(Long.MAX_VALUE), TurnId.parse("turn-7fffffffffffffff"));
    assertThrows(IllegalArgumentException.class, () -> new InputId(0));
    assertThrows(IllegalArgumentException.class, () -> new TurnId(-1));
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("no other digits make an input or turn id")
  @ValueSource(strings = {"", "1", "0000000000000000", "000000000000002A", "00000000000000002a", "000000000000002",
    "ffffffffffffffff", "8000000000000000", "-000000000000001", "+000000000000001", "00000000000000 1",
    "000000000000000\u0661", "000000000000002a\n"})
  void notAnInputOrTurnId(String digits) {
    assertNotRead(InputId::parse, "in-" + digits);
    assertNotRead(InputId::parse, "turn-" + digits);
    assertNotRead(TurnId::parse, "turn-" + digits);
    assertNotRead(TurnId::parse, "in-" + digits);
  }

  @Test
  @DisplayName("a runtime id is any text of 1 to 128 characters that isn't blank; a generated one is rt- and 16 digits")
  void runtimeId() {
    assertEquals("rt-0123456789abcdef", RuntimeId.random(digits -> "0123456789abcdef".substring(0, digits)).value());
    assertEquals("team: one", new RuntimeId("team: one").toString());
    assertEquals(128, new RuntimeId("x".repeat(128)).value().length());
    for (String wrong : new String[] {"", " \t\n", "x".repeat(129)}) {
      assertNotRead(RuntimeId::new, wrong);
    }
  }
}
