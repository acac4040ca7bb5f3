package dev.holdfast.http.workers;

import dev.holdfast.application.workers.Listing;
import dev.holdfast.application.workers.RuntimeCatalogue;
import dev.holdfast.domain.workers.Diagnostic;
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

/** The runtime as a whole. */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class RuntimeController {
  private final RuntimeCatalogue catalogue;
  private final RuntimeName runtime;

  RuntimeController(RuntimeCatalogue catalogue, RuntimeName runtime) {
    this.catalogue = catalogue;
    this.runtime = runtime;
  }

  @Get("/runtime")
  HttpResponse<?> show() {
    return Answers.ok(WorkerJson.of(catalogue.summary()));
  }

  @Post("/runtime/stop")
  HttpResponse<?> stop(Call call) {
    return Answers.of(call.request(), catalogue.stop(call.audited(), call.actor(), Bodies.note(call.body())),
        WorkerJson::ack);
  }

  @Post("/runtime/start")
  HttpResponse<?> start(Call call) {
    return Answers.of(call.request(), catalogue.start(call.audited(), call.actor(), Bodies.note(call.body())),
        WorkerJson::ack);
  }

  @Get("/diagnostics")
  HttpResponse<?> diagnostics(Call call) {
    var page = new Listing(call.query().text("after"), call.query().whole("limit"));
    Diagnostic.Severity severity = call.query().constant("severity", Diagnostic.Severity.class);
    return Answers.of(call.request(), catalogue.diagnostics(page, severity, call.workerInQuery()),
        found -> Wire.page(found, diagnostic -> WorkerJson.of(runtime.get(), diagnostic)));
  }
}
