package dev.holdfast.http.relay.upstream;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.AnswerStream.Piece;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.TrueEnd;
import io.micronaut.http.MediaType;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls public providers at their addresses. */
@Singleton
@Named("upstream")
public final class UpstreamCalls implements ProviderCalls {
  private static final int MAX_ANSWER = 32 << 20;

  private final Upstream upstream;

  public UpstreamCalls(Upstream upstream) {
    this.upstream = upstream;
  }

  @Override
  public ProviderAnswer call(PublicProvider provider, InferenceRequest request) throws InterruptedException {
    try {
      Upstream.Answer answer =
          upstream.post(provider, request.path(), request.bodyFor(provider.offer().backendModel()));
      if (request.streaming() && answer.isOk() && answer.contentType().startsWith(MediaType.TEXT_EVENT_STREAM)) {
        return begun(new UpstreamStream(answer));
      }
      try (answer) {
        return new ProviderAnswer.Whole(answer.status(), answer.contentType(),
            new String(answer.all(MAX_ANSWER), StandardCharsets.UTF_8));
      }
    } catch (HttpTimeoutException e) {
      return failed("the provider did not answer in time");
    } catch (IOException e) {
      String why = e instanceof ConnectException ? "it refused the connection" : e.getClass().getSimpleName();
      return failed("the provider can't be reached: " + why);
    } catch (Credentials.Unreadable e) {
      return new ProviderAnswer.Failed(false, Reason.PROVIDER_FAILED, e.note());
    }
  }

  /** What breaks before it says anything is as good as not begun: another provider may do better. */
  private static ProviderAnswer begun(UpstreamStream stream) throws InterruptedException {
    boolean speaks = false;
    try {
      Piece first = stream.begin();
      speaks = first instanceof Piece.Event;
      return switch (first) {
        case Piece.Event _ -> new ProviderAnswer.Streamed(stream);
        case Piece.Broken(Reason _, String note) -> failed(note);
        case Piece.Ended _ -> failed("the provider ended its answer before it began");
        case Piece.Silent _ -> failed("the provider fell silent");
      };
    } finally {
      if (!speaks) {
        stream.close();
      }
    }
  }

  private static ProviderAnswer failed(String note) {
    return new ProviderAnswer.Failed(true, Reason.PROVIDER_FAILED, note);
  }

  /** The events of an answer as they come in. */
  private static final class UpstreamStream extends AnswerStream {

    private final Upstream.Answer answer;
    private final SseReader events;
    private Duration silence = Duration.ZERO;
    private @Nullable Piece first;
    private @Nullable Piece over;

    UpstreamStream(Upstream.Answer answer) {
      this.answer = answer;
      this.events = new SseReader(answer.body(), SseReader.MAX_PIECE);
    }

    /** Waits for the first piece, which is the first of {@link #next} as well. */
    Piece begin() throws InterruptedException {
      Piece piece = next(answer.idle());
      first = piece;
      return piece;
    }

    @Override
    public Piece next(Duration atMost) throws InterruptedException {
      Piece begun = first;
      if (begun != null) {
        first = null;
        return begun;
      }
      if (over != null) {
        return over;
      }
      Duration left = answer.idle().minus(silence);
      Duration wait = atMost.compareTo(left) < 0 ? atMost : left;
      try {
        String data = events.next(wait);
        silence = Duration.ZERO;
        if (data != null) {
          over = data.equals(TrueEnd.DONE) ? ENDED : over;
          return new Piece.Event(data);
        }
        over = ENDED;
      } catch (HttpTimeoutException e) {
        silence = silence.plus(wait);
        if (silence.compareTo(answer.idle()) >= 0) {
          over = new Piece.Broken(Reason.UPSTREAM_CUT, "the provider fell silent");
        }
      } catch (IOException e) {
        over = new Piece.Broken(Reason.UPSTREAM_CUT, "the provider's connection broke");
      }
      return over == null ? SILENT : over;
    }

    @Override
    public void close() {
      answer.close();
    }
  }
}
