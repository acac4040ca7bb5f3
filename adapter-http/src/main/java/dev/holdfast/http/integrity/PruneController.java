package dev.holdfast.http.integrity;

import dev.holdfast.application.integrity.Pruning;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/** Retention (spec I-90). */
@Controller("/api/v1/store/prune")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class PruneController {
  private final Pruning pruning;

  PruneController(Pruning pruning) {
    this.pruning = pruning;
  }

  @Post
  HttpResponse<?> prune(Call call) {
    PruneBody body = Bodies.read(call.body(), PruneBody::read);
    Outcome<Pruning.Result> outcome = body.dryRun()
        ? pruning.preview(body.request())
        : pruning.prune(call.audited(), body.request(), call.actor());
    return Answers.of(call.request(), outcome, result -> Json.object("dry_run", body.dryRun(), "counts",
        result.counts().json(), "from_id", result.range().fromId(), "to_id", result.range().toId()));
  }
}
