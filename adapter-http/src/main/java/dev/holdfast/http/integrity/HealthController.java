package dev.holdfast.http.integrity;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.http.Answers;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;

/** Health for whoever asks: no more than a status and a reason (spec A-45). */
@Controller("/health")
@Produces(MediaType.ALL)
final class HealthController {
  private static final Json UP = Json.object("status", "up");
  private final NodeState node;

  HealthController(NodeState node) {
    this.node = node;
  }

  @Get("/liveness")
  HttpResponse<?> liveness() {
    return Answers.ok(UP);
  }

  @Get("/readiness")
  HttpResponse<?> readiness() {
    Reason reason = node.readiness();
    boolean ready = reason.kind() == Reason.Kind.OK;
    Json body = Json.object("status", ready ? "ready" : "not_ready", "reason", reason.code());
    return ready
        ? Answers.ok(body)
        : Answers.withStatus(503, body).contentType(MediaType.APPLICATION_JSON_TYPE)
            .header("Cache-Control", "no-store").header("Retry-After", "5");
  }
}
