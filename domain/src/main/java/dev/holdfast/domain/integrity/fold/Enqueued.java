package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What sessions have in their queues, inputs or batches: all of it is history, and of what hasn't ended it is at hand where it
 * stands, so that looking for work never meets what has.
 *
 * @param <T> the row
 * @param <F> what is looked at of it and never changes
 * @param <S> its state
 */
final class Enqueued<T, F, S> {
  private static final int PAGE = 64;

  private final Archive archive;
  private final Kind<T, F, S> kind;
  private final Series<T> ofSessions;
  private final Map<WorkerId, Shelf<F, S>> open = new HashMap<>();

  Enqueued(Archive archive, Kind<T, F, S> kind) {
    this.archive = archive;
    this.kind = kind;
    this.ofSessions = new Series<>(archive, kind.tables().ofSession(), kind::row);
  }

  /** Where the rows are, the states of those that have ended, and where both are found by session and by source key. */
  record Tables(Table row, Table state, Table ofSession, Table byKey) {}

  /** What is enqueued. */
  sealed interface Kind<T, F, S> permits MemoryInputs.Inputs, MemoryQueue.Batches {
    Tables tables();

    /** Whether a change has brought a row; what is forgotten may only have left something else of it. */
    default boolean isRow(Change change) {
      return true;
    }

    /** The row that a change has brought. */
    T row(Change change);

    long id(T row);

    WorkerId session(T row);

    long enqueueSeq(T row);

    @Nullable
    String sourceKey(T row);

    Image.Open<F, S> open(T row);

    T in(T row, S state);

    boolean isEnded(S state);

    /** The name of a state on the wire. */
    String text(S state);

    /** Whether what has that name may have ended. */
    boolean mayHaveEnded(String text);

    /** The state that a row, which had ended by then, has had since that change; it may be the one that brought it. */
    S ended(Change change);
  }

  /** @param change that brings it */
  void add(T row, Change change) {
    archive.keep(RowKey.of(kind.tables().row(), kind.id(row)), change);
    ofSessions.add(kind.session(row).number(), change);
    String sourceKey = kind.sourceKey(row);
    if (sourceKey != null) {
      archive.keep(RowKey.of(kind.tables().byKey(), kind.session(row).number(), sourceKey), change);
    }
    put(kind.session(row), kind.open(row), change);
  }

  /** Nothing, where there is no such row. */
  void move(WorkerId session, long id, S state, Change change) {
    // Of what has ended, and never moves but for a fault, the row is read.
    Image.Open<F, S> known = open(session, id);
    if (known != null) {
      put(session, known.in(state), change);
    } else {
      find(id).ifPresent(row -> put(session, kind.open(row).in(state), change));
    }
  }

  private void put(WorkerId session, Image.Open<F, S> item, Change change) {
    Shelf<F, S> own = open.get(session);
    if (!kind.isEnded(item.state())) {
      (own == null ? open.computeIfAbsent(session, _ -> new Shelf<>()) : own).put(item);
      return;
    }
    archive.keep(RowKey.of(kind.tables().state(), item.id()), change);
    if (own != null) {
      own.remove(item.id());
      if (own.isEmpty()) {
        open.remove(session);
      }
    }
  }

  private Image.@Nullable Open<F, S> open(WorkerId session, long id) {
    Shelf<F, S> own = open.get(session);
    return own == null ? null : own.get(id);
  }

  Image.Lengths lengths() {
    return ofSessions.lengths();
  }

  List<Image.OpenOf<F, S>> image() {
    List<Image.OpenOf<F, S>> all = new ArrayList<>(open.size());
    open.forEach((session, own) -> all.add(new Image.OpenOf<>(session, own.all())));
    return all;
  }

  void restore(List<Image.OpenOf<F, S>> all, List<Image.Lengths> lengths) {
    for (Image.OpenOf<F, S> one : all) {
      Shelf<F, S> own = open.computeIfAbsent(one.session(), _ -> new Shelf<>());
      one.items().forEach(own::put);
    }
    ofSessions.restore(lengths);
  }

  /** By enqueue_seq; what isn't at hand is read from the row. */
  Stream<Image.Open<F, S>> of(WorkerId session) {
    Shelf<F, S> own = open.get(session);
    return own == null ? Stream.empty() : own.stream();
  }

  /** Tells those of one session, or of all when null, as they are now; they may be moved meanwhile. */
  void each(@Nullable WorkerId only, BiConsumer<WorkerId, Image.Open<F, S>> to) {
    for (WorkerId session : only == null ? List.copyOf(open.keySet()) : List.of(only)) {
      of(session).toList().forEach(item -> to.accept(session, item));
    }
  }

  T row(Image.Open<F, S> item) {
    return find(item.id()).orElseThrow();
  }

  Optional<T> find(long id) {
    Change brought = archive.find(RowKey.of(kind.tables().row(), id));
    return brought == null || !kind.isRow(brought) ? Optional.empty() : Optional.of(present(kind.row(brought)));
  }

  /** @param row as it was when it came */
  private T present(T row) {
    Image.Open<F, S> at = open(kind.session(row), kind.id(row));
    if (at != null) {
      return kind.in(row, at.state());
    }
    Change end = archive.find(RowKey.of(kind.tables().state(), kind.id(row)));
    return end == null ? row : kind.in(row, kind.ended(end));
  }

  Optional<T> bySourceKey(WorkerId session, String sourceKey) {
    return Optional.ofNullable(archive.find(RowKey.of(kind.tables().byKey(), session.number(), sourceKey)))
        .map(change -> present(kind.row(change)));
  }

  /** As {@code InputReads.inputs} and {@code QueueReads.batches} have it. */
  List<T> page(WorkerId session, long after, int limit, @Nullable String state) {
    if (state != null && !kind.mayHaveEnded(state)) {
      Shelf<F, S> own = open.get(session);
      return own == null
          ? List.of()
          : own.behind(item -> kind.enqueueSeq(row(item)) <= after)
              .filter(item -> kind.text(item.state()).equals(state))
              .limit(limit).map(this::row).toList();
    }
    List<T> found = new ArrayList<>();
    long number = ofSessions.first(session.number(), row -> kind.enqueueSeq(row) <= after);
    long last = ofSessions.length(session.number());
    for (; number <= last && found.size() < limit; number += PAGE) {
      ofSessions.page(session.number(), number, PAGE).stream().map(this::present)
          .filter(row -> state == null || kind.text(kind.open(row).state()).equals(state))
          .limit((long) limit - found.size()).forEach(found::add);
    }
    return found;
  }
}
