package dev.holdfast.domain.relay.publishers;

import dev.holdfast.domain.Change;

/** What a unit of work writes about publishers. */
public sealed interface PublisherChange extends Change {
  record Put(Publisher publisher) implements PublisherChange {}

  record Deleted(String id) implements PublisherChange {}
}
