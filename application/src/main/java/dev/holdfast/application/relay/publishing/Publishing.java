package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.LinkFrame;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.NodeLink;
import dev.holdfast.domain.relay.publishing.PublishingEnd;
import dev.holdfast.domain.relay.publishing.PublishingNode;
import dev.holdfast.domain.relay.publishing.PublishingState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the models of this machine to a node: registers, keeps the link open, and has what comes over it worked on (spec relay
 * §10). A lost link is opened again, with the same identity, for as long as it takes.
 */
public final class Publishing {
  private final PublishingNode node;
  private final Plan plan;
  private final Timing timing;
  private final DoubleSupplier jitter;
  private final Tally tally;
  private final Attempts attempts;
  private volatile Registration.@Nullable Presented identity;
  private boolean wasRegistered;

  // Guarded by this.
  private boolean stopping;
  private @Nullable NodeLink open;

  /**
   * What is served, and by whom.
   *
   * @param label how people know this machine
   * @param known who the publisher is already; empty for a new one
   * @param keep makes a new identity durable; the link isn't opened before it has returned
   */
  public record Plan(@Nullable String label, List<Serving> servings, Optional<Registration.Presented> known,
      Consumer<Registration.Presented> keep) {
    public Plan {
      servings = List.copyOf(servings);
    }
  }

  /**
   * @param jitter numbers from 0 to 1, so that not all publishers come back at once
   * @param listener hears of every change, on the thread that made it
   */
  public Publishing(PublishingNode node, ProviderCalls calls, Plan plan, Timing timing, DoubleSupplier jitter,
      Consumer<PublishingState> listener) {
    this.node = node;
    this.plan = plan;
    this.timing = timing;
    this.jitter = jitter;
    this.identity = plan.known().orElse(null);
    this.tally = new Tally(plan.servings(), listener);
    this.attempts = new Attempts(node, calls, plan.servings(), timing, tally);
  }

  /** Publishes until it is stopped or there is no use in going on. Its thread reads the link. */
  public PublishingEnd run() throws InterruptedException {
    int tries = 0;
    try {
      while (true) {
        Outcome<NodeLink> linked = link();
        String why;
        if (linked instanceof Outcome.Refused<NodeLink> refused) {
          if (isFinal(refused.reason())) {
            return new PublishingEnd.Refused(refused);
          }
          why = refused.reason().code();
        } else {
          Optional<LinkFrame.Why> bye = served(linked.orThrow(), Objects.requireNonNull(identity));
          if (bye.equals(Optional.of(LinkFrame.Why.REPLACED))) {
            return new PublishingEnd.Replaced();
          }
          why = bye.map(LinkFrame.Why::text).orElse(Reason.NODE_UNREACHABLE.code());
          tries = 0;
        }
        if (isDrained() || paused(tries++, why) || isDrained()) {
          return new PublishingEnd.Stopped();
        }
      }
    } finally {
      attempts.abandon();
      tally.link(new PublishingState.Closed());
    }
  }

  /** Whether it was stopped meanwhile. */
  private boolean paused(int tries, String why) throws InterruptedException {
    Duration pause = timing.pause(tries).multipliedBy(75 + Math.round(jitter.getAsDouble() * 50)).dividedBy(100);
    tally.link(new PublishingState.Waiting(why, pause));
    return stopsWithin(pause);
  }

  private synchronized boolean stopsWithin(Duration pause) throws InterruptedException {
    long until = System.nanoTime() + pause.toNanos();
    for (long left = pause.toMillis(); !stopping && left > 0; left = (until - System.nanoTime()) / 1_000_000) {
      wait(left);
    }
    return stopping;
  }

