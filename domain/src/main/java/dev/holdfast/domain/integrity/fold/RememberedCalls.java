package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.WorkerChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The calls that a {@link MemoryState} remembers. */
final class RememberedCalls {
  private static final int PAGE = 256;
  private static final Comparator<String> BY_BYTES = (one, other) -> Arrays
      .compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

  private final Archive archive;
  private final Series<Remembered> inOrder;
  /** Made when somebody looks through them, which nobody does while the node runs. */
  private @Nullable NavigableSet<Name> sorted;

  private record Name(String scope, String key) implements Comparable<Name> {
    private static final Comparator<Name> ORDER =
        Comparator.comparing(Name::scope, BY_BYTES).thenComparing(Name::key, BY_BYTES);

    @Override
    public int compareTo(Name other) {
      return ORDER.compare(this, other);
    }
  }

  RememberedCalls(Archive archive) {
    this.archive = archive;
    this.inOrder = new Series<>(archive, Table.REMEMBERED_BY_NUMBER, RememberedCalls::record);
  }

  private static Remembered record(Change change) {
    return ((WorkerChange.KeyRemembered) change).record();
  }

  private static RowKey keyOf(String scope, String key) {
    return RowKey.of(Table.REMEMBERED, 0, scope + "\0" + key);
  }

  void keep(WorkerChange.KeyRemembered change) {
    Remembered record = change.record();
    archive.keep(keyOf(record.scope(), record.key()), change);
    inOrder.add(0, change);
    forgetOrder();
  }

  private synchronized void forgetOrder() {
    sorted = null;
  }

  Optional<Remembered> find(String scope, String key) {
    return Optional.ofNullable(archive.find(keyOf(scope, key))).map(RememberedCalls::record);
  }

  List<Remembered> page(String afterScope, String afterKey, int limit) {
    return names().tailSet(new Name(afterScope, afterKey), false).stream().limit(limit)
        .map(name -> find(name.scope(), name.key()).orElseThrow()).toList();
  }

  /** One that was replaced is among the numbered twice, and here once. */
  private synchronized NavigableSet<Name> names() {
    NavigableSet<Name> known = sorted;
    if (known == null) {
      List<Name> all = new ArrayList<>();
      for (long from = 1; from <= inOrder.length(0); from += PAGE) {
        inOrder.page(0, from, PAGE).forEach(record -> all.add(new Name(record.scope(), record.key())));
      }
      known = new TreeSet<>(all);
      sorted = known;
    }
    return known;
  }
}
