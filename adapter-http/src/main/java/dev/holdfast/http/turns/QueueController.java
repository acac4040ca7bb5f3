package dev.holdfast.http.turns;

import dev.holdfast.application.turns.WorkQueues;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Query;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.Wire;
import dev.holdfast.http.access.Call;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Delete;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Set;

/** Sending wakes and commands to workers, looking at them and taking them back. */
@Controller("/api/v1/workers/{id}")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class QueueController {
  private static final Set<String> STATES = Set.of("waiting", "completed", "cancelled");

  private final WorkQueues queues;

  QueueController(WorkQueues queues) {
    this.queues = queues;
  }

  /** The caller's idempotency key is the batch's source key. */
  @Post("/wakes")
  HttpResponse<?> wake(Call call, String id) {
    String key = call.idempotencyKey();
    WorkerId worker = Call.worker(id);
    return enqueue(call, worker, Bodies.read(call.body(), members -> QueueBody.wake(members, key)));
  }

  @Post("/commands")
  HttpResponse<?> command(Call call, String id) {
    String key = call.idempotencyKey();
    WorkerId worker = Call.worker(id);
    return enqueue(call, worker, Bodies.read(call.body(), members -> QueueBody.command(members, key)));
  }

  private HttpResponse<?> enqueue(Call call, WorkerId worker, BatchDraft draft) {
    return Answers.of(call.request(), queues.enqueue(call.audited(), call.sender(worker), draft),
        batch -> shown(call, batch));
  }

  private static Json shown(Call call, Batch batch) {
    return QueueJson.of(batch, call.showsContent());
  }

  @Get("/queue")
  HttpResponse<?> list(Call call, String id) {
    String state = call.query().text("state");
    if (state != null && !STATES.contains(state)) {
      throw Query.wrong("state");
    }
    var page = new Listing(call.query().text("after"), call.query().whole("limit"));
    return Answers.of(call.request(), queues.list(call.runtime(), Call.worker(id), call.reach(), state, page),
        found -> Wire.page(found, batch -> shown(call, batch)));
  }

  @Delete("/queue/{batch_id}")
  HttpResponse<?> cancel(Call call, String id, @PathVariable("batch_id") String batch) {
    return Answers.of(call.request(),
        queues.cancel(call.audited(), call.sender(Call.worker(id)), parsed(batch)), found -> shown(call, found));
  }

  /** No batch has a name of another form, so such a name is an unknown one. */
  private static BatchId parsed(String text) {
    try {
      return BatchId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RefusalException(Reason.BATCH_NOT_FOUND);
    }
  }
}
