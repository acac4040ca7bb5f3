package dev.holdfast.domain.turns;

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
  }

  /** What a commit answers. */
  public record Result(long headRevision, Checkpoint checkpoint, long eventId, List<Long> transcriptSequences) {
    public Result {
      transcriptSequences = List.copyOf(transcriptSequences);
    }
  }
}
