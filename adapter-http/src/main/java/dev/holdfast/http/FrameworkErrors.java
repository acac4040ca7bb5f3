package dev.holdfast.http;

import dev.holdfast.domain.Reason;
import io.micronaut.context.annotation.Primary;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import io.micronaut.http.server.exceptions.response.ErrorContext;
import io.micronaut.http.server.exceptions.response.ErrorResponseProcessor;
import jakarta.inject.Singleton;

/** Errors that the server itself finds, before or beside any route, told as every other refusal. */
@Singleton
@Primary
final class FrameworkErrors implements ErrorResponseProcessor<byte[]> {
  @Override
  public MutableHttpResponse<byte[]> processResponse(ErrorContext context, MutableHttpResponse<?> response) {
    return Answers.refused(context.getRequest(), reason(context, response.code()));
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
