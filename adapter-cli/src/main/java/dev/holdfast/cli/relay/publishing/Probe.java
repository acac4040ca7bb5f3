package dev.holdfast.cli.relay.publishing;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.PublicProvider;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a model answers at all, tried with the least that can be asked of it (spec R-81). */
final class Probe {
  private final ProviderCalls calls;

  Probe(ProviderCalls calls) {
    this.calls = calls;
  }

  /** @return why it doesn't, without content or a secret; null when it answers */
  @Nullable
  String fault(PublicProvider backend) throws InterruptedException {
    String chat = fault(backend, InferenceRequest.CHAT, Json.object("messages",
        List.of(Json.object("role", "user", "content", "hi")), "max_tokens", 1, "stream", false));
    if (chat == null || !chat.startsWith("status 4")) {
      return chat;
    }
    // A model that only embeds refuses to chat.
    return fault(backend, "/embeddings", Json.object("input", "hi")) == null ? null : chat;
  }

  /** Whether nobody answers at its address, be it that a model server isn't running. */
  boolean isDown(PublicProvider backend) throws InterruptedException {
    return calls.call(backend, new InferenceRequest(InferenceRequest.CHAT, Json.EMPTY_OBJECT,
        false)) instanceof ProviderAnswer.Failed failed && failed.transport();
  }

  private @Nullable String fault(PublicProvider backend, String path, Json body) throws InterruptedException {
    return switch (calls.call(backend, new InferenceRequest(path, body, false))) {
      case ProviderAnswer.Whole whole ->
        whole.isOk() ? null : "status " + whole.status() + " to a one-token completion";
      case ProviderAnswer.Streamed(AnswerStream stream) -> {
        stream.close();
        yield null;
      }
      case ProviderAnswer.Failed failed -> failed.note();
    };
  }
}
