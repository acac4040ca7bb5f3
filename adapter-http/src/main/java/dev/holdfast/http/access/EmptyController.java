package dev.holdfast.http.access;

import dev.holdfast.domain.Json;
import dev.holdfast.http.Answers;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Does nothing, behind all checks and behind none: what {@code bench} compares. It isn't there in any other node. */
@Controller("/api/v1/bench")
@Requires(property = "holdfast.bench", value = "true")
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class EmptyController {

  @Get("/checked")
  HttpResponse<byte[]> checked() {
    return Answers.ok(Json.EMPTY_OBJECT);
  }

  @Get("/unchecked")
  HttpResponse<byte[]> unchecked() {
    return Answers.ok(Json.EMPTY_OBJECT);
  }
}
