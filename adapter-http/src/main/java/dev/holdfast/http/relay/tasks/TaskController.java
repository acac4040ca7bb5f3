package dev.holdfast.http.relay.tasks;

import dev.holdfast.application.relay.tasks.InferenceTasks;
import dev.holdfast.application.relay.tasks.TaskRing;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.KeptTasks;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Query;
import dev.holdfast.http.Streams;
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
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Calls that nobody waits for (spec relay §13). */
@Controller("/api/v1/inference-tasks")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class TaskController {
  private static final Pattern SEEN = Pattern.compile("([0-9]{1,9})\\.([0-9]{1,18})");

  private final InferenceTasks tasks;
  private final Streams streams;

  TaskController(InferenceTasks tasks, Streams streams) {
    this.tasks = tasks;
    this.streams = streams;
  }

  /** Whose tasks the caller knows: only admins know those of others. */
  private static @Nullable String owner(Call call) {
    return call.key().role() == Role.ADMIN ? call.subject() : call.caller().subject();
  }

  /** What was asked and answered is for who asked, and for keys that may read what others say (spec A-20). */
  private static boolean mayRead(Call call, InferenceTask task) {
    return call.showsContent() || task.owner().equals(call.caller().subject());
  }

  private static Json whole(Call call, InferenceTasks.Shown shown) {
    return TaskJson.whole(shown, mayRead(call, shown.task()));
  }

  @Post
  HttpResponse<?> submit(Call call) {
    KeptTasks.Draft draft = Bodies.read(call.body(), TaskBody::read);
    var caller = new KeptTasks.Caller(Viewer.of(call.key(), call.caller().subject()), call.key().id());
    return Answers.of(call.request(), tasks.submit(call.audited(), draft, caller, call.idempotencyKey()),
        shown -> whole(call, shown));
  }

  @Get
  HttpResponse<?> list(Call call) {
    var page = new Listing(call.query().text("after"), call.query().whole("limit"));
    TaskJson.Name state = call.query().constant("state", TaskJson.Name.class);
    return Answers.of(call.request(),
        tasks.list(page, task -> state == null || TaskJson.Name.of(task) == state, owner(call)),
        found -> Wire.page(found, TaskJson::brief));
  }

  @Get("/{id}")
  HttpResponse<?> show(Call call, String id) {
    return Answers.of(call.request(), tasks.show(id, owner(call)),
        shown -> whole(call, shown));
  }

  @Delete("/{id}")
  HttpResponse<?> cancel(Call call, String id) {
    return Answers.of(call.request(), tasks.cancel(call.audited(), id, owner(call)),
        shown -> whole(call, shown));
  }

  @Get("/{id}/stream")
  HttpResponse<?> follow(Call call, String id) {
    String last = call.request().getHeaders().get("Last-Event-ID");
    Matcher seen = SEEN.matcher(last == null || last.isEmpty() ? "0.0" : last);
    if (!seen.matches()) {
      throw Query.wrong("Last-Event-ID");
    }
    Outcome<InferenceTasks.Shown> known = tasks.show(id, owner(call));
    if (known instanceof Outcome.Done<InferenceTasks.Shown>(var shown) && !mayRead(call, shown.task())) {
      return Answers.refused(call.request(), Reason.CONTENT_NOT_ALLOWED);
    }
    return switch (tasks.follow(id, owner(call), Integer.parseInt(seen.group(1)), Long.parseLong(seen.group(2)))) {
      case Outcome.Refused<TaskRing.Reader> refused -> Answers.refused(call.request(), refused);
      case Outcome<TaskRing.Reader> found -> streams.answer(call.request(), call.key().id(),
          () -> new TaskSource(found.orThrow(), seen.group()));
    };
  }
}
