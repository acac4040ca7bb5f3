package dev.holdfast.http.relay.providers;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
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
        models.list(ProviderController.viewer(call)).stream().map(OpenAiModels::model).toList()));
  }

  @Get("/{id}")
  HttpResponse<?> show(Call call, String id) {
    return Answers.of(call.request(), models.resolve(id, ProviderController.viewer(call)), OpenAiModels::model);
  }

  private static Json model(Models.Model model) {
    long created = model.members().stream().mapToLong(one -> one.createdAt().getEpochSecond()).min().orElse(0);
    return Json.object("id", model.name(), "object", "model", "created", created, "owned_by", "holdfast", "holdfast",
        Json.object("available", model.isAvailable(), "providers", model.members().size()));
  }
}
