package dev.holdfast.http.turns;

import dev.holdfast.application.turns.ExecutorTurns;
import dev.holdfast.application.turns.ExecutorWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Departure;
import dev.holdfast.http.Query;
import dev.holdfast.http.RefusalException;
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
import java.time.Duration;
import java.util.Map;

/** Where there is work for external executors, and the output that they make of it (spec T-90, T-93). */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class ExecutorWorkController {
  private final ExecutorWork work;
  private final ExecutorTurns turns;

  ExecutorWorkController(ExecutorWork work, ExecutorTurns turns) {
    this.work = work;
    this.turns = turns;
  }

  @Get("/executor/work")
  HttpResponse<?> work(Call call) throws InterruptedException {
    Duration wait = Duration.ofMillis(atMost(call.query(), "wait_ms", 0, ExecutorWork.MAX_WAIT.toMillis()));
    int limit = (int) atMost(call.query(), "limit", ExecutorWork.MAX_LIMIT, ExecutorWork.MAX_LIMIT);
    if (limit == 0) {
      throw Query.wrong("limit");
    }
    var by = new ExecutorWork.Asking(call.subject(), call.key().id());
    try (var _ = Departure.interrupts(call.request())) {
      return Answers.of(call.request(), work.await(by, limit, wait), ExecutorJson::work);
    }
  }

  private static long atMost(Query query, String name, int absent, long max) {
    Integer given = query.whole(name);
    if (given == null) {
      return absent;
    }
    if (given > max) {
      throw name.equals("limit")
          ? new RefusalException(
              new Outcome.Refused<>(Reason.LIMIT_TOO_LARGE, Map.of("requested", given, "max", max)))
          : Query.wrong(name);
    }
    return given;
  }

  @Post("/turns/{id}/output")
  HttpResponse<?> append(Call call, String id) {
    byte[] bytes = call.body();
    if (bytes.length > OutputBody.MAX_BYTES) {
      throw new RefusalException(Outcome.refused(Reason.BODY_TOO_LARGE, "max", OutputBody.MAX_BYTES));
    }
    OutputBody body = Bodies.read(bytes, OutputBody::read);
    return Answers.of(call.request(), turns.append(call.reach(), body.fence(), body.of(Call.turn(id))),
        ExecutorJson::of);
  }
}
