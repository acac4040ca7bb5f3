package dev.holdfast.domain.turns.commits;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import java.util.List;

/**
 * Proof that a commit was made, so that its retry is answered with the stored result.
 *
 * @param hash of the commit
 */
public record Stamp(Key key, String hash, Result result) {
  /** A commit within its session; a turn has one terminal commit, whichever attempt makes it. */
  public record Key(WorkerId session, TurnId turn, int attempt, int commitNo) {
    public static Key terminal(WorkerId session, TurnId turn) {
      return new Key(session, turn, 0, 0);
    }

    static Key of(WorkerId session, TurnCommit.Subject.OfTurn commit) {
      return switch (commit) {
        case TurnCommit.Subject.AtCheckpoint(TurnId turn, int attempt, int commitNo) ->
          new Key(session, turn, attempt, commitNo);
        case TurnCommit.Subject.Terminal(TurnId turn, _, _) -> terminal(session, turn);
      };
    }
  }

  /**
   * What a commit answers.
   *
   * @param eventId of the commit's event
   * @param lastOutputSeq of the attempt, with the records that the commit wrote; 0 for a commit of no turn
   */
  public record Result(
      long headRevision, Checkpoint checkpoint, long eventId, List<Long> transcriptSequences, long lastOutputSeq) {
    public Result {
      transcriptSequences = List.copyOf(transcriptSequences);
    }
  }
}
