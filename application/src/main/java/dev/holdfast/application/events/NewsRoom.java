package dev.holdfast.application.events;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.output.OutputChange;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who waits for what: readers of the feed, whole or of one worker, readers of a turn's output, and those who wait for a turn
 * to be cancelled. */
public final class NewsRoom {
  private final Signals<Optional<WorkerId>> events = new Signals<>();
  private final Signals<TurnId> outputs = new Signals<>();
  private final Signals<TurnId> cancels = new Signals<>();

  /** @param worker only news of that worker's feed, or of the whole feed when null */
  public Signals<Optional<WorkerId>>.Subscription events(@Nullable WorkerId worker) {
    return events.subscribe(Optional.ofNullable(worker));
  }

  public Signals<TurnId>.Subscription output(TurnId turn) {
    return outputs.subscribe(turn);
  }

  /** Of a request to cancel the turn: that there is one, and how far it has come. */
  public Signals<TurnId>.Subscription cancel(TurnId turn) {
    return cancels.subscribe(turn);
  }

  /** Wakes those who wait for what these changes tell. Call it once they are durable. */
  public void raise(List<Change> changes) {
    Set<Optional<WorkerId>> feeds = new HashSet<>();
    Set<TurnId> turns = new HashSet<>();
    Set<TurnId> cancelled = new HashSet<>();
    for (Change change : changes) {
      if (change instanceof EventChange.Appended(var event)) {
        feeds.add(Optional.ofNullable(event.worker()));
        feeds.add(Optional.empty());
      } else if (change instanceof OutputChange.Appended(TurnId turn, _)) {
        turns.add(turn);
      } else if (change instanceof TurnChange.CancelPut(TurnId turn, _)) {
        cancelled.add(turn);
      } else if (change instanceof TurnChange.Put(Turn turn) && turn.isCancelRequested()) {
        cancelled.add(turn.id());
      }
    }
    cancelled.forEach(cancels::raise);
    feeds.forEach(events::raise);
    turns.forEach(outputs::raise);
  }

  public void raiseAll() {
    events.raiseAll();
    outputs.raiseAll();
    cancels.raiseAll();
  }
}
