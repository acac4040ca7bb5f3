package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Link;
import dev.holdfast.application.relay.Links;
import dev.holdfast.application.relay.LiveTasks;
import dev.holdfast.application.relay.Publishers;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.VirtualProvider;
import dev.holdfast.domain.relay.publishers.Publisher;
import dev.holdfast.domain.relay.publishers.Registration;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskRules;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Query;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.Streams;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.relay.providers.ProviderJson;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What publishers say to the node, and the link over which it speaks to them (spec relay §13, §14). */
@Controller("/api/v1/publishers")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class PublisherController {
  static final String ID = "X-Holdfast-Publisher";
  static final String SECRET = "X-Holdfast-Publisher-Secret";

  private final Publishers publishers;
  private final Links links;
  private final LiveTasks tasks;
  private final Streams streams;

  PublisherController(Publishers publishers, Relay.Present present, Streams streams) {
    this.publishers = publishers;
    this.links = present.links();
    this.tasks = present.tasks();
    this.streams = streams;
  }

  @Post("/register")
  HttpResponse<?> register(Call call) {
    RegisterBody body = Bodies.read(call.body(), RegisterBody::read);
    var asked = new Registration(presented(call), call.caller().subject(), body.label(), body.entries());
    return Answers.of(call.request(), publishers.register(call.audited(), asked, call.actor()), done -> Json.object(
        "publisher_id", done.publisher().id(), "publisher_secret", done.secret(), "providers",
        done.providers().stream().map(one -> ProviderJson.provider(one, false)).toList()));
  }

  /** The newest link wins; it lives until either side closes it. */
  @Get("/link")
  HttpResponse<?> link(Call call) {
    Publisher publisher = publisher(call);
    // First: a link that there is no room for doesn't replace the one that there is.
    try (Streams.Room room = streams.room(call.key().id())) {
      return switch (publishers.bind(publisher, call.key().id())) {
        case Outcome.Refused<Link> refused -> Answers.refused(call.request(), refused);
        case Outcome<Link> bound -> stream(call, room, bound.orThrow());
      };
    }
  }

  private HttpResponse<?> stream(Call call, Streams.Room room, Link link) {
    boolean opened = false;
    try {
      HttpResponse<?> answer = streams.answer(call.request(), room, () -> new LinkSource(link, publishers));
      opened = true;
      return answer;
    } finally {
      if (!opened) {
        publishers.unbind(link);
      }
    }
  }

  @Post("/heartbeat")
  HttpResponse<?> heartbeat(Call call) {
    byte[] body = call.body();
    var statuses = body.length == 0 ? Map.<String, VirtualProvider.Status>of()
        : Bodies.read(body, RegisterBody::statuses);
    Publisher publisher = publisher(call);
    return Answers.of(call.request(), publishers.heartbeat(publisher, statuses), providers -> Json.object("providers",
        providers.stream().map(one -> ProviderJson.provider(one, false)).toList()));
  }

  @Post("/tasks/{id}/ack")
  HttpResponse<?> ack(Call call, String id) {
    PostBody.Ack ack = Bodies.read(call.body(), PostBody.Ack::read);
    Publisher publisher = publisher(call);
    var by = new TaskRules.Poster(publisher.id(), ack.epoch());
    Outcome<?> taken = switch (ack.kind()) {
      case RECEIVED -> tasks.received(id, by);
      case CANCELLED -> tasks.cancelled(id, by);
      case WOKEN -> publishers.woken(id, by);
    };
    return Answers.of(call.request(), taken, _ -> Json.EMPTY_OBJECT);
  }

  @Post("/tasks/{id}/result")
  HttpResponse<?> result(Call call, String id) throws InterruptedException {
    PostBody post = Bodies.read(call.body(), PostBody::read);
    Publisher publisher = publisher(call);
    var by = new TaskRules.Poster(publisher.id(), post.epoch());
    Outcome<?> taken = switch (post.content()) {
      case PostBody.Content.Chunks(List<Chunk> chunks) -> tasks.chunks(id, by, chunks);
      case PostBody.Content.Result(var whole) -> tasks.result(id, by, whole);
      case PostBody.Content.Failure(boolean transport, String note) -> failed(id, by, transport, note);
    };
    return Answers.of(call.request(), taken, _ -> Json.EMPTY_OBJECT);
  }

  /** Takes chunks while they come, and answers when there are no more or one isn't taken. */
  @Post("/tasks/{id}/chunks")
  HttpResponse<?> chunks(Call call, String id) throws InterruptedException {
    Publisher publisher = publisher(call);
    Integer epoch = call.query().whole("epoch");
    if (epoch == null) {
      throw Query.wrong("epoch");
    }
    var by = new TaskRules.Poster(publisher.id(), epoch);
    Outcome<InferenceTask> taken;
    try (var lines = new ChunkLines(call.request().byteBody().toInputStream())) {
      taken = taken(lines, id, by);
    }
    MutableHttpResponse<byte[]> answer = Answers.of(call.request(), taken, _ -> Json.EMPTY_OBJECT);
    // Who still sends reads no answer, but finds that it can't send any more.
    return taken instanceof Outcome.Refused<?> ? answer.header("Connection", "close") : answer;
  }

  private Outcome<InferenceTask> taken(ChunkLines lines, String id, TaskRules.Poster by) throws InterruptedException {
    try {
      Outcome<InferenceTask> taken = tasks.chunks(id, by, List.of());
      List<Chunk> next = List.of();
      do {
        next = taken instanceof Outcome.Refused<?> ? List.of() : lines.next();
        taken = next.isEmpty() ? taken : tasks.chunks(id, by, next);
      } while (!next.isEmpty());
      return taken;
    } catch (RefusalException e) {
      return e.refusal().as();
    }
  }

  /** Of an attempt, or of a wake. */
  private Outcome<?> failed(String id, TaskRules.Poster by, boolean transport, String note) {
    Outcome<?> woken = publishers.notWoken(id, by);
    return woken instanceof Outcome.Refused<?>
        ? tasks.failed(id, by, transport, Reason.PROVIDER_FAILED, note)
        : woken;
  }

  private static Registration.@Nullable Presented presented(Call call) {
    String id = call.request().getHeaders().get(ID);
    String secret = call.request().getHeaders().get(SECRET);
    return id == null && secret == null ? null
        : new Registration.Presented(id == null ? "" : id, secret == null ? "" : secret);
  }

  private Publisher publisher(Call call) {
    Registration.Presented as = presented(call);
    Outcome<Publisher> known =
        as == null ? Outcome.refused(Reason.INVALID_PUBLISHER) : publishers.known(as, call.caller().subject());
    if (known instanceof Outcome.Refused<Publisher> refused) {
      throw new RefusalException(refused.as());
    }
    links.heard(known.orThrow().id());
    return known.orThrow();
  }
}
