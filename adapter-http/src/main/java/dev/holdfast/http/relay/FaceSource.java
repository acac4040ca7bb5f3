package dev.holdfast.http.relay;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.AnswerStream.Piece;
import dev.holdfast.domain.relay.NamedModel;
import dev.holdfast.domain.relay.TrueEnd;
import dev.holdfast.http.StreamSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A provider's streamed answer under the name that the caller used, event by event, with a truthful end (spec R-46). */
final class FaceSource implements StreamSource {
  private static final Pattern ERROR = Pattern.compile("^\\{\\s*\"error\"\\s*:\\s*[{\"]");

  private final AnswerStream stream;
  private final NamedModel model;
  private final List<String> ready = new ArrayList<>();
  private boolean finished;
  private boolean over;

  FaceSource(AnswerStream stream, String model) {
    this.stream = stream;
    this.model = new NamedModel(model);
  }

  /** A chat completion's events have no ids. */
  @Override
  public String start() {
    return "";
  }

  @Override
  public List<String> next() {
    List<String> frames = List.copyOf(ready);
    ready.clear();
    return frames;
  }

  @Override
  public boolean isOver() {
    return over && ready.isEmpty();
  }

  /** Takes the provider's next event, which is what this stream waits for. */
  @Override
  public void await(Duration atMost) throws InterruptedException {
    await(atMost, _ -> false);
  }

  @Override
  public void await(Duration atMost, Predicate<String> reader) throws InterruptedException {
    switch (stream.next(atMost, data -> pass(data, reader))) {
      case Piece.Event(String data) -> take(data);
      case Piece.Ended _ -> end(Reason.UPSTREAM_CUT);
      case Piece.Broken(Reason reason, _) -> end(reason);
      case Piece.Silent _ -> {
        // Not yet.
      }
    }
  }

  /** Anything but a usual event takes the longer way. */
  private boolean pass(String data, Predicate<String> reader) {
    if (!data.startsWith("{") || ERROR.matcher(data).find() || !reader.test(frame(data))) {
      return false;
    }
    finished = TrueEnd.isTold(finished, data);
    return true;
  }

  private String frame(String data) {
    return ChatFrames.of(model.in(data));
  }

  private void take(String data) {
    if (data.equals(TrueEnd.DONE)) {
      finished = true;
      end(Reason.UPSTREAM_CUT);
    } else if (!data.startsWith("{")) {
      // Not an event of a completion, so nothing behind it can be trusted.
      finished = false;
      end(Reason.UPSTREAM_CUT);
    } else {
      ready.add(frame(data));
      finished = TrueEnd.isTold(finished, data);
      over = ERROR.matcher(data).find();
    }
  }

  private void end(Reason reason) {
    ready.add(finished ? ChatFrames.of(TrueEnd.DONE) : ChatFrames.error(reason));
    over = true;
  }

  @Override
  public String error(String id, Reason reason) {
    return ChatFrames.error(reason);
  }

  @Override
  public String bye(String id) {
    return ChatFrames.error(Reason.NODE_DRAINING);
  }

  @Override
  public void close() {
    stream.close();
  }
}
