package dev.holdfast.http.relay.upstream;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
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
        return new ProviderAnswer.Streamed(new UpstreamStream(answer));
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

  private static ProviderAnswer failed(String note) {
    return new ProviderAnswer.Failed(true, Reason.PROVIDER_FAILED, note);
  }

  /** The events of an answer as they come in. */
  private static final class UpstreamStream extends AnswerStream {

    private final Upstream.Answer answer;
    private final SseReader events;
    private Duration silence = Duration.ZERO;
    private @Nullable Piece over;

    UpstreamStream(Upstream.Answer answer) {
      this.answer = answer;
      this.events = new SseReader(answer.body());
    }

    @Override
    public Piece next(Duration atMost) throws InterruptedException {
      if (over != null) {
        return over;
      }
      try {
        String data = events.next(atMost);
        silence = Duration.ZERO;
        if (data != null) {
          over = data.equals(TrueEnd.DONE) ? ENDED : over;
          return new Piece.Event(data);
        }
        over = ENDED;
      } catch (HttpTimeoutException e) {
        silence = silence.plus(atMost);
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
