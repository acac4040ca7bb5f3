package dev.holdfast.domain.integrity.fold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import dev.holdfast.domain.relay.ProviderChange;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link Archive} promises. */
public abstract class ArchiveContract {

  /** The same one for all of a test, empty at first. */
  protected abstract Archive archive();

  /** These changes are the unit that is applied from now on. */
  protected abstract void unit(List<Change> changes);

  private static Change change(String name) {
    return new ProviderChange.DefaultModelPut(name);
  }

  private static RowKey number(Table table, long owner, long number) {
    return new RowKey(table, owner, number, null);
  }

  @Test
  @DisplayName("a change is found under each of its keys, in its unit and behind it, until another takes its place")
  void found() {
    Change first = change("first");
    Change second = change("second");
    unit(List.of(first, second));
    archive().keep(number(Table.EVENT, 0, 1), first);
    archive().keep(number(Table.ENTRY, 7, 1), first);
    archive().keep(number(Table.EVENT, 0, 2), second);
    assertEquals(first, archive().find(number(Table.EVENT, 0, 1)));

    Change third = change("third");
    unit(List.of(third));
    archive().keep(number(Table.ENTRY, 7, 1), third);
    assertEquals(first, archive().find(number(Table.EVENT, 0, 1)));
    assertEquals(second, archive().find(number(Table.EVENT, 0, 2)));
    assertEquals(third, archive().find(number(Table.ENTRY, 7, 1)));
  }

  @Test
  @DisplayName("keys differ by table, owner, number and text")
  void apart() {
    Change kept = change("kept");
    unit(List.of(kept));
    assertNull(archive().find(number(Table.TURN, 1, 2)));
    archive().keep(number(Table.TURN, 1, 2), kept);
    archive().keep(new RowKey(Table.STAMP, 1, 0, "2"), kept);
    assertNull(archive().find(number(Table.INPUT, 1, 2)));
    assertNull(archive().find(number(Table.TURN, 2, 2)));
    assertNull(archive().find(number(Table.TURN, 1, 1)));
    assertNull(archive().find(number(Table.STAMP, 1, 2)));
    assertNull(archive().find(new RowKey(Table.STAMP, 1, 0, "02")));
    assertNull(archive().find(new RowKey(Table.STAMP, 2, 0, "2")));
    assertNull(archive().find(new RowKey(Table.TURN, 1, 0, "2")));
    assertEquals(kept, archive().find(new RowKey(Table.STAMP, 1, 0, "2")));
  }
}
