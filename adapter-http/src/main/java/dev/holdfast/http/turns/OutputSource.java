package dev.holdfast.http.turns;

import dev.holdfast.application.turns.OutputFeed;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.StreamSource;
import dev.holdfast.http.Streams;
import java.time.Duration;
import java.util.List;

/** A turn's output from a cursor to its end (spec T-75). */
final class OutputSource implements StreamSource {
  private final OutputCursor start;
  private final OutputFeed.Following following;
  private boolean complete;

  OutputSource(OutputFeed feed, TurnId turn, Reach reach, OutputCursor after) {
    this.start = after;
    this.following = feed.follow(turn, reach, after);
  }

  @Override
  public String start() {
    return start.text();
  }

  @Override
  public List<String> next() {
    OutputFeed.Page page = switch (following.next()) {
      case Outcome.Done<OutputFeed.Page>(OutputFeed.Page found) -> found;
      case Outcome.Replayed<OutputFeed.Page>(OutputFeed.Page found) -> found;
      case Outcome.Refused<OutputFeed.Page> refused -> throw new RefusalException(refused.as());
    };
    complete = page.complete();
    OutputFeed.Gap gap = page.gap();
    if (gap != null) {
      return List.of(Streams.frame(gap.to().text(), "gap", TurnJson.of(gap)));
    }
    return page.records().stream().map(OutputSource::frame).toList();
  }

  private static String frame(OutputRecord record) {
    return Streams.frame(record.cursor().text(), "output." + record.payload().kind(), TurnJson.of(record));
  }

  @Override
  public boolean isOver() {
    return complete;
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    following.await(atMost);
  }

  @Override
  public void close() {
    following.close();
  }
}
