package dev.holdfast.http.integrity;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.nio.charset.StandardCharsets;

/** Metrics in Prometheus's text format. */
@Controller("/metrics")
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class MetricsController {
  private static final MediaType TEXT = MediaType.of("text/plain; version=0.0.4; charset=utf-8");
  private final Metrics metrics;

  MetricsController(Metrics metrics) {
    this.metrics = metrics;
  }

  @Get
  HttpResponse<?> text() {
    return HttpResponse.ok(metrics.text().getBytes(StandardCharsets.UTF_8)).contentType(TEXT);
  }
}
