package dev.holdfast.http.access.checks;

import dev.holdfast.domain.Reason;
import dev.holdfast.http.access.Route;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;

/** The head announces a body that the route may read (spec ). What the body is shows when the route reads it. */
final class AcceptedBody implements Check {
  private static final long MAX_BODY = 10L << 20;

  @Override
  public Verdict judge(Arrival arrival) {
    HttpRequest<?> request = arrival.request();
    Route route = arrival.route();
    long length = request.getContentLength();
    boolean hasBody = length > 0 || request.getHeaders().contains("Transfer-Encoding");
    if (route.request() == null || (!hasBody && !route.bodyRequired())) {
      return Verdict.PASSED;
    }
    String wanted = route.is(Route.Trait.LINES) ? Route.LINES_TYPE : MediaType.APPLICATION_JSON;
    boolean readable = request.getContentType().filter(type -> type.getName().equals(wanted)).isPresent();
    if (!readable || request.getHeaders().contains("Content-Encoding")) {
      return Verdict.refused(Reason.UNSUPPORTED_MEDIA_TYPE);
    }
    return Verdict.refusedUnless(length <= MAX_BODY, Reason.BODY_TOO_LARGE);
  }
}
