package dev.holdfast.domain.workers;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading a transcript (spec W-37); from a position that was pruned it is read from the first that is left (spec W-70). */
public final class TranscriptRules {
  private TranscriptRules() {}

  /** The limit is judged before the worker is looked for. Parameters beyond it as in {@link WorkerRules#find}. */
  public static Outcome<Projection> project(
      WorkerReads state, @Nullable RuntimeId asked, WorkerId id, Reach reach, long start, int limit) {
    int max = state.runtime().orElseThrow().limits().maxTranscriptProjectionItems();
    if (limit > max) {
      return new Outcome.Refused<>(Reason.LIMIT_TOO_LARGE, Map.of("requested", limit, "max", max));
    }
    if (start < 0 || limit < 0) {
      return Outcome.invalid(start < 0 ? "start" : "limit");
    }
    return WorkerRules.find(state, asked, id, reach).map(worker -> {
      List<TranscriptEntry> items = state.transcript(id, start, limit);
      long gone = state.pruned(id).transcript();
      long end = Math.max(start, gone) + items.size();
      return new Projection(start, limit, worker.transcriptLength(), items,
          end < worker.transcriptLength() ? end : null, gone == 0 ? null : gone);
    });
  }
}
