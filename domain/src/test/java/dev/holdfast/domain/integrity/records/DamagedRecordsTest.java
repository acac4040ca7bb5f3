package dev.holdfast.domain.integrity.records;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.RecordException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever has become of a record, it is read as a value or refused in one way. */
class DamagedRecordsTest {
  private static final int DRAWN = 4;
  private static final List<Integer> FLIPS = List.of(1, 2, 4, 8, 16, 32, 64, 128, 255);

  static List<Kind<?>> kinds() {
    return Kind.all();
  }

  /** What is read at all has just these bytes, so no two forms of bytes are one value. */
  private static <T> void readsOrRefuses(Codec<T> codec, byte[] damaged) {
    T value;
    try {
      value = codec.ofBytes(damaged);
    } catch (RecordException e) {
      return;
    }
    assertArrayEquals(damaged, codec.bytes(value), () -> "read as " + value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("a flipped bit or byte gives another value with just those bytes, or is refused")
  <T> void flips(Kind<T> kind) {
    for (long seed = 0; seed < DRAWN; seed++) {
      byte[] bytes = kind.codec().bytes(kind.drawn(seed));
      for (int at = 0; at < bytes.length; at++) {
        for (int flip : FLIPS) {
          byte[] damaged = bytes.clone();
          damaged[at] ^= (byte) flip;
          readsOrRefuses(kind.codec(), damaged);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("no shorter beginning of a record and nothing longer than it is read")
  <T> void truncations(Kind<T> kind) {
    for (long seed = 0; seed < DRAWN; seed++) {
      byte[] bytes = kind.codec().bytes(kind.drawn(seed));
      for (int length = 0; length < bytes.length; length++) {
        byte[] shorter = Arrays.copyOf(bytes, length);
        assertThrows(RecordException.class, () -> kind.codec().ofBytes(shorter));
      }
      byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
      assertThrows(RecordException.class, () -> kind.codec().ofBytes(longer));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  @DisplayName("JSON with a sign changed or cut off, or a member missing, added or of another type, is read or refused")
  <T> void json(Kind<T> kind) {
    String text = kind.codec().json(kind.drawn(0)).text();
    for (int at = 0; at < text.length(); at++) {
      char other = at % 2 == 0 ? '0' : '"';
      readsOrRefuses(kind.codec(), Json.canonical(text.substring(0, at) + other + text.substring(at + 1)));
      Json shorter = Json.canonical(text.substring(0, at));
      assertThrows(RecordException.class, () -> kind.codec().ofJson(shorter));
    }
    members(kind.codec(), Json.canonical(text));
  }

  private static <T> void members(Codec<T> codec, Json json) {
    Map<String, Object> members = new TreeMap<>(json.members());
    for (String name : List.copyOf(members.keySet())) {
      for (Object other : List.of("", 0L, true, List.of(), List.of(1L, "x"), Map.of(), new BigDecimal("1.5"))) {
        Map<String, Object> changed = new TreeMap<>(members);
        changed.put(name, other);
        readsOrRefuses(codec, Json.of(changed));
      }
      Map<String, Object> fewer = new TreeMap<>(members);
      fewer.remove(name);
      readsOrRefuses(codec, Json.of(fewer));
      fewer.put(name, null);
      readsOrRefuses(codec, Json.of(fewer));
    }
    members.put("unknown", 1L);
    assertThrows(RecordException.class, () -> codec.ofJson(Json.of(members)));
  }

  private static <T> void readsOrRefuses(Codec<T> codec, Json damaged) {
    try {
      codec.bytes(codec.ofJson(damaged));
    } catch (RecordException e) {
      // Refused as it should be.
    }
  }
}
