package dev.holdfast.domain.turns;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The terminal commit of a turn: one unit of work (spec turns §8).
 *
 * @param expectedHeadRevision compared when given
 * @param completed the claims whose work the commit completes
 * @param lastOutputSeq of the attempt; compared when given
 * @param release whether the lease is given back in the same unit of work
 * @param note the cause of a failure in words, without content, address or secret; told in the event and the output
 */
public record TurnCommit(
    Fence fence, @Nullable Long expectedHeadRevision, TurnId turn, int attempt, TurnOutcome outcome,
    List<Entry> entries, Checkpoint checkpoint, Usage usage, List<CompletedClaim> completed,
    @Nullable Long lastOutputSeq, boolean release, @Nullable String note) {

  /** A commit whose outcome needs no words. */
  public TurnCommit(Fence fence, @Nullable Long expectedHeadRevision, TurnId turn, int attempt, TurnOutcome outcome,
      List<Entry> entries, Checkpoint checkpoint, Usage usage, List<CompletedClaim> completed,
      @Nullable Long lastOutputSeq, boolean release) {
    this(fence, expectedHeadRevision, turn, attempt, outcome, entries, checkpoint, usage, completed, lastOutputSeq,
        release, null);
  }

  public TurnCommit {
    entries = List.copyOf(entries);
    completed = List.copyOf(completed);
  }

  /** A transcript entry to append. */
  public record Entry(TranscriptEntry.Role role, String content, TranscriptEntry.Status status) {}

  /** A claim that the commit completes, by its id and token, and what it holds. */
  public record CompletedClaim(String id, String token, List<InputId> inputs) {
    public CompletedClaim {
      inputs = List.copyOf(inputs);
    }
  }

  /** Equal for equal commits, whoever makes them and under whatever fence (spec T-71). */
  String hash() {
    return Json.object(
        "outcome", outcome.text(),
        "reason", outcome.reason() == null ? null : outcome.reason().code(),
        "entries", entries.stream()
            .map(e -> Json.object("role", e.role().text(), "content", e.content(), "status", e.status().text()))
            .toList(),
        "checkpoint", checkpoint.json(),
        "usage", Checkpoint.usage(usage),
        "completed", completed.stream().flatMap(c -> c.inputs().stream()).map(InputId::value).sorted().toList(),
        "last_output_seq", lastOutputSeq).fingerprint();
  }
}
