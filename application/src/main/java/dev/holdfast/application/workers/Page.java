package dev.holdfast.application.workers;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param next what to pass as {@code after} for the page behind, or null when this is the last
 */
public record Page<T>(List<T> items, @Nullable String next) {
  /** The limit where the caller gives none (spec A-10). */
  public static final int DEFAULT_LIMIT = 50;

  public static final int MAX_LIMIT = 256;

  public Page {
    items = List.copyOf(items);
  }

  /**
   * @param found up to one more than {@code limit}, which tells whether there are more
   * @param place an item's own place in the list
   */
  public static <T> Page<T> of(List<T> found, int limit, Function<? super T, String> place) {
    if (found.size() <= limit) {
      return new Page<>(found, null);
    }
    List<T> items = found.subList(0, limit);
    return new Page<>(items, items.isEmpty() ? null : place.apply(items.getLast()));
  }

  public <U> Page<U> map(Function<? super T, ? extends U> change) {
    return new Page<>(items.stream().<U>map(change).toList(), next);
  }
}
