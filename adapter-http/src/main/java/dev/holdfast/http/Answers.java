package dev.holdfast.http;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the node answers: JSON, or a problem in the shape that the route's family has (spec ). */
public final class Answers {
  private static final MediaType PROBLEM = MediaType.of("application/problem+json");
  private static final String REFUSAL = "holdfast.refusal";
  /** Where nothing is known of the wait (spec A-13). */
  private static final String RETRY_AFTER_S = "5";

  private Answers() {}

  public static MutableHttpResponse<byte[]> ok(Json json) {
    return json(json.text());
  }

  /** @param text JSON that somebody else wrote */
  public static MutableHttpResponse<byte[]> json(String text) {
    return HttpResponse.ok(text.getBytes(StandardCharsets.UTF_8)).contentType(MediaType.APPLICATION_JSON_TYPE);
  }

  /** The value as JSON, or why there is none. A replay says that it is one (spec A-7). */
  public static <T> MutableHttpResponse<byte[]> of(
      HttpRequest<?> request, Outcome<T> outcome, Function<? super T, Json> json) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> ok(json.apply(value));
      case Outcome.Replayed<T>(T value) -> ok(json.apply(value)).header("Idempotency-Replayed", "true");
      case Outcome.Refused<T> refused -> refused(request, refused);
    };
  }

  public static MutableHttpResponse<byte[]> refused(HttpRequest<?> request, Reason reason) {
    return refused(request, Outcome.refused(reason));
  }

  public static MutableHttpResponse<byte[]> refused(HttpRequest<?> request, Outcome.Refused<?> refusal) {
    Reason reason = refusal.reason();
    request.setAttribute(REFUSAL, reason);
    int status = Statuses.of(refusal);
    boolean openAi = isOpenAi(request);
    Json body = openAi
        ? openAiError(status, reason.title(), text(refusal.facts().get("field")), reason.code())
        : problem(request, status, refusal);
    MutableHttpResponse<byte[]> answer = withStatus(status, body)
        .contentType(openAi ? MediaType.APPLICATION_JSON_TYPE : PROBLEM);
    return error(answer, status, RequestIds.of(request), text(refusal.facts().get("retry_after_s")));
  }

  /** Why the request was refused, if it was. */
  public static Optional<Reason> refusal(HttpRequest<?> request) {
    return request.getAttribute(REFUSAL, Reason.class);
  }

  /** What every error answer has beside its body. */
  public static <T> MutableHttpResponse<T> error(MutableHttpResponse<T> answer, int status, String requestId) {
    return error(answer, status, requestId, null);
  }

  private static <T> MutableHttpResponse<T> error(
      MutableHttpResponse<T> answer, int status, String requestId, @Nullable String retryAfter) {
    answer.header(RequestIds.HEADER, requestId).header("Cache-Control", "no-store");
    if (status == 429 || status == 503) {
      answer.header("Retry-After", retryAfter == null ? RETRY_AFTER_S : retryAfter);
    }
    if (status == 401) {
      answer.header("WWW-Authenticate", "Bearer");
    }
    return answer;
  }

  /** The faces under {@code /v1} speak to OpenAI's clients, which know one error shape. */
  public static boolean isOpenAi(HttpRequest<?> request) {
    return request.getPath().startsWith("/v1/");
  }

  public static MutableHttpResponse<byte[]> withStatus(int status, Json body) {
    // Micronaut's own list of statuses has not all of them.
    MutableHttpResponse<byte[]> answer = HttpResponse.status(status, HttpStatusText.of(status));
    return answer.body(bytes(body));
  }

  private static Json problem(HttpRequest<?> request, int status, Outcome.Refused<?> refusal) {
    Reason reason = refusal.reason();
    Map<String, @Nullable Object> members = new TreeMap<>(refusal.facts());
    members.put("type", "urn:holdfast:problem:" + reason.code());
    members.put("title", reason.title());
    members.put("status", status);
    members.put("reason", reason.code());
    members.put("instance", "urn:holdfast:request:" + RequestIds.of(request));
    return Json.of(members);
  }

  /** Spec A-5. The members {@code param} and {@code code} are there also when they are null, as OpenAI has them. */
  public static Json openAiError(int status, String message, @Nullable String param, @Nullable String code) {
    Map<String, @Nullable Object> error = new TreeMap<>();
    error.put("message", message);
    error.put("type", openAiType(status));
    error.put("param", param);
    error.put("code", code);
    return Json.object("error", error);
  }

  private static String openAiType(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 409 -> "conflict_error";
      case 429 -> "rate_limit_error";
      default -> status >= 500 ? "server_error" : "invalid_request_error";
    };
  }

  private static @Nullable String text(@Nullable Object fact) {
    return fact == null ? null : fact.toString();
  }

  private static byte[] bytes(Json json) {
    return json.text().getBytes(StandardCharsets.UTF_8);
  }

  /** The reason phrases that {@link HttpStatus} lacks don't matter to clients, but there has to be one. */
  private static final class HttpStatusText {
    static String of(int status) {
      try {
        return HttpStatus.getDefaultReason(status);
      } catch (IllegalArgumentException e) {
        return "Status " + status;
      }
    }
  }
}
