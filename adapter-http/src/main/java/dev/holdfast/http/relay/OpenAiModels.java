package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.http.Answers;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** The models as OpenAI's clients list them (spec relay §7). */
@Controller("/v1/models")
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class OpenAiModels {
  private final Models models;

  OpenAiModels(Models models) {
    this.models = models;
  }

  @Get
  HttpResponse<?> list(Call call) {
    return Answers.ok(Json.object("object", "list", "data",
        models.list(call.key()).providers().stream().map(OpenAiModels::model).toList()));
  }

  @Get("/{id}")
  HttpResponse<?> show(Call call, String id) {
    Outcome<Provider> found = models.resolve(id, call.key());
    return Answers.of(call.request(), found, OpenAiModels::model);
  }

  private static Json model(Provider provider) {
    return Json.object("id", provider.name(), "object", "model", "created", provider.createdAt().getEpochSecond(),
        "owned_by", "holdfast", "holdfast", Json.object("available", true, "providers", 1));
  }
}
