package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Departure;
import dev.holdfast.http.RequestIds;
import dev.holdfast.http.Streams;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hands a chat completion to a provider and its answer back. Nothing is kept of either. */
@Singleton
final class ChatRelay {
  private static final int MAX_ANSWER = 32 << 20;
  /**
   * The member's name and value. Within a JSON text every quotation mark is escaped, so this is found nowhere but at a
   * member.
   */
  private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"(?:[^\"\\\\]|\\\\.)*+\"");

  private final Upstream upstream;
  private final Streams streams;

  ChatRelay(Upstream upstream, Streams streams) {
    this.upstream = upstream;
    this.streams = streams;
  }

  /** The caller's leaving ends the call, also while the provider is silent. */
  MutableHttpResponse<?> answer(Inference inference, Provider provider) throws InterruptedException {
    HttpRequest<?> request = inference.request();
    ChatRequest asked = inference.asked();
    try (var _ = Departure.interrupts(request)) {
      Upstream.Answer answer = upstream.post(provider, "/chat/completions", asked.to(provider.backendModel()));
      boolean streamed = asked.stream() && answer.isOk();
      if (streamed && answer.contentType().startsWith(MediaType.TEXT_EVENT_STREAM)) {
        return stream(inference, answer);
      }
      try (answer) {
        return whole(request, answer, asked);
      }
    } catch (IOException | Credentials.Unreadable e) {
      return Answers.refused(request, Reason.PROVIDER_FAILED);
    }
  }

  private MutableHttpResponse<?> stream(Inference inference, Upstream.Answer answer) {
    try {
      return streams.answer(inference.request(), inference.call().key().id(),
          inference.seated(() -> new RelaySource(answer, inference.asked().model())));
    } catch (RuntimeException e) {
      answer.close();
      throw e;
    }
  }

  private static MutableHttpResponse<?> whole(HttpRequest<?> request, Upstream.Answer answer, ChatRequest asked)
      throws IOException, InterruptedException {
    Optional<Map<String, @Nullable Object>> body = object(answer.all(MAX_ANSWER));
    if (answer.isOk()) {
      return body.isPresent() && !asked.stream()
          ? Answers.ok(named(body.get(), asked.model()))
          : Answers.refused(request, Reason.PROVIDER_FAILED);
    }
    // A 401 would tell callers that their key for this node is wrong, which it isn't: the provider refused the node's.
    if (answer.status() < 400 || answer.status() == 401 || answer.status() == 403) {
      return Answers.refused(request, Reason.PROVIDER_FAILED);
    }
    boolean shaped = body.isPresent() && body.get().get("error") instanceof Map<?, ?>;
    Json error = shaped
        ? Json.of(body.get())
        : Answers.openAiError(answer.status(), Reason.PROVIDER_FAILED.title(), null, Reason.PROVIDER_FAILED.code());
    MutableHttpResponse<byte[]> passed =
        Answers.withStatus(answer.status(), error).contentType(MediaType.APPLICATION_JSON_TYPE);
    return Answers.error(passed, answer.status(), RequestIds.of(request));
  }

  private static Json named(Map<String, @Nullable Object> body, String model) {
    body.put("model", model);
    return Json.of(body);
  }

  private static Optional<Map<String, @Nullable Object>> object(byte[] bytes) {
    try {
      Object value = Json.read(new String(bytes, StandardCharsets.UTF_8));
      if (value instanceof Map<?, ?> members) {
        var copy = new TreeMap<String, @Nullable Object>();
        members.forEach((name, member) -> copy.put((String) name, member));
        return Optional.of(copy);
      }
    } catch (JsonException e) {
      // A provider may answer with whatever it likes.
    }
    return Optional.empty();
  }

  /** The same event under the name that the caller used, without reading it whole. */
  static String named(String data, String model) {
    return MODEL.matcher(data).replaceFirst(Matcher.quoteReplacement("\"model\":" + Json.of(model)));
  }
}
