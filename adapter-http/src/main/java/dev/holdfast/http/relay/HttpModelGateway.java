package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ModelSink;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Calls public providers with streamed chat completions. */
@Singleton
@Named("upstream")
final class HttpModelGateway implements ModelGateway {
  private static final String DONE = "[DONE]";

  private final Upstream upstream;

  HttpModelGateway(Upstream upstream) {
    this.upstream = upstream;
  }

  @Override
  public ModelEnd call(ModelCall call, ModelSink sink) throws InterruptedException {
    try (Upstream.Answer answer = upstream.post(call.provider(), "/chat/completions", body(call))) {
      return answer.isOk() ? new Reading(answer, sink).toEnd() : failed(answer.status());
    } catch (HttpTimeoutException e) {
      return new ModelEnd.Failed(true, "the provider did not answer in time");
    } catch (IOException e) {
      String why = e instanceof ConnectException ? "it refused the connection" : e.getClass().getSimpleName();
      return new ModelEnd.Failed(true, "the provider can't be reached: " + why);
    } catch (Credentials.Unreadable e) {
      return new ModelEnd.Failed(false, e.note());
    }
  }

  /** Options are sent beside the messages; what the node itself sets can't be set by them. */
  private static Json body(ModelCall call) {
    Map<String, @Nullable Object> members = new TreeMap<>(call.options().members());
    members.remove("scripted");
    Object maxOutput = members.remove("max_output_tokens");
    if (maxOutput != null) {
      members.put("max_tokens", maxOutput);
    }
    members.put("model", call.provider().backendModel());
    members.put("messages", call.messages().stream()
        .map(message -> Json.object("role", message.role(), "content", message.content())).toList());
    members.put("stream", true);
    members.put("stream_options", Json.object("include_usage", true));
    return Json.of(members);
  }

  private static ModelEnd failed(int status) {
    boolean retry = status == 408 || status == 429 || status >= 500;
    return new ModelEnd.Failed(retry, "the provider answered with status " + status);
  }

  /** One answer being read. */
  private static final class Reading {
    private final Upstream.Answer answer;
    private final ModelSink sink;
    private boolean produced;
    private @Nullable String finish;
    private ModelEnd.@Nullable Tokens tokens;

    Reading(Upstream.Answer answer, ModelSink sink) {
      this.answer = answer;
      this.sink = sink;
    }

    ModelEnd toEnd() throws InterruptedException {
      try {
        var events = new SseReader(answer);
        for (String data = events.next(answer.idle()); data != null; data = events.next(answer.idle())) {
          if (data.equals(DONE)) {
            return finished(finish == null ? "stop" : finish);
          }
          Optional<ChatChunk> chunk = ChatChunk.parse(data);
          if (chunk.isEmpty() || chunk.get().isError()) {
            return unusable(chunk.isPresent());
          }
          take(chunk.get());
        }
      } catch (IOException e) {
        // Broken, silent or endless: it ends here, and what it was worth is decided below.
      }
      if (finish != null) {
        return finished(finish);
      }
      return produced ? new ModelEnd.Cut() : new ModelEnd.Failed(true, "the provider gave no answer");
    }

    private void take(ChatChunk chunk) {
      if (!chunk.reasoning().isEmpty()) {
        produced = true;
        sink.delta(true, chunk.reasoning());
      }
      if (!chunk.text().isEmpty()) {
        produced = true;
        sink.delta(false, chunk.text());
      }
      finish = chunk.finish() == null ? finish : chunk.finish();
      tokens = chunk.tokens() == null ? tokens : chunk.tokens();
    }

    /** A wrong event behind a part of an answer cuts it; in place of an answer it is a failure. */
    private ModelEnd unusable(boolean toldError) {
      if (produced) {
        return new ModelEnd.Cut();
      }
      return toldError
          ? new ModelEnd.Failed(true, "the provider told of an error")
          : new ModelEnd.Failed(false, "the provider's answer is not a chat completion");
    }

    private ModelEnd finished(String reason) {
      return switch (reason) {
        case "length" -> new ModelEnd.LengthReached(tokens);
        case "content_filter" -> new ModelEnd.Filtered(tokens);
        default -> new ModelEnd.Finished(tokens);
      };
    }
  }
}
