package dev.holdfast.domain.events;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects the events of one unit of work under the next dense ids (spec W-4). */
public final class NewEvents {
  private final Instant at;
  private final @Nullable String actor;
  private final List<EventChange> changes = new ArrayList<>();
  private long lastId;

  public NewEvents(EventReads state, Instant at, @Nullable String actor) {
    this(state.lastEventId(), at, actor);
  }

  private NewEvents(long lastId, Instant at, @Nullable String actor) {
    this.lastId = lastId;
    this.at = at;
    this.actor = actor;
  }

  /** Behind the events that are among the changes of the same unit of work. */
  public static NewEvents behind(EventReads state, List<Change> before, Instant at, @Nullable String actor) {
    long last = state.lastEventId();
    for (Change change : before) {
      last = change instanceof EventChange.Appended(Event event) ? Math.max(last, event.id()) : last;
    }
    return new NewEvents(last, at, actor);
  }

  /** @return the event's id */
  public long add(@Nullable WorkerId worker, EventName name, Json data, @Nullable String note) {
    changes.add(new EventChange.Appended(new Event(++lastId, worker, name, at, actor, data, note)));
    return lastId;
  }

  public long add(WorkerId worker, EventName name, Json data) {
    return add(worker, name, data, null);
  }

  /** The id that the next event will have. */
  public long nextId() {
    return lastId + 1;
  }

  /** The id of the newest event. */
  public long lastId() {
    return lastId;
  }

  public List<EventChange> changes() {
    return List.copyOf(changes);
  }
}
