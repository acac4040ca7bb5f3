package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Relayed;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.http.StreamSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer that begins while its call waits: comments tell its place in the queue, then comes what the provider says.
 * What would have been an error status is an error within the stream.
 */
final class QueuedSource implements StreamSource {
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final QueuedCall call;
  private final DirectCalls.Face face;
  private final List<String> notices = new ArrayList<>();
  private @Nullable StreamSource answer;

  QueuedSource(QueuedCall call, DirectCalls.Face face) {
    this.call = call;
    this.face = face;
    notice();
  }

  private void notice() {
    int place = call.place();
    if (place > 0) {
      notices.add(": queued place=" + place + " wait_s=" + call.waited().toSeconds() + "\n\n");
    }
  }

  /** What is said in place of an answer that there is none of. */
  private static final class Told extends AnswerStream {
    private final Piece piece;

    Told(Piece piece) {
      this.piece = piece;
    }

    @Override
    public Piece next(Duration atMost) {
      return piece;
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private static AnswerStream stream(Outcome<Relayed> outcome) {
    return switch (outcome) {
      case Outcome.Refused<Relayed> refused -> refused(refused.reason());
      case Outcome<Relayed> done -> switch (done.orThrow().answer()) {
        case ProviderAnswer.Streamed(AnswerStream stream) -> stream;
        case ProviderAnswer.Failed failed -> refused(failed.reason());
        case ProviderAnswer.Whole whole -> new Told(error(whole));
      };
    };
  }

  private static AnswerStream refused(Reason reason) {
    return new Told(new AnswerStream.Piece.Broken(reason, reason.title()));
  }

  /** An answer in one piece to a call that asked for a stream is an error, the provider's own where it has told one. */
  private static AnswerStream.Piece error(ProviderAnswer.Whole whole) {
    try {
      Object error = whole.status() == 401 || whole.status() == 403 ? null
          : Json.parse(whole.body()).members().get("error");
      if (error != null) {
        return new AnswerStream.Piece.Event(Json.object("error", error).text());
      }
    } catch (JsonException e) {
      // A provider may answer with whatever it likes.
    }
    return new AnswerStream.Piece.Broken(Reason.PROVIDER_FAILED, whole.note());
  }

  @Override
  public String start() {
    return "";
  }

  @Override
  public List<String> next() {
    List<String> frames = new ArrayList<>(notices);
    notices.clear();
    if (answer != null) {
      frames.addAll(answer.next());
    }
    return frames;
  }

  @Override
  public boolean isOver() {
    return answer != null && notices.isEmpty() && answer.isOver();
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    await(atMost, _ -> false);
  }

  @Override
  public void await(Duration atMost, Predicate<String> reader) throws InterruptedException {
    if (answer != null) {
      answer.await(atMost, reader);
      return;
    }
    Optional<Outcome<Relayed>> outcome = call.await(atMost.compareTo(AGAIN) < 0 ? atMost : AGAIN);
    if (outcome.isPresent()) {
      answer = face.streamed(stream(outcome.get()));
    } else {
      notice();
    }
  }

  private StreamSource answerOr(Reason reason) {
    return answer == null ? face.streamed(refused(reason)) : answer;
  }

  @Override
  public String error(String id, Reason reason) {
    return answerOr(reason).error(id, reason);
  }

  @Override
  public String bye(String id) {
    return answerOr(Reason.NODE_DRAINING).bye(id);
  }

  @Override
  public void close() {
    try (call) {
      if (answer != null) {
        answer.close();
      }
    }
  }
}
