package dev.holdfast.domain.integrity.pruning;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are before an instant: those whose own instant is earlier, never one that is equal. Whatever is open or waits is
 * before no instant, and no instant of a row is told by another row but a turn's end.
 */
final class Age {
  private final TurnReads state;
  private final Instant before;

  Age(TurnReads state, Instant before) {
    this.state = state;
    this.before = before;
  }

  /** When it was written; the feed of what is open or waits begins with the event that made it. */
  boolean isOver(Event event) {
    return event.at().isBefore(before) && !isOpen(event);
  }

  private boolean isOpen(Event event) {
    return switch (event.name()) {
      case WORKER_INPUT_ACCEPTED -> state.input(new InputId(event.id()))
          .filter(input -> !hasEnded(input)).isPresent();
      case QUEUE_ENQUEUED -> state.batch(new BatchId(event.id()))
          .filter(batch -> !batch.state().isEnded()).isPresent();
      case TURN_STARTED -> state.turn(new TurnId(event.id())).filter(Turn::isOpen).isPresent();
      // What else is told of them comes behind their first event.
      default -> false;
    };
  }

  /** When it was written. */
  boolean isOver(TranscriptEntry entry) {
    return entry.at().isBefore(before);
  }

  /** When it ended. */
  boolean isOver(Turn turn) {
    return turn.state() instanceof Turn.State.Ended(_, Instant at, _) && at.isBefore(before);
  }

  /** When it was enqueued, and when the turn ended that took it. */
  boolean isOver(Input input) {
    return hasEnded(input) && input.enqueuedAt().isBefore(before) && isOver(input.turn());
  }

  /** When it was enqueued, and when the turn ended that took it. */
  boolean isOver(Batch batch) {
    return batch.state().isEnded() && batch.enqueuedAt().isBefore(before) && isOver(batch.turn());
  }

  private boolean isOver(@Nullable TurnId turn) {
    return turn == null || state.turn(turn).filter(this::isOver).isPresent();
  }

  private static boolean hasEnded(Input input) {
    return switch (input.state()) {
      case InputState.Completed _,InputState.Cancelled _ -> true;
      case InputState.Pending _,InputState.Deferred _,InputState.Claimed _,InputState.Bound _,InputState.Accepted _ ->
        false;
    };
  }

  /** When it was sealed; a record that can't be read any more is evidence and stays. */
  boolean isOver(AuditRecord entry) {
    String at = entry.member("at");
    try {
      return at != null && Instant.parse(at).isBefore(before);
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** When it was noted. */
  boolean isOver(Diagnostic diagnostic) {
    return diagnostic.at().isBefore(before);
  }
}
