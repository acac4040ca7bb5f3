package dev.holdfast.http;

import dev.holdfast.domain.Reason;
import io.micronaut.context.annotation.Primary;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import io.micronaut.http.server.netty.NettyHttpRequest;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Errors that the server itself finds, before or beside any route, told as every other refusal. */
@Singleton
@Primary
final class FrameworkErrors implements ErrorResponseProcessor<byte[]> {
  @Override
  public MutableHttpResponse<byte[]> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
    HttpRequest<?> request = context.getRequest();
    return cause(request) instanceof RefusalException refused
        ? Answers.refused(request, refused.refusal())
        : Answers.refused(request, reason(context, response.code()));
  }

  /** What made the listener give up on the request, if it did. */
  private static @Nullable Throwable cause(HttpRequest<?> request) {
    return request instanceof NettyHttpRequest<?> netty ? netty.getNativeRequest().decoderResult().cause() : null;
  }

  private static Reason reason(ErrorContext context, int status) {
    return switch (status) {
      case 413 -> context.getRootCause().orElse(null) instanceof ContentLengthExceededException
          ? Reason.BODY_TOO_LARGE
          : Reason.HEADERS_TOO_LARGE;
      case 404 -> Reason.ROUTE_NOT_FOUND;
      case 405 -> Reason.METHOD_NOT_ALLOWED;
      case 415 -> Reason.UNSUPPORTED_MEDIA_TYPE;
      default -> status < 500 ? Reason.MALFORMED_REQUEST : Reason.INTERNAL;
    };
  }
}
