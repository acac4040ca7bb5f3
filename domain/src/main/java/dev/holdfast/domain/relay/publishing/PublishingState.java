package dev.holdfast.domain.relay.publishing;

import dev.holdfast.domain.relay.VirtualProvider.Status;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a publisher fares, as its user may see it. */
public record PublishingState(Link link, List<Provider> providers) {
  public PublishingState {
    providers = List.copyOf(providers);
  }

  /** The way to the node. */
  public sealed interface Link {}

  public record Connecting() implements Link {}

  public record Open(String publisher) implements Link {}

  /** @param reason the node's, or node_unreachable */
  public record Waiting(String reason, Duration pause) implements Link {}

  /** No new tasks are taken; those under way are finished. */
  public record Draining() implements Link {}

  public record Closed() implements Link {}

  /**
   * @param done tasks that ended with an answer
   * @param failed tasks that did not, cancelled ones left out
   * @param note why the last one failed
   */
  public record Provider(
      String name, String model, Status status, int inFlight, long done, long failed, @Nullable String note) {}
}
