package dev.holdfast.http.events;

import dev.holdfast.application.events.EventFeed;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.events.EventBatch;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Query;
import dev.holdfast.http.Streams;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** The feed, as pages and as a stream. */
@Controller("/api/v1/events")
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class EventController {
  private final EventFeed feed;
  private final Streams streams;

  EventController(EventFeed feed, Streams streams) {
    this.feed = feed;
    this.streams = streams;
  }

  @Get
  HttpResponse<?> page(Call call) {
    Outcome<EventBatch> batch = feed.read(wanted(call, call.query().text("cursor")), call.query().whole("limit"));
    return Answers.of(call.request(), batch, EventJson::of);
  }

  @Get("/cursor")
  HttpResponse<?> cursor(Call call) {
    String at = call.query().text("at");
    return Answers.ok(Json.object("cursor", switch (at == null ? "start" : at) {
      case "start" -> feed.start().text();
      case "now" -> feed.now().text();
      default -> throw Query.wrong("at");
    }));
  }

  @Get("/stream")
  HttpResponse<?> stream(Call call) {
    String last = call.request().getHeaders().get("Last-Event-ID");
    EventFeed.Wanted wanted = wanted(call, last == null ? call.query().text("cursor") : last);
    // A page of nothing finds a wrong cursor while there can still be a refusal.
    return feed.read(wanted, 0) instanceof Outcome.Refused<EventBatch> refused
        ? Answers.refused(call.request(), refused)
        : streams.answer(call.request(), call.key().id(), () -> new FeedSource(feed, wanted));
  }

  private static EventFeed.Wanted wanted(Call call, @Nullable String cursor) {
    return new EventFeed.Wanted(call.runtime(), cursor, call.workerInQuery(), call.reach());
  }
}
