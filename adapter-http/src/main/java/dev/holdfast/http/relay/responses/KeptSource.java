package dev.holdfast.http.relay.responses;

import dev.holdfast.application.turns.responses.ResponseReading;
import dev.holdfast.application.turns.responses.Responses;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.responses.Response;
import dev.holdfast.domain.turns.responses.ResponseEvent;
import dev.holdfast.http.StreamSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The events of a response that is kept, behind one of them, to the last (spec R-52). */
final class KeptSource implements StreamSource {
  private final Responses responses;
  private final Response response;
  private final ResponseReading reading;
  private final ResponseFrames frames;
  private long last;

  /** @param after the number of the event behind which to begin; below 0 for the first */
  KeptSource(Responses responses, Response response, long after) {
    this.responses = responses;
    this.response = response;
    this.reading = responses.read(response);
    this.frames = new ResponseFrames(ResponseHead.of(response), this::standing);
    this.last = after;
  }

  private ResponseJson.Standing standing(ResponseEvent.Ended ended) {
    Response now = responses.now(response);
    return new ResponseJson.Standing(ended.status(), ended.items(), ended.reason(), ended.note(),
        ResponseJson.usage(now), ResponseJson.endedAt(now));
  }

  /** Events have numbers of their own, and no ids. */
  @Override
  public String start() {
    return "";
  }

  @Override
  public List<String> next() {
    List<String> told = new ArrayList<>();
    do {
      for (ResponseEvent event : reading.next()) {
        if (event.sequence() > last) {
          told.add(frames.of(event));
          last = event.sequence();
        }
      }
    } while (told.isEmpty() && reading.isBehind());
    return told;
  }

  @Override
  public boolean isOver() {
    return reading.isOver();
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    if (!reading.isOver()) {
      reading.await(atMost);
    }
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
    reading.close();
  }
}
