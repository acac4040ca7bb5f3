package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a user submitted. All but its state stays as it was accepted.
 *
 * @param enqueueSeq from the session's counter of inputs and batches
 * @param transcriptSequence of the entry that it made
 */
public record Input(
    InputId id, WorkerId session, long enqueueSeq, @Nullable String sourceKey, InputKind kind, String content,
    @Nullable Json options, Ingress submittedIngress, Instant enqueuedAt, long transcriptSequence, InputState state) {

  public Input in(InputState next) {
    return new Input(id, session, enqueueSeq, sourceKey, kind, content, options, submittedIngress, enqueuedAt,
        transcriptSequence, next);
  }

  /** The event that told of its acceptance gave the input its number. */
  public long eventId() {
    return id.number();
  }

  /** The turn that it waits for, or that took it; or null. */
  public @Nullable TurnId turn() {
    return state.turn();
  }

  /** The transcript entry that the input is (spec W-6). */
  public TranscriptEntry entry() {
    return new TranscriptEntry(transcriptSequence, session, kind.role(), content, eventId(), enqueuedAt,
        new TranscriptEntry.Origin.FromInput(id), TranscriptEntry.Status.FINAL);
  }
}
