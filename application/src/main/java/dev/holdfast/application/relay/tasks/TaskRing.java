package dev.holdfast.application.relay.tasks;

import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest chunks of a kept task's answer, for those who follow it (spec R-24). It takes whatever comes and forgets the oldest;
 * a reader that is too far behind is told that it has missed some.
 */
public final class TaskRing {
  static final long MAX_BYTES = 1 << 20;

  // All guarded by this.
  private final Deque<TaskEvent.Chunk> chunks = new ArrayDeque<>();
  private long bytes;
  private int epoch;
  private long last;
  private @Nullable InferenceTask end;

  synchronized void begin(int attempt) {
    epoch = attempt;
    last = 0;
    bytes = 0;
    chunks.clear();
    notifyAll();
  }

  synchronized void add(int attempt, String data) {
    if (attempt != epoch) {
      return;
    }
    chunks.add(new TaskEvent.Chunk(epoch, ++last, data));
    bytes += size(data);
    while (bytes > MAX_BYTES && chunks.size() > 1) {
      bytes -= size(chunks.remove().data());
    }
    notifyAll();
  }

  private static long size(String data) {
    return data.getBytes(StandardCharsets.UTF_8).length;
  }

  /** @param task as it ended */
  synchronized void end(InferenceTask task) {
    end = task;
    notifyAll();
  }

  /** A ring of a task whose chunks nobody has kept. */
  static TaskRing ended(InferenceTask task) {
    var ring = new TaskRing();
    ring.epoch = task.epoch();
    ring.last = lastChunk(task);
    ring.end = task;
    return ring;
  }

  private static long lastChunk(InferenceTask task) {
    return switch (task.state()) {
      case InferenceTask.State.Completed done -> done.by().lastChunk();
      case InferenceTask.State.Failed failed -> failed.by() == null ? 0 : failed.by().lastChunk();
      case InferenceTask.State.Cancelled cancelled -> cancelled.by() == null ? 0 : cancelled.by().lastChunk();
      case InferenceTask.State.Pending _,InferenceTask.State.Claimed _,InferenceTask.State.Running _ -> 0;
    };
  }

  /** One who follows the task. It is read on one thread. */
  public final class Reader {
    // Guarded by the ring.
    private int seenEpoch;
    private long seenSeq;
    private boolean over;

    private Reader(int seenEpoch, long seenSeq) {
      this.seenEpoch = seenEpoch;
      this.seenSeq = seenSeq;
    }

    /** What came since the last look. */
    public List<TaskEvent> next() {
      synchronized (TaskRing.this) {
        List<TaskEvent> events = new ArrayList<>();
        if (over) {
          return events;
        }
        if (seenEpoch != epoch && epoch > 0) {
          if (seenEpoch > 0) {
            events.add(new TaskEvent.Restarted(epoch));
          }
          seenEpoch = epoch;
          seenSeq = 0;
        }
        long oldest = chunks.isEmpty() ? last + 1 : chunks.getFirst().seq();
        if (seenSeq + 1 < oldest) {
          events.add(new TaskEvent.Gap(epoch, oldest));
        }
        chunks.stream().filter(chunk -> chunk.seq() > seenSeq).forEach(events::add);
        seenSeq = last;
        if (end != null) {
          events.add(new TaskEvent.End(end));
          over = true;
        }
        return events;
      }
    }

    public boolean isOver() {
      synchronized (TaskRing.this) {
        return over;
      }
    }

    /** Waits for news, or until the time is over. */
    public void await(Duration atMost) throws InterruptedException {
      synchronized (TaskRing.this) {
        long until = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toMillis(); isQuiet() && left > 0;) {
          TaskRing.this.wait(left);
          left = (until - System.nanoTime()) / 1_000_000;
        }
      }
    }

    private boolean isQuiet() {
      return end == null && (epoch == 0 || (seenEpoch == epoch && seenSeq == last));
    }
  }

  /**
   * @param seenEpoch the attempt of the last chunk that the reader has seen, 0 for none
   * @param seenSeq its number
   */
  public Reader reader(int seenEpoch, long seenSeq) {
    return new Reader(seenEpoch, seenSeq);
  }
}
