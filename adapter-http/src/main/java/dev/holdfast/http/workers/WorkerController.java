package dev.holdfast.http.workers;

import dev.holdfast.application.workers.Listing;
import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.workers.CreateWorkerJson;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Wire;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Workers: creating, listing, showing, ending, and their transcripts. */
@Controller("/api/v1/workers")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class WorkerController {
  private final WorkerCatalogue workers;
  private final RuntimeName runtime;

  WorkerController(WorkerCatalogue workers, RuntimeName runtime) {
    this.workers = workers;
    this.runtime = runtime;
  }

  @Get
  HttpResponse<?> list(Call call) {
    var page = new Listing(call.query().text("after"), call.query().whole("limit"));
    WorkerStatus status = call.query().constant("status", WorkerStatus.class);
    return Answers.of(call.request(), workers.list(page, status, call.reach()),
        found -> Wire.page(found, summary -> WorkerJson.of(runtime.get(), summary)));
  }

  @Post
  HttpResponse<?> create(Call call) {
    return Answers.of(call.request(),
        workers.create(call.audited(), CreateWorkerJson.read(Bodies.json(call.body())), call.creator()),
        detail -> WorkerJson.of(runtime.get(), detail));
  }

  @Get("/{id}")
  HttpResponse<?> show(Call call, String id) {
    return Answers.of(call.request(), workers.show(call.runtime(), Call.worker(id), call.reach()),
        detail -> WorkerJson.of(runtime.get(), detail));
  }

  @Post("/{id}/stop")
  HttpResponse<?> stop(Call call, String id) {
    return end(call, Call.worker(id), LifecycleRules.Ending.STOP);
  }

  @Post("/{id}/cancel")
  HttpResponse<?> cancel(Call call, String id) {
    return end(call, Call.worker(id), LifecycleRules.Ending.CANCEL);
  }

  private HttpResponse<?> end(Call call, WorkerId worker, LifecycleRules.Ending ending) {
    return Answers.of(call.request(),
        workers.end(call.audited(), call.sender(worker), ending, Bodies.note(call.body())),
        ended -> WorkerJson.ack(runtime.get(), ended));
  }

  @Get("/{id}/transcript")
  HttpResponse<?> transcript(Call call, String id) {
    WorkerId worker = Call.worker(id);
    return Answers.of(call.request(), workers.transcript(call.runtime(), worker, call.reach(),
        call.query().position("start"), call.query().whole("limit")),
        view -> WorkerJson.of(runtime.get(), view, worker.value()));
  }
}
