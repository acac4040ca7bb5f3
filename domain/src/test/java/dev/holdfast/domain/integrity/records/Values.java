package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Draws plain values from a seed, the strange ones among them as often as the usual. */
final class Values {
  private static final List<String> TEXTS = List.of("", "a", "worker.input_accepted", "\u0000", "a\u0000b", "äöü€",
      "\uD83D\uDE00 astral \uD834\uDD1E", "\uFFFD", "\"quoted\" \\ \n\r\t\b\f\u001f", "\u2028\u2029\u007f\u0080",
      "\uFEFF",
      "\uD7FF\uE000\uFFFF", "x".repeat(127), "y".repeat(128), "ü".repeat(127), " ", "{}", "null");
  private static final List<Long> NUMBERS = List.of(0L, 1L, -1L, 63L, 64L, -64L, -65L, 127L, 128L, 8_191L, 8_192L,
      (long) Integer.MAX_VALUE, (long) Integer.MIN_VALUE, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE,
      Long.MAX_VALUE - 1, Long.MIN_VALUE + 1);
  private static final List<Json> JSONS = List.of(Json.EMPTY_OBJECT, Json.object("input_id", "in-0000000000000005"),
      Json.parse("{\"a\":[1,2.5,null,true,{\"b\":\"\\u0000\uD83D\uDE00\"}],\"z\":1e400,\"big\":12345678901234567890}"));

  private final SplittableRandom random;

  Values(long seed) {
    random = new SplittableRandom(seed);
  }

  @SafeVarargs
  final <T> T oneOf(Supplier<? extends T>... makers) {
    return makers[random.nextInt(makers.length)].get();
  }

  <E extends Enum<E>> E constant(Class<E> type) {
    E[] constants = type.getEnumConstants();
    return constants[random.nextInt(constants.length)];
  }

  private <T> T of(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  <T> @Nullable T orNull(Supplier<? extends T> value) {
    return random.nextInt(3) == 0 ? null : value.get();
  }

  <T> List<T> some(int least, Supplier<? extends T> item) {
    List<T> items = new ArrayList<>();
    for (int i = random.nextInt(least, least + 4); i > 0; i--) {
      items.add(item.get());
    }
    return items;
  }

  boolean bool() {
    return random.nextBoolean();
  }

  String text() {
    return oneOf(() -> of(TEXTS), () -> of(TEXTS) + of(TEXTS), this::word);
  }

  /** Text that is neither blank nor longer than 200 characters. */
  String word() {
    return "w" + random.nextInt(100_000) + of(List.of("", "-ä", "\uD83D\uDE00", "\u0000", ":7"));
  }

  long number() {
    return oneOf(() -> of(NUMBERS), random::nextLong, () -> random.nextLong(10_000));
  }

  int count() {
    return oneOf(() -> random.nextInt(), () -> Integer.MAX_VALUE, () -> Integer.MIN_VALUE, () -> random.nextInt(100));
  }

  /** At least {@code least}. */
  long natural(long least) {
    long number = number();
    return number < least ? least + random.nextInt(300) : number;
  }

  Instant time() {
    return oneOf(() -> micros(random.nextLong(-1L << 52, 1L << 52)), () -> Instant.EPOCH,
        () -> Instant.ofEpochSecond(Long.MIN_VALUE / 1_000_000), () -> micros(Long.MAX_VALUE), () -> micros(-1),
        () -> Instant.parse("2026-11-21T10:00:00.000001Z"));
  }

  private static Instant micros(long micros) {
    return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }

  Duration duration() {
    return oneOf(() -> Duration.ofSeconds(30), () -> Duration.ZERO, () -> Duration.ofNanos(-1_000),
        () -> Duration.ofMillis(random.nextInt()));
  }

  Json json() {
    return of(JSONS);
  }

  WorkerId worker() {
    return oneOf(() -> new WorkerId(1), () -> new WorkerId(0xffff_ffffL),
        () -> new WorkerId(random.nextLong(1, 1L << 32)));
  }

  InputId input() {
    return new InputId(natural(1));
  }

  BatchId batch() {
    return new BatchId(natural(1));
  }

  TurnId turn() {
    return new TurnId(natural(1));
  }

  RuntimeId runtime() {
    return new RuntimeId(word());
  }
}
