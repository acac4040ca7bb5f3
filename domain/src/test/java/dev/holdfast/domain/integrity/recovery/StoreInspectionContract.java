package dev.holdfast.domain.integrity.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.integrity.stores.StoreState;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link StoreInspection} promises. */
public abstract class StoreInspectionContract {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** Looks at a place that stays the same for a test, where nothing is at first. */
  protected abstract StoreInspection inspect();

  /** A store with something in it is made there and closed. */
  protected abstract void fill();

  /** Breaks what {@link #fill} made. */
  protected abstract void damage() throws Exception;

  /** Everything that is there, in any form that tells of every change. */
  protected abstract Object everything() throws Exception;

  @Test
  @DisplayName("no store is no damage, and none is made")
  void absent() throws Exception {
    Object before = everything();
    Survey.Read survey = assertInstanceOf(Survey.Read.class, inspect().survey());
    assertTrue(survey.looks().stream().allMatch(look -> look.inspected().state() == StoreState.MISSING));
    assertEquals(new StoreInspection.Condition.Absent(), inspect().look(true, LONG));
    assertEquals(before, everything());
  }

  @Test
  @DisplayName("a store that was closed is sound, and looking at it changes nothing")
  void sound() throws Exception {
    fill();
    Object before = everything();
    assertInstanceOf(StoreInspection.Condition.Sound.class, inspect().look(true, LONG));
    assertEquals(before, everything());
  }

  @Test
  @DisplayName("a look whose time is over says so, calls nothing damaged and changes nothing")
  void unfinished() throws Exception {
    fill();
    Object before = everything();
    assertInstanceOf(StoreInspection.Condition.Unfinished.class, inspect().look(true, Duration.ofSeconds(-1)));
    assertEquals(before, everything());
  }

  @Test
  @DisplayName("damage is found and not touched")
  void damaged() throws Exception {
    fill();
    damage();
    Object before = everything();
    assertInstanceOf(StoreInspection.Condition.Damaged.class, inspect().look(true, LONG));
    assertEquals(before, everything());
  }
}
