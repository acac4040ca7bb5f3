package dev.holdfast.domain.turns.commits;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a holder commits to its session, one unit of work (spec turns §8).
 *
 * @param expectedHeadRevision compared when given
 * @param subject what the commit is of
 * @param checkpoint the session's from now on, but for its tool_catalog_revision, which the node counts; null for the
 *     present one, with what the commit adds
 * @param usage of the model calls since the turn's last commit
 * @param completed the claims whose work the commit completes
 * @param interruptedTurn the turn whose inputs that still wait for a checkpoint wait for the next turn from now on
 * @param lastOutputSeq of the attempt; compared when given
 * @param release whether the lease is given back in the same unit of work
 * @param note the cause of a failure in words, without content, address or secret; told in the event and the output
 */
public record TurnCommit(
    Fence fence, @Nullable Long expectedHeadRevision, Subject subject, List<Entry> entries,
    @Nullable Checkpoint checkpoint,
    Usage usage, List<Completion> completed, @Nullable TurnId interruptedTurn, @Nullable Long lastOutputSeq,
    boolean release, @Nullable String note) {
  public TurnCommit {
    entries = List.copyOf(entries);
    completed = List.copyOf(completed);
    if (!(subject instanceof Subject.OfTurn) && !entries.isEmpty()) {
      throw new IllegalArgumentException("entries are of a turn");
    }
  }

  /** What a commit is of. */
  public sealed interface Subject {
    /** The session itself: a command that was applied, or no turn at all. It has no stamp. */
    record OfSession() implements Subject {}

    /** A commit of a turn, which its stamp makes repeatable. */
    sealed interface OfTurn extends Subject {
      TurnId turn();

      int attempt();
    }

    /** @param commitNo from 1, dense per attempt */
    record AtCheckpoint(TurnId turn, int attempt, int commitNo) implements OfTurn {}

    record Terminal(TurnId turn, int attempt, TurnOutcome outcome) implements OfTurn {}
  }

  /** A transcript entry to append. */
  public record Entry(TranscriptEntry.Role role, String content, TranscriptEntry.Status status) {}

  /** A claim that the commit completes: its id, its token, and what it holds. */
  public sealed interface Completion {
    String claimId();

    String token();

    record OfInputs(String claimId, String token, List<InputId> inputs) implements Completion {
      public OfInputs {
        inputs = List.copyOf(inputs);
      }
    }

    record OfBatches(String claimId, String token, List<BatchId> batches) implements Completion {
      public OfBatches {
        batches = List.copyOf(batches);
      }
    }
  }

  /** Nothing of the holder's may be left open behind it: it ends a turn, or gives the lease back. */
  public boolean isTerminal() {
    return release || subject instanceof Subject.Terminal;
  }

  /** The session's checkpoint behind it, by the one before. */
  Checkpoint checkpoint(Checkpoint present) {
    if (checkpoint != null) {
      return checkpoint;
    }
    return switch (subject) {
      case Subject.OfSession() -> present;
      case Subject.AtCheckpoint _ -> usage.equals(Usage.NONE) ? present : present.afterStep(usage);
      case Subject.Terminal _ -> present.afterTurn(usage);
    };
  }

  /** The inputs that it completes, each once, however often it names them. */
  public List<InputId> completedInputs() {
    return completed.stream().flatMap(completion -> switch (completion) {
      case Completion.OfInputs(_, _, List<InputId> inputs) -> inputs.stream();
      case Completion.OfBatches _ -> Stream.<InputId>empty();
    }).distinct().toList();
  }

  /** The batches that it completes, each once, however often it names them. */
  public List<BatchId> completedBatches() {
    return completed.stream().flatMap(completion -> switch (completion) {
      case Completion.OfInputs _ -> Stream.<BatchId>empty();
      case Completion.OfBatches(_, _, List<BatchId> batches) -> batches.stream();
    }).distinct().toList();
  }

  /** A commit with its hash, which costs more than all of its checks and needs no state. */
  public record Hashed(TurnCommit commit, String hash) {}

  /** To be called before the unit of work, which is everybody's. */
  public Hashed hashed() {
    return new Hashed(this, hash());
  }

  /** Equal for equal commits, whoever makes them and under whatever fence (spec T-71). */
  String hash() {
    TurnOutcome outcome = subject instanceof Subject.Terminal(_, _, TurnOutcome end) ? end : null;
    return Json.object(
        "outcome", outcome == null ? null : outcome.text(),
        "reason", outcome == null || outcome.reason() == null ? null : outcome.reason().code(),
        "entries", entries.stream()
            .map(e -> Json.object("role", e.role().text(), "content", e.content(), "status", e.status().text()))
            .toList(),
        "checkpoint", checkpoint == null ? null : checkpoint.json(),
        "usage", Checkpoint.usage(usage),
        "inputs", completedInputs().stream().map(InputId::value).sorted().toList(),
        "batches", completedBatches().stream().map(BatchId::value).sorted().toList(),
        "interrupted_turn", interruptedTurn == null ? null : interruptedTurn.value(),
        "last_output_seq", lastOutputSeq).fingerprint();
  }
}
