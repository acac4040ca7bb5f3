package dev.holdfast.domain.relay.publishing;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishers.Registration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node for which a publisher works (spec relay §13). A refusal is the node's own reason; node_unreachable where there is no
 * answer, and then nobody knows whether the call was heard. Calls may be made on many threads at once; interrupting one ends it.
 */
public interface PublishingNode {

  /**
   * Who the publisher is from now on.
   *
   * @param as with the secret that it shows, new or known
   * @param providers the names of the providers that were registered, in the order of the registration
   */
  record Registered(Registration.Presented as, List<String> providers) {
    public Registered {
      providers = List.copyOf(providers);
    }
  }

  /**
   * Registers all entries or none.
   *
   * @param as who the publisher is already; null for one that comes for the first time
   * @param label how people know the machine
   * @return invalid_publisher when the node doesn't know it by that; other refusals name the entry by its index
   */
  Outcome<Registered> register(
      Registration.@Nullable Presented as, @Nullable String label, List<Registration.Entry> entries)
      throws InterruptedException;

  /** @param statuses what is to be told of some of the providers, by name */
  Outcome<Boolean> heartbeat(Registration.Presented as, Map<String, Status> statuses) throws InterruptedException;

  /** Opens the publisher's link; the node closes the one before. Whoever has it closes it. */
  Outcome<NodeLink> open(Registration.Presented as) throws InterruptedException;

  /** @return task_not_found when the attempt isn't the publisher's any more, chunk_gap with {@code expected_seq}, and so on */
  Outcome<Boolean> post(Registration.Presented as, AttemptPost post) throws InterruptedException;

  /**
   * Begins to send the chunks of an attempt in one call, which goes on while they come. A node that can't take them so refuses
   * it at the end; they can be posted then. Whoever has it closes it.
   */
  ChunkUpload upload(Registration.Presented as, AttemptPost.Attempt attempt);
}
