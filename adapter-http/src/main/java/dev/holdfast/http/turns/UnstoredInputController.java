package dev.holdfast.http.turns;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.access.Call;
import io.micronaut.context.annotation.Requires;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;

/**
 * Does all that {@link InputController#send} does but storing: what {@code bench} compares that with. It isn't there in any
 * other node.
 */
@Controller("/api/v1/bench/workers/{id}/inputs")
@Requires(property = "holdfast.bench", value = "true")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class UnstoredInputController {

  @Post
  HttpResponse<?> take(Call call, String id) {
    String key = call.idempotencyKey();
    WorkerId worker = Call.worker(id);
    InputDraft draft = Bodies.read(call.body(), members -> InputBody.read(members, key));
    return Answers.ok(Json.object("worker_id", worker.value(), "characters", draft.content().length()));
  }
}
