package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of each session's inputs or batches hasn't ended, so that looking for work never meets what has.
 *
 * @param <I> its id
 * @param <T> what is looked at of it; never its content
 */
final class OpenWork<I, T extends OpenWork.Item<I>> {
  private final Map<I, T> byId = new HashMap<>();
  private final NavigableMap<WorkerId, NavigableMap<Long, T>> bySession = new TreeMap<>();

  /** @param <I> the type of its id */
  interface Item<I> {
    I id();

    WorkerId session();

    long enqueueSeq();
  }

  void put(T item) {
    byId.put(item.id(), item);
    bySession.computeIfAbsent(item.session(), _ -> new TreeMap<>()).put(item.enqueueSeq(), item);
  }

  void remove(T item) {
    byId.remove(item.id());
    NavigableMap<Long, T> left = bySession.get(item.session());
    if (left != null && left.remove(item.enqueueSeq()) != null && left.isEmpty()) {
      bySession.remove(item.session());
    }
  }

  @Nullable
  T get(I id) {
    return byId.get(id);
  }

  /** By enqueue_seq. */
  Stream<T> of(WorkerId session) {
    NavigableMap<Long, T> own = bySession.get(session);
    return own == null ? Stream.empty() : own.values().stream();
  }

  /** Those of one session, or of all when null, as they are now. */
  List<T> all(@Nullable WorkerId session) {
    return session == null
        ? bySession.values().stream().flatMap(own -> own.values().stream()).toList()
        : of(session).toList();
  }
}