  /** Before the first registration what is wrong is told at once, so that its user can mend it. */
  private boolean isFinal(Reason reason) {
    if (reason == Reason.INVALID_PUBLISHER) {
      return false;
    }
    return switch (reason.kind()) {
      case INVALID, UNPROCESSABLE, FORBIDDEN, UNAUTHENTICATED, METHOD_NOT_ALLOWED, NOT_FOUND -> true;
      case CONFLICT -> !wasRegistered && reason != Reason.NAME_ACTIVE_ELSEWHERE && reason != Reason.PROVIDER_BUSY;
      case UNREACHABLE -> false;
      case OK, OUTCOME, REQUEST_TIMEOUT, PRECONDITION_FAILED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, OVER_CAPACITY,
          HEADERS_TOO_LARGE, INTERNAL, BAD_UPSTREAM, UNAVAILABLE, TIMED_OUT, STORAGE_FULL, STORE_DAMAGED ->
        false;
    };
  }

  private Outcome<NodeLink> link() throws InterruptedException {
    tally.link(new PublishingState.Connecting());
    Outcome<PublishingNode.Registered> registered = register(identity);
    if (identity != null && isUnknown(registered)) {
      // The node has another store than before, or has forgotten: a new publisher with the same providers.
      registered = register(null);
    }
    if (registered instanceof Outcome.Refused<PublishingNode.Registered> refused) {
      return refused.as();
    }
    Registration.Presented as = registered.orThrow().as();
    if (!as.equals(identity)) {
      plan.keep().accept(as);
      identity = as;
    }
    wasRegistered = true;
    return node.open(as);
  }

  private static boolean isUnknown(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?> refused && refused.reason() == Reason.INVALID_PUBLISHER;
  }

  private Outcome<PublishingNode.Registered> register(Registration.@Nullable Presented as)
      throws InterruptedException {
    Map<String, Status> statuses = tally.statuses();
    return node.register(as, plan.label(), plan.servings().stream()
        .map(one -> new Registration.Entry(one.offer(), statuses.getOrDefault(one.name(), one.initial()))).toList());
  }

  /** Reads frames until the link is gone; the answer is the node's reason if it gave one. */
  private Optional<LinkFrame.Why> served(NodeLink link, Registration.Presented as) throws InterruptedException {
    synchronized (this) {
      open = link;
      if (stopping) {
        link.close();
      }
    }
    var heartbeat = new Heartbeat(node, as, tally, link::close);
    try (link; heartbeat) {
      tally.link(new PublishingState.Open(as.publisher()));
      while (true) {
        Optional<LinkFrame> frame = link.next();
        if (frame.isEmpty()) {
          return Optional.empty();
        }
        switch (frame.get()) {
          case LinkFrame.Hello hello -> heartbeat.start(hello.heartbeat());
          case LinkFrame.Infer infer -> attempts.begin(as, infer);
          case LinkFrame.Wake wake -> attempts.wake(as, wake);
          case LinkFrame.Cancel cancel -> attempts.cancel(as, cancel);
          case LinkFrame.Bye(LinkFrame.Why why) -> {
            return Optional.of(why);
          }
        }
      }
    } finally {
      synchronized (this) {
        open = null;
      }
    }
  }

  /** With a link that is lost meanwhile nothing new is begun: what is under way ends, or its time is over. */
  private synchronized boolean isDrained() throws InterruptedException {
    while (tally.isDraining() && !stopping) {
      wait();
    }
    return stopping;
  }

  /**
   * Takes no more tasks, gives those under way that long to end, and closes the link (spec R-86). {@link #run} returns after it.
   * For another thread than its.
   */
  public void stop(Duration grace) throws InterruptedException {
    attempts.refuse();
    tally.drain();
    Registration.Presented as = identity;
    if (as != null && isOpen()) {
      var _ = node.heartbeat(as, tally.statuses());
    }
    attempts.awaitNone(grace);
    synchronized (this) {
      stopping = true;
      notifyAll();
      if (open != null) {
        open.close();
      }
    }
  }

  private synchronized boolean isOpen() {
    return open != null;
  }

  public PublishingState state() {
    return tally.state();
  }
}
