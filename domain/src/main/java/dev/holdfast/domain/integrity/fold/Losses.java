package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventGap;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.UntoldDamage;
import dev.holdfast.domain.workers.Diagnostic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a fold had to leave out, and who was told of it. */
final class Losses {
  private final List<LostUnit> units = new ArrayList<>();
  private final NavigableSet<WorkerId> damaged = new TreeSet<>();
  /** Those of whom an event says that they are damaged, and none that they are no more. */
  private final NavigableSet<WorkerId> told = new TreeSet<>();
  private final List<EventGap> givenUp = new ArrayList<>();
  private final List<String> cut = new ArrayList<>();

  void add(LostUnit unit) {
    keep(unit);
    if (unit.worker() == null && unit.events() > 0) {
      givenUp.add(gap(unit));
    }
  }

  private void keep(LostUnit unit) {
    units.add(unit);
    if (unit.worker() != null) {
      damaged.add(unit.worker());
    }
  }

  void cut(String evidence) {
    cut.add(evidence);
  }

  void restore(Collection<LostUnit> lost, Collection<WorkerId> toldOf) {
    lost.forEach(this::keep);
    told.addAll(toldOf);
  }

  /** Whether nothing was ever lost that anybody has to know of. */
  boolean isNone() {
    return units.isEmpty() && told.isEmpty();
  }

  boolean isDamaged(WorkerId worker) {
    return damaged.contains(worker);
  }

  NavigableSet<WorkerId> told() {
    return told;
  }

  void tell(Event event) {
    if (event.worker() != null && event.name() == EventName.WORKER_QUARANTINED) {
      told.add(event.worker());
    } else if (event.worker() != null && event.name() == EventName.WORKER_RECOVERED) {
      told.remove(event.worker());
    }
  }

  void tell(Diagnostic diagnostic) {
    switch (diagnostic.code()) {
      case EVENT_RANGE_DAMAGED -> givenUp.clear();
      case LOG_TAIL_TRUNCATED -> cut.clear();
      default -> {
        // Of something else.
      }
    }
  }

  List<EventGap> gaps(long fromId, @Nullable WorkerId worker) {
    return units.stream().filter(unit -> unit.events() > 0 && unit.firstEvent() + unit.events() > fromId)
        .filter(unit -> worker == null || unit.worker() == null || worker.equals(unit.worker()))
        .map(Losses::gap).toList();
  }

  boolean isLost(long event) {
    return gaps(event, null).stream().anyMatch(gap -> gap.fromId() <= event);
  }

  private static EventGap gap(LostUnit unit) {
    return new EventGap(unit.firstEvent(), unit.firstEvent() + unit.events() - 1, EventGap.Why.DAMAGED);
  }

  UntoldDamage untold() {
    List<WorkerId> news = damaged.stream().filter(worker -> !told.contains(worker)).toList();
    List<EventGap> gaps = new ArrayList<>(givenUp);
    units.stream().filter(unit -> unit.events() > 0 && unit.worker() != null && news.contains(unit.worker()))
        .map(Losses::gap).forEach(gaps::add);
    return new UntoldDamage(cut, news, gaps, told.stream().filter(worker -> !damaged.contains(worker)).toList());
  }

  /** The highest number of a worker that was ever lost, 0 for none. */
  long lastWorker() {
    return units.stream().mapToLong(LostUnit::lastWorker).max().orElse(0);
  }
}
