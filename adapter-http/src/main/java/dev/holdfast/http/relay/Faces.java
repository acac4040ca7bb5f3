package dev.holdfast.http.relay;

import dev.holdfast.application.access.InFlight;
import dev.holdfast.application.access.InFlight.Seat;
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

/** What OpenAI's clients ask of models and get from whoever serves them (spec relay §7). */
@Controller("/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class Faces {
  private final DirectCalls direct;
  private final InFlight inFlight;

  Faces(DirectCalls direct, InFlight inFlight) {
    this.direct = direct;
    this.inFlight = inFlight;
  }

  @Post("/chat/completions")
  HttpResponse<?> chat(Call call) throws InterruptedException {
    return answer(call, FaceRequest.read("/chat/completions", true, Bodies.json(call.body())));
  }

  @Post("/completions")
  HttpResponse<?> complete(Call call) throws InterruptedException {
    return answer(call, FaceRequest.read("/completions", true, Bodies.json(call.body())));
  }

  @Post("/embeddings")
  HttpResponse<?> embed(Call call) throws InterruptedException {
    return answer(call, FaceRequest.read("/embeddings", false, Bodies.json(call.body())));
  }

  private HttpResponse<?> answer(Call call, FaceRequest asked) throws InterruptedException {
    return switch (inFlight.enter(call.key().id(), call.key().limits().maxInFlight())) {
      case Outcome.Done<Seat>(Seat seat) -> direct.answer(new Inference(call, asked, seat));
      case Outcome.Replayed<Seat>(Seat seat) -> direct.answer(new Inference(call, asked, seat));
      case Outcome.Refused<Seat> refused -> Answers.refused(call.request(), refused);
    };
  }
}
