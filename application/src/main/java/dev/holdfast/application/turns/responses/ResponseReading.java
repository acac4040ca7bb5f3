package dev.holdfast.application.turns.responses;

import dev.holdfast.application.events.Signals;
import dev.holdfast.application.turns.OutputFeed;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.responses.Response;
import dev.holdfast.domain.turns.responses.ResponseEvent;
import dev.holdfast.domain.turns.responses.ResponseFold;
import dev.holdfast.domain.workers.Reach;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One reading of a response from its first event on: a loop of {@link #next} and {@link #await}. Whoever reads changes nothing,
 * and whoever leaves ends nothing (spec ). Close it when done.
 */
public final class ResponseReading implements AutoCloseable {
  private final OutputFeed output;
  private final Supplier<Response> now;
  private final Signals<Optional<WorkerId>>.Subscription news;
  private final ResponseFold fold = new ResponseFold();
  private OutputFeed.@Nullable Following following;
  private boolean created;
  private boolean behind = true;
  private boolean pruned;
  private boolean ended;

  /**
   * @param now looks at the response
   * @param news of its worker; closed with this
   */
  ResponseReading(OutputFeed output, Supplier<Response> now, Signals<Optional<WorkerId>>.Subscription news) {
    this.output = output;
    this.now = now;
    this.news = news;
  }

  /** The events behind those that were given before; none when there are none at present. */
  public List<ResponseEvent> next() {
    if (!created) {
      created = true;
      return fold.created();
    }
    List<ResponseEvent> events = following == null ? begin() : read(following);
    ended |= !events.isEmpty() && events.getLast() instanceof ResponseEvent.Ended;
    return events;
  }

  private List<ResponseEvent> begin() {
    Response response = now.get();
    if (response.turn() != null) {
      TurnId turn = response.turn().id();
      following = output.follow(turn, Reach.ALL, OutputCursor.START);
      return read(following);
    }
    behind = false;
    return response.status().isEnded() ? fold.ended(response.status(), null, null) : List.of();
  }

  private List<ResponseEvent> read(OutputFeed.Following from) {
    OutputFeed.Page page = from.next().orThrow();
    if (page.gap() != null) {
      pruned = true;
    }
    behind = !page.records().isEmpty();
    List<ResponseEvent> events = new ArrayList<>();
    for (OutputRecord record : page.records()) {
      events.addAll(fold.take(record.payload()));
    }
    return events;
  }

  /** Whether the events given last were the end of the whole, or nothing more can be told. */
  public boolean isOver() {
    return ended || pruned;
  }

  /** Whether there may be more without a wait. */
  public boolean isBehind() {
    return !isOver() && behind;
  }

  /** Waits until there may be more, or until the time is over. */
  public void await(Duration atMost) throws InterruptedException {
    if (following == null) {
      news.await(atMost);
    } else {
      following.await(atMost);
    }
  }

  @Override
  public void close() {
    try (news) {
      if (following != null) {
        following.close();
      }
    }
  }
}
