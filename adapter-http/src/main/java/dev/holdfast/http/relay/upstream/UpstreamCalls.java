package dev.holdfast.http.relay.upstream;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream.Piece;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.PublicProvider;
import io.micronaut.http.MediaType;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;

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
}
