package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.integrity.fold.Image.Open;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one session has of inputs or batches that haven't ended, by their ids, which is the order of its queue: what is new
 * comes behind all others, and what is done mostly is the first. There may be a million of them in a store, so one takes no more
 * than itself and its place in an array.
 */
final class Shelf<F, S> {
  private static final int FIRST_ROOM = 4;

  private @Nullable Open<F, S>[] items = room(FIRST_ROOM);
  private int from;
  private int to;

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <F, S> @Nullable Open<F, S>[] room(int places) {
    return new Open[places];
  }

  boolean isEmpty() {
    return from == to;
  }

  @Nullable
  Open<F, S> get(long id) {
    int at = place(id);
    Open<F, S> found = at < to ? items[at] : null;
    return found != null && found.id() == id ? found : null;
  }

  /** Of the first whose id isn't lower. */
  private int place(long id) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).id() < id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Open<F, S> at(int place) {
    Open<F, S> item = items[place];
    if (item == null) {
      throw new IllegalStateException("nothing is there");
    }
    return item;
  }

  void put(Open<F, S> item) {
    int at = isEmpty() || at(to - 1).id() < item.id() ? to : place(item.id());
    if (at < to && at(at).id() == item.id()) {
      items[at] = item;
      return;
    }
    if (to == items.length) {
      at -= from;
      makeRoom();
    }
    System.arraycopy(items, at, items, at + 1, to - at);
    items[at] = item;
    to++;
  }

  /** At the end, and none at the front. */
  private void makeRoom() {
    int size = to - from;
    @Nullable Open<F, S>[] larger = 2 * size <= items.length ? items : room(2 * items.length);
    System.arraycopy(items, from, larger, 0, size);
    Arrays.fill(larger, size, larger.length, null);
    items = larger;
    from = 0;
    to = size;
  }

  void remove(long id) {
    int at = place(id);
    if (at == to || at(at).id() != id) {
      return;
    }
    if (at == from) {
      items[from++] = null;
      return;
    }
    System.arraycopy(items, at + 1, items, at, to - at - 1);
    items[--to] = null;
  }

  Stream<Open<F, S>> stream() {
    return Arrays.stream(items, from, to);
  }

  /** Those from the first on of which that doesn't hold. */
  Stream<Open<F, S>> behind(Predicate<Open<F, S>> before) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (before.test(at(middle))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Arrays.stream(items, low, to);
  }

  /** As they are now. */
  List<Open<F, S>> all() {
    return List.of(Arrays.copyOfRange(items, from, to));
  }
}
