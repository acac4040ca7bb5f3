package dev.holdfast.http.relay.providers;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.relay.upstream.UpstreamModels;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Patch;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.http.annotation.Put;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;

/** Models, and the providers that serve them. */
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

  /** Those who look after the node see every model; a publisher those that it serves, too. */
  static Viewer viewer(Call call) {
    return switch (call.key().role()) {
      case OPERATOR, OBSERVER -> new Viewer(call.caller().subject(), call.key().limits().models(), true);
      case ADMIN, PUBLISHER, CONSUMER, EXECUTOR -> Viewer.of(call.key(), call.caller().subject());
    };
  }

  @Get("/models")
  HttpResponse<?> listModels(Call call) {
    List<Models.Model> all = models.list(viewer(call));
    boolean own = call.key().role() == Role.PUBLISHER;
    return Answers.ok(Json.object("items", all.stream().filter(model -> !own || isOwn(call, model))
        .map(ProviderJson::model).toList()));
  }

  private static boolean isOwn(Call call, Models.Model model) {
    return model.members().stream().anyMatch(member -> member.owner().equals(call.caller().subject()));
  }

  @Get("/models/{name}")
  HttpResponse<?> showModel(Call call, String name) {
    return Answers.of(call.request(), models.resolve(name, viewer(call)), ProviderJson::model);
  }

  @Get("/models/{name}/providers")
  HttpResponse<?> providersOf(Call call, String name) {
    return Answers.of(call.request(), models.resolve(name, viewer(call)), model -> Json.object("items",
        model.members().stream().map(one -> ProviderJson.provider(one, call.showsAddresses())).toList()));
  }

  @Put("/models/default")
  HttpResponse<?> makeDefault(Call call) {
    String name = Bodies.read(call.body(), members -> members.text("name"));
    return Answers.of(call.request(), models.makeDefault(call.audited(), name, call.actor()),
        model -> ProviderJson.model(models.resolve(model, viewer(call)).orThrow()));
  }

  @Get("/providers")
  HttpResponse<?> list(Call call) {
    return Answers.ok(Json.object("items", models.providers().stream()
        .map(one -> ProviderJson.provider(one, call.showsAddresses())).toList()));
  }

  @Post("/providers")
  HttpResponse<?> add(Call call) throws InterruptedException {
    ProviderBody wanted = Bodies.read(call.body(), ProviderBody::read);
    Outcome<String> model = model(wanted);
    Outcome<PublicProvider> added = model instanceof Outcome.Refused<String> refused
        ? refused.as()
        : models.add(call.audited(), wanted.wanted(model.orThrow(), call.caller().subject()), call.actor());
    return Answers.of(call.request(), added, one -> ProviderJson.provider(one, call.showsAddresses()));
  }

  private Outcome<String> model(ProviderBody wanted) throws InterruptedException {
    if (!wanted.offer().backendModel().isEmpty()) {
      return new Outcome.Done<>(wanted.offer().backendModel());
    }
    Outcome<PublicProvider> unnamed = wanted.unnamed();
    return unnamed instanceof Outcome.Refused<PublicProvider> refused
        ? refused.as()
        : upstream.only(unnamed.orThrow());
  }

  /** Whoever is no admin may say whether the provider may be chosen, and nothing else. */
  @Patch("/providers/{name}")
  HttpResponse<?> change(Call call, String name) {
    ProviderPatch patch = Bodies.read(call.body(), ProviderPatch::read);
    Outcome<Provider> changed = patch.isOfEnabledAlone()
        ? models.enable(call.audited(), name, patch.isEnabling(), call.actor())
        : models.change(call.audited(), name, call.ifMatch(), patch.allowHttp(), patch.requireAdmin(call)::of,
            call.actor());
    return Answers.of(call.request(), changed, one -> ProviderJson.provider(one, call.showsAddresses()));
  }

  /** For clients that have no PATCH. */
  @Post("/providers/{name}")
  HttpResponse<?> changeByPost(Call call, String name) {
    return change(call, name);
  }

  @Post("/providers/{name}/transfer")
  HttpResponse<?> transfer(Call call, String name) {
    String to = Bodies.read(call.body(), members -> members.text("to_subject"));
    return Answers.of(call.request(), models.transfer(call.audited(), name, to),
        one -> ProviderJson.provider(one, call.showsAddresses()));
  }

  @Delete("/providers/{name}")
  HttpResponse<?> remove(Call call, String name) {
    String owner = call.isAdmin() ? null : call.caller().subject();
    return Answers.of(call.request(), models.remove(call.audited(), name, owner, call.actor()),
        one -> ProviderJson.provider(one, call.showsAddresses()));
  }
}
