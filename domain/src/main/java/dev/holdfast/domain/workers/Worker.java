package dev.holdfast.domain.workers;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An agent in the catalogue, without the lists of its request.
 *
 * @param owner the subject whose key created it; never changes (spec W-12)
 * @param transcriptLength entries of its transcript, which is also the sequence of the last one
 * @param lastEventId the last event of its feed
 */
public record Worker(
    WorkerId id, String owner, WorkerStatus status, WorkerIntent intent, ProfileSelector profile,
    @Nullable String model, Execution execution, int capabilityCount, boolean hasConfigBundle, long transcriptLength,
    long lastEventId, Instant createdAt) {

  /** Its feed has a new last event. */
  public Worker at(long eventId) {
    return moved(status, transcriptLength, eventId);
  }

  /** Its transcript has grown. */
  public Worker withEntries(int added, long eventId) {
    return moved(status, transcriptLength + added, eventId);
  }

  public Worker ended(WorkerStatus as, long eventId) {
    return moved(as, transcriptLength, eventId);
  }

  /** What of a worker ever changes. */
  public Worker moved(WorkerStatus newStatus, long newTranscriptLength, long newLastEventId) {
    return new Worker(id, owner, newStatus, intent, profile, model, execution, capabilityCount, hasConfigBundle,
        newTranscriptLength, newLastEventId, createdAt);
  }
}
