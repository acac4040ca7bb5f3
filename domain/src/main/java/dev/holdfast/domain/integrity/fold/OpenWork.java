package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.WorkerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of each session's inputs or batches hasn't ended, so that looking for work never meets what has.
 *
 * @param <I> its id
 * @param <T> what is looked at of it; never its content
 */
final class OpenWork<I, T> {
  private final Function<T, I> id;
  private final Function<T, WorkerId> session;
  private final Function<T, Long> enqueueSeq;
  private final Map<I, T> byId = new HashMap<>();
  private final NavigableMap<WorkerId, NavigableMap<Long, T>> bySession = new TreeMap<>();

  OpenWork(Function<T, I> id, Function<T, WorkerId> session, Function<T, Long> enqueueSeq) {
    this.id = id;
    this.session = session;
    this.enqueueSeq = enqueueSeq;
  }

  void put(T item) {
    byId.put(id.apply(item), item);
    bySession.computeIfAbsent(session.apply(item), _ -> new TreeMap<>()).put(enqueueSeq.apply(item), item);
  }

  void remove(T item) {
    byId.remove(id.apply(item));
    NavigableMap<Long, T> left = bySession.get(session.apply(item));
    if (left != null && left.remove(enqueueSeq.apply(item)) != null && left.isEmpty()) {
      bySession.remove(session.apply(item));
    }
  }

  @Nullable
  T get(I wanted) {
    return byId.get(wanted);
  }

  /** By enqueue_seq. */
  Stream<T> of(WorkerId wanted) {
    NavigableMap<Long, T> own = bySession.get(wanted);
    return own == null ? Stream.empty() : own.values().stream();
  }

  /** Those of one session, or of all when null, as they are now. */
  List<T> all(@Nullable WorkerId only) {
    return only == null
        ? bySession.values().stream().flatMap(own -> own.values().stream()).toList()
        : of(only).toList();
  }
}
