package dev.holdfast.cli.wiring;

import dev.holdfast.application.events.EventFeed;
import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.domain.integrity.Store;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** The feed, and waking those who wait for it. */
@Factory
final class EventsWiring {

  @Singleton
  NewsRoom newsRoom() {
    return new NewsRoom();
  }

  @Singleton
  EventFeed eventFeed(Store store, NewsRoom news) {
    return new EventFeed(store, news);
  }
}
