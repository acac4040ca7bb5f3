package dev.holdfast.application.events;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventBatch;
import dev.holdfast.domain.events.EventCursor;
import dev.holdfast.domain.events.EventRules;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.WorkerRules;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading the feed (spec W-38 to W-40). A stream is a loop of {@link #read} and waiting for the next wake-up. */
public final class EventFeed {
  private final Store store;
  private final NewsRoom news;

  public EventFeed(Store store, NewsRoom news) {
    this.store = store;
    this.news = news;
  }

  /** Whose events, from where. */
  public record Wanted(
      @Nullable RuntimeId runtime, @Nullable String cursor, @Nullable WorkerId worker, Reach reach) {}

  /** @param limit null for the runtime's maximum */
  public Outcome<EventBatch> read(Wanted wanted, @Nullable Integer limit) {
    return store.read(state -> {
      RuntimeState runtime = state.runtime().orElseThrow();
      Optional<EventCursor> cursor = wanted.cursor() == null
          ? Optional.of(EventCursor.start(runtime.id()))
          : EventCursor.parse(wanted.cursor());
      if (cursor.isEmpty()) {
        return Outcome.refused(Reason.CURSOR_MALFORMED);
      }
      int max = runtime.limits().maxEventBatchItems();
      Outcome<EventBatch> batch = EventRules.read(
          state, runtime.id(), cursor.get(), limit == null ? max : limit, max, wanted.worker());
      return batch instanceof Outcome.Refused<EventBatch> ? batch : ofVisible(state, wanted, batch);
    });
  }

  /** A subject without a worker gets the events of all its own workers, and nothing of the runtime (spec W-39). */
  private static Outcome<EventBatch> ofVisible(State state, Wanted wanted, Outcome<EventBatch> batch) {
    RuntimeId actual = state.runtime().orElseThrow().id();
    if (wanted.runtime() != null && !wanted.runtime().equals(actual)) {
      return new Outcome.Refused<>(
          Reason.WRONG_RUNTIME, Map.of("expected", actual.value(), "actual", wanted.runtime().value()));
    }
    if (wanted.worker() != null) {
      return WorkerRules.find(state, wanted.runtime(), wanted.worker(),
          wanted.reach()) instanceof Outcome.Refused<?> no
              ? no.as()
              : batch;
    }
    Reach reach = wanted.reach();
    return reach.equals(Reach.ALL)
        ? batch
        : batch.map(all -> new EventBatch(all.cursor(),
            all.events().stream().filter(event -> isOf(state, event, reach)).toList(), all.hasMore(),
            all.gap()));
  }

  private static boolean isOf(State state, Event event, Reach reach) {
    return event.worker() != null
        && state.worker(event.worker()).filter(reach::covers).isPresent();
  }

  public EventCursor start() {
    return store.read(state -> EventCursor.start(state.runtime().orElseThrow().id()));
  }

  /** The place behind the newest event. */
  public EventCursor now() {
    return store.read(state -> EventCursor.start(state.runtime().orElseThrow().id()).at(state.lastEventId() + 1));
  }

  /** Close it when done. */
  public Signals<Optional<WorkerId>>.Subscription subscribe(@Nullable WorkerId worker) {
    return news.events(worker);
  }
}
