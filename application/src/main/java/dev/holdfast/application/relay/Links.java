package dev.holdfast.application.relay;

import dev.holdfast.domain.relay.publishers.LinkFrame;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The links that are open, one per publisher at most, and when each publisher was heard of last. It is all in memory. */
public final class Links {
  private final InstantSource clock;
  private final Instant began;
  // Guarded by this.
  private final Map<String, Link> open = new HashMap<>();
  private final Map<String, Instant> heard = new HashMap<>();
  private long opened;

  public Links(InstantSource clock) {
    this.clock = clock;
    this.began = clock.instant();
  }

  /** The newest link wins; the one before, if any, is told so and closed (spec R-32). */
  public Link bind(String id, String publisher, String key) {
    Link link;
    Link before;
    synchronized (this) {
      link = new Link(id, publisher, key, ++opened);
      before = open.put(publisher, link);
      heard.put(publisher, clock.instant());
    }
    if (before != null) {
      before.close(LinkFrame.Why.REPLACED);
    }
    return link;
  }

  /** @return whether it was the publisher's present link; an older one's end has no effect (spec R-33) */
  public synchronized boolean unbind(Link link) {
    link.end();
    return open.remove(link.publisher(), link);
  }

  public synchronized boolean isOpen(String publisher) {
    Link link = open.get(publisher);
    return link != null && link.isOpen();
  }

  public synchronized Optional<Link> link(String publisher) {
    return Optional.ofNullable(open.get(publisher)).filter(Link::isOpen);
  }

  /** @return the link over which the frame is on its way to the publisher, if it is */
  Optional<Link> push(String publisher, LinkFrame frame) {
    return link(publisher).filter(link -> link.push(frame));
  }

  /** Whatever a publisher sends shows that it is there (spec R-13). */
  public synchronized void heard(String publisher) {
    heard.put(publisher, clock.instant());
  }

  /** A publisher that this process hasn't heard of yet is as one that it heard of when it began. */
  public synchronized Instant lastHeard(String publisher) {
    return heard.getOrDefault(publisher, began);
  }

  /** Ends the links that were opened with a key. */
  public void end(String key, LinkFrame.Why why) {
    List<Link> ending;
    synchronized (this) {
      ending = open.values().stream().filter(link -> link.key().equals(key)).toList();
    }
    ending.forEach(link -> link.close(why));
  }

  public void endAll(LinkFrame.Why why) {
    List<Link> ending;
    synchronized (this) {
      ending = List.copyOf(open.values());
    }
    ending.forEach(link -> link.close(why));
  }

  public synchronized Set<String> publishers() {
    return Set.copyOf(open.keySet());
  }
}
