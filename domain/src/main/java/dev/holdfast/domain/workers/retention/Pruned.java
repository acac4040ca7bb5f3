package dev.holdfast.domain.workers.retention;

import dev.holdfast.domain.Texts;
import dev.holdfast.domain.WorkerId;

/**
 * Up to where what a worker had was pruned (spec W-70, I-90). Always a prefix, and no mark ever goes back; the numbers of what
 * is gone are never given again.
 *
 * @param transcript the sequence of the last entry that is gone
 * @param work the enqueue_seq up to which inputs and batches are forgotten: nobody finds them any more and their source keys
 *     are free, but what turns took of them is still said in later turns' context
 * @param batches the enqueue_seq up to which forgotten batches aren't said any more either; for inputs the transcript's mark
 *     tells that
 * @param output the index of the last turn whose output is gone
 */
public record Pruned(WorkerId worker, long transcript, long work, long batches, long output) {
  public Pruned {
    Texts.requireAtLeast(transcript, 0, "a mark");
    Texts.requireAtLeast(work, 0, "a mark");
    Texts.requireAtLeast(batches, 0, "a mark");
    Texts.requireAtLeast(output, 0, "a mark");
  }

  /** Of a worker that has everything it ever had. */
  public static Pruned nothing(WorkerId worker) {
    return new Pruned(worker, 0, 0, 0, 0);
  }

  /** What either of them says is gone. */
  public Pruned and(Pruned other) {
    return new Pruned(worker, Math.max(transcript, other.transcript), Math.max(work, other.work),
        Math.max(batches, other.batches), Math.max(output, other.output));
  }
}
