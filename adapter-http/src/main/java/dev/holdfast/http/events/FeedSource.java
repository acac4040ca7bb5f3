package dev.holdfast.http.events;

import dev.holdfast.application.events.EventFeed;
import dev.holdfast.application.events.Signals;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventBatch;
import dev.holdfast.domain.events.EventGap;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.StreamSource;
import dev.holdfast.http.Streams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The feed from a cursor on (spec W-40). */
final class FeedSource implements StreamSource {
  private final EventFeed feed;
  private final Signals<Optional<WorkerId>>.Subscription news;
  private EventFeed.Wanted wanted;

  /** @param wanted a request that was answered before, so its cursor is valid */
  FeedSource(EventFeed feed, EventFeed.Wanted wanted) {
    this.feed = feed;
    this.wanted = wanted;
    this.news = feed.subscribe(wanted.worker());
  }

  @Override
  public String start() {
    String cursor = wanted.cursor();
    return cursor == null ? feed.start().text() : cursor;
  }

  @Override
  public List<String> next() {
    while (true) {
      EventBatch batch = read();
      wanted = new EventFeed.Wanted(wanted.runtime(), batch.cursor().text(), wanted.worker(), wanted.reach());
      // A page can be empty and not the last: what it held was not for this reader.
      if (!batch.events().isEmpty() || batch.gap() != null || !batch.hasMore()) {
        return frames(batch);
      }
    }
  }

  private static List<String> frames(EventBatch batch) {
    List<String> frames = new ArrayList<>();
    EventGap gap = batch.gap();
    if (gap != null) {
      frames.add(Streams.frame(batch.cursor().at(gap.toId() + 1).text(), "gap", EventJson.of(gap)));
    }
    batch.events().forEach(event -> frames.add(frame(batch, event)));
    return frames;
  }

  private EventBatch read() {
    return switch (feed.read(wanted, null)) {
      case Outcome.Done<EventBatch>(EventBatch batch) -> batch;
      case Outcome.Replayed<EventBatch>(EventBatch batch) -> batch;
      case Outcome.Refused<EventBatch> refused -> throw new RefusalException(refused.as());
    };
  }

  /** A frame's id is the cursor behind it, so that the id that a reader saw last is where it goes on (spec §11). */
  private static String frame(EventBatch batch, Event event) {
    return Streams.frame(batch.cursor().at(event.id() + 1).text(), event.name().text(),
        EventJson.of(batch.cursor().runtime(), event));
  }

  @Override
  public boolean isOver() {
    return false;
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    news.await(atMost);
  }

  @Override
  public void close() {
    news.close();
  }
}
