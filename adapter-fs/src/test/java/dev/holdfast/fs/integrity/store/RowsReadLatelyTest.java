package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.fold.RowKey;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is held of rows that were read before. */
class RowsReadLatelyTest {
  private static final int LENGTH = 1_000;

  private final RowsReadLately rows = new RowsReadLately(10 * LENGTH);

  private static RowKey key(long number) {
    return new RowKey(Table.ENTRY, 1, number, null);
  }

  private static Change change(long number) {
    return new EventChange.Pruned(number);
  }

  private long held(long upTo) {
    return LongStream.rangeClosed(1, upTo).filter(number -> rows.get(key(number)) != null).count();
  }

  @Test
  void rowsTakeNoMoreThanTheyMay() {
    for (long number = 1; number <= 1_000; number++) {
      rows.put(key(number), change(number), LENGTH);
    }

    long held = held(1_000);
    assertTrue(held > 0 && held <= 10, () -> "held: " + held);
    assertEquals(change(1_000), rows.get(key(1_000)));
  }

  @Test
  void aRowThatIsForgottenAndReadAgainTimeAndAgainTakesTheirPlaceAndNoMore() {
    for (long number = 1; number <= 1_000; number++) {
      rows.put(key(1), change(number), LENGTH);
      assertEquals(change(number), rows.get(key(1)));
      rows.forget(key(1));
      assertNull(rows.get(key(1)));
    }
    rows.put(key(2), change(2), LENGTH);

    assertEquals(change(2), rows.get(key(2)));
  }

  @Test
  void rowsThatFollowOneAnotherGoTogetherAndThoseFirstThatCameFirst() {
    for (long number = 8; number < 11; number++) {
      rows.put(key(number), change(number), LENGTH);
    }
    for (long number = 16; number < 22; number++) {
      rows.put(key(number), change(number), LENGTH);
    }

    assertNull(rows.get(key(8)));
    assertNull(rows.get(key(10)));
    for (long number = 16; number < 22; number++) {
      assertEquals(change(number), rows.get(key(number)));
    }
  }

  @Test
  void eachOfThemIsForgottenAlone() {
    rows.put(key(8), change(8), LENGTH);
    rows.put(key(9), change(9), LENGTH);
    rows.forget(key(8));
    rows.forget(key(10));
    rows.forget(new RowKey(Table.EVENT, 1, 9, null));

    assertNull(rows.get(key(8)));
    assertEquals(change(9), rows.get(key(9)));
  }

  @Test
  void aRowThatIsTooLongIsNotHeld() {
    rows.put(key(1), change(1), LENGTH);
    rows.put(key(2), change(2), 100 * LENGTH);

    assertNull(rows.get(key(2)));
  }
}
