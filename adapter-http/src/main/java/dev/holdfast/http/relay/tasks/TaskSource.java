package dev.holdfast.http.relay.tasks;

import dev.holdfast.application.relay.tasks.TaskRing;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.tasks.TaskEvent;
import dev.holdfast.http.StreamSource;
import dev.holdfast.http.Streams;
import java.time.Duration;
import java.util.List;

/** A task's chunks as they come, to its end. */
final class TaskSource implements StreamSource {
  private final TaskRing.Reader reader;
  private final String start;

  /** @param start the id of the last frame that the reader has seen */
  TaskSource(TaskRing.Reader reader, String start) {
    this.reader = reader;
    this.start = start;
  }

  @Override
  public String start() {
    return start;
  }

  @Override
  public List<String> next() {
    return reader.next().stream().map(TaskSource::frame).toList();
  }

  /** A frame's id is the attempt and the chunk behind which a reader goes on. */
  private static String frame(TaskEvent event) {
    return switch (event) {
      case TaskEvent.Chunk(int epoch, long seq, String data) ->
        Streams.frame(epoch + "." + seq, "chunk", Json.object("epoch", epoch, "seq", seq, "data", data));
      case TaskEvent.Restarted(int epoch) ->
        Streams.frame(epoch + ".0", "restarted", Json.object("epoch", epoch));
      case TaskEvent.Gap(int epoch, long seq) ->
        Streams.frame(epoch + "." + (seq - 1), "gap", Json.object("epoch", epoch, "seq", seq));
      case TaskEvent.End end -> "event: end\ndata: " + TaskJson.end(end.task()).text() + "\n\n";
    };
  }

  @Override
  public boolean isOver() {
    return reader.isOver();
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    reader.await(atMost);
  }

  @Override
  public void close() {
    // Nothing is held for a reader.
  }
}
