package dev.holdfast.http.relay.responses;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.AnswerStream.Piece;
import dev.holdfast.domain.relay.TrueEnd;
import dev.holdfast.domain.turns.responses.ResponseEvent;
import dev.holdfast.http.StreamSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** A provider's streamed answer as the events of a response that isn't kept. */
final class DirectSource implements StreamSource {
  private final AnswerStream stream;
  private final DirectAnswer answer = new DirectAnswer();
  private final ResponseFrames frames;
  private final List<String> ready = new ArrayList<>();
  private long last = -1;
  private boolean begun;
  private boolean over;

  DirectSource(AnswerStream stream, ResponseHead head, InstantSource clock) {
    this.stream = stream;
    this.frames = new ResponseFrames(head, ended -> answer.standing(ended, clock.instant()));
  }

  private void tell(List<ResponseEvent> events) {
    for (ResponseEvent event : events) {
      ready.add(frames.of(event));
      last = event.sequence();
    }
  }

  @Override
  public String start() {
    return "";
  }

  @Override
  public List<String> next() {
    if (!begun) {
      // Not before whoever closes this has it: it is what ends the provider's answer.
      begun = true;
      tell(answer.begin());
    }
    List<String> told = List.copyOf(ready);
    ready.clear();
    return told;
  }

  @Override
  public boolean isOver() {
    return over && ready.isEmpty();
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    switch (stream.next(atMost)) {
      case Piece.Event(String data) when data.equals(TrueEnd.DONE) -> {
        answer.done();
        end(Reason.UPSTREAM_CUT);
      }
      case Piece.Event(String data) -> {
        List<ResponseEvent> events = answer.take(data);
        if (events == null) {
          end(Reason.PROVIDER_FAILED);
        } else {
          tell(events);
        }
      }
      case Piece.Ended _ -> end(Reason.UPSTREAM_CUT);
      case Piece.Broken(Reason reason, _) -> end(reason);
      case Piece.Silent _ -> {
        // Not yet.
      }
    }
  }

  private void end(Reason reason) {
    tell(answer.end(reason));
    over = true;
  }

  @Override
  public String error(String id, Reason reason) {
    return ResponseFrames.error(reason, last);
  }

  @Override
  public String bye(String id) {
    return ResponseFrames.error(Reason.NODE_DRAINING, last);
  }

  @Override
  public void close() {
    stream.close();
  }
}
