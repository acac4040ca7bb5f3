package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Wire;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Public providers, and the models that they serve. */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class ProviderController {
  private final Models models;
  private final UpstreamModels upstream;

  ProviderController(Models models, UpstreamModels upstream) {
    this.models = models;
    this.upstream = upstream;
  }

  @Get("/models")
  HttpResponse<?> listModels(Call call) {
    Models.Listed listed = models.list(call.key());
    return Answers.ok(Json.object("items",
        listed.providers().stream().map(p -> model(p, p.name().equals(listed.defaultModel()))).toList()));
  }

  @Put("/models/default")
  HttpResponse<?> makeDefault(Call call) {
    String name = Bodies.read(call.body(), members -> members.text("name"));
    return Answers.of(call.request(), models.makeDefault(call.audited(), name, call.actor()),
        provider -> model(provider, true));
  }

  private static Json model(Provider provider, boolean isDefault) {
    return Json.object("name", provider.name(), "default", isDefault, "size", 1, "active_count", 1, "available", true);
  }

  @Get("/providers")
  HttpResponse<?> list(Call call) {
    return Answers.ok(Json.object("items", models.list().providers().stream().map(p -> provider(p, call)).toList()));
  }

  @Post("/providers")
  HttpResponse<?> add(Call call) throws InterruptedException {
    ProviderBody wanted = Bodies.read(call.body(), ProviderBody::read);
    Outcome<String> model = model(wanted);
    Outcome<Provider> added = model instanceof Outcome.Refused<String> refused
        ? refused.as()
        : models.add(call.audited(), wanted.name(), wanted.url(), model.orThrow(), wanted.credential(),
            wanted.allowHttp(),
            call.actor());
    return Answers.of(call.request(), added, provider -> provider(provider, call));
  }

  private Outcome<String> model(ProviderBody wanted) throws InterruptedException {
    if (wanted.backendModel() != null) {
      return new Outcome.Done<>(wanted.backendModel());
    }
    Outcome<Provider> unnamed = wanted.unnamed();
    return unnamed instanceof Outcome.Refused<Provider> refused ? refused.as() : upstream.only(unnamed.orThrow());
  }

  @Delete("/providers/{name}")
  HttpResponse<?> remove(Call call, String name) {
    return Answers.of(call.request(), models.remove(call.audited(), name, call.actor()),
        provider -> provider(provider, call));
  }

  /** The address is for those alone who may set it (spec access §3). */
  private static Json provider(Provider provider, Call call) {
    boolean shown = call.showsAddresses();
    return Json.object("name", provider.name(), "kind", "public", "backend_model", provider.backendModel(), "url",
        shown ? provider.url() : null, "credential_ref", shown ? provider.credential() : null, "created_at",
        Wire.at(provider.createdAt()));
  }
}
