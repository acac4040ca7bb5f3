package dev.holdfast.http.integrity;

import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** Tells the metrics of each request that a route answered. A stream counts until its head. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class RequestTimes {
  private final Metrics metrics;

  RequestTimes(Metrics metrics) {
    this.metrics = metrics;
  }

  @ResponseFilter
  void answered(HttpRequest<?> request, MutableHttpResponse<?> response) {
    request.getAttribute(Call.ATTRIBUTE, Call.class).ifPresent(
        call -> metrics.answered(call.route(), response.code(), System.nanoTime() - call.began()));
  }
}
