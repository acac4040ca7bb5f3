package dev.holdfast.http.relay;

import dev.holdfast.application.relay.PublisherCare;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Wire;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.relay.providers.ProviderJson;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Publishers for those who own them or look after the node. */
@Controller("/api/v1/publishers")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class PublisherCareController {
  private final PublisherCare publishers;

  PublisherCareController(PublisherCare publishers) {
    this.publishers = publishers;
  }

  @Get
  HttpResponse<?> list(Call call) {
    return Answers.ok(Json.object("items",
        publishers.list(call.subject()).stream().map(PublisherCareController::publisher).toList()));
  }

  @Get("/{id}")
  HttpResponse<?> show(Call call, String id) {
    return Answers.of(call.request(), publishers.show(id, call.subject()), PublisherCareController::publisher);
  }

  @Post("/{id}/rotate")
  HttpResponse<?> rotate(Call call, String id) {
    Bodies.note(call.body());
    return Answers.of(call.request(), publishers.rotate(call.audited(), id, call.subject()), rotated -> Json.object(
        "publisher_id", rotated.publisher().id(), "publisher_secret", rotated.secret()));
  }

  @Delete("/{id}")
  HttpResponse<?> remove(Call call, String id) {
    return Answers.of(call.request(), publishers.remove(call.audited(), id, call.subject(), call.actor()),
        removed -> Json.object("publisher_id", removed.id()));
  }

  private static Json publisher(PublisherCare.Seen seen) {
    Publisher publisher = seen.publisher();
    return Json.object("publisher_id", publisher.id(), "owner", publisher.owner(), "label", publisher.label(),
        "created_at", Wire.at(publisher.createdAt()), "last_seen_at", Wire.at(publisher.lastSeenAt()), "links_opened",
        publisher.linksOpened(), "link", seen.link() == null ? "closed" : "open", "link_id", seen.link(),
        "heartbeat_age_s", seen.silent() == null ? null : seen.silent().toSeconds(), "in_flight", seen.inFlight(),
        "providers", seen.providers().stream().map(one -> ProviderJson.provider(one, false)).toList());
  }
}
