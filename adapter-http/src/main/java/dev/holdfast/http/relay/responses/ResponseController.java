package dev.holdfast.http.relay.responses;

import dev.holdfast.application.access.InFlight;
import dev.holdfast.application.access.InFlight.Seat;
import dev.holdfast.application.relay.Models;
import dev.holdfast.application.turns.responses.Responses;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.turns.responses.Response;
import dev.holdfast.domain.turns.responses.ResponseEvent;
import dev.holdfast.domain.turns.responses.ResponseId;
import dev.holdfast.domain.turns.responses.ResponseRules;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Departure;
import dev.holdfast.http.Query;
import dev.holdfast.http.StreamSource;
import dev.holdfast.http.Streams;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.relay.DirectCalls;
import dev.holdfast.http.relay.FaceRequest;
import dev.holdfast.http.relay.Inference;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Responses (spec ). */
@Controller("/v1/responses")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class ResponseController {
  /** Longer than a turn may run. */
  private static final Duration MAX_WAIT = Duration.ofHours(1);

  private final Responses responses;
  private final Models models;
  private final DirectCalls direct;
  private final Streams streams;
  private final InFlight inFlight;
  private final Ids ids;
  private final InstantSource clock;

  @SuppressWarnings("checkstyle:ParameterNumber")
  ResponseController(Responses responses, Models models, DirectCalls direct, Streams streams, InFlight inFlight,
      Ids ids,
      InstantSource clock) {
    this.responses = responses;
    this.models = models;
    this.direct = direct;
    this.streams = streams;
    this.inFlight = inFlight;
    this.ids = ids;
    this.clock = clock;
  }

  private static ResponseRules.Asking asking(Call call) {
    // The key of a repeated call has no meaning here: each call makes a response of its own.
    var caller = new WorkerRules.Caller(
        call.caller().subject(), call.key().id(), null, call.key().limits().models());
    return new ResponseRules.Asking(caller, reach(call));
  }

  /** An executor's own responses run in the node, so its reach is its subject's here. */
  private static Reach reach(Call call) {
    return Reach.of(call.subject());
  }

  @Post
  HttpResponse<?> create(Call call) throws InterruptedException {
    ResponseRequest asked = ResponseRequest.read(Bodies.json(call.body()));
    if (asked.kept() && asked.background() && !asked.streaming()) {
      return Answers.of(call.request(), made(call, asked), made -> ResponseJson.of(now(made)));
    }
    return switch (inFlight.enter(call.key().id(), call.key().limits().maxInFlight())) {
      case Outcome.Refused<Seat> refused -> Answers.refused(call.request(), refused);
      case Outcome<Seat> seat -> asked.kept() ? kept(call, asked, seat.orThrow()) : direct(call, asked, seat.orThrow());
    };
  }

  private Outcome<Response> made(Call call, ResponseRequest asked) {
    Responses.Wanted wanted = asked.wanted();
    Outcome<Models.Model> model =
        models.resolve(asked.model(), Viewer.of(call.key(), call.caller().subject()));
    return model instanceof Outcome.Refused<Models.Model> refused
        ? refused.as()
        : responses.create(wanted, asking(call));
  }

  private Responses.View now(Response made) {
    return responses.view(made.id().value(), Reach.ALL).orThrow();
  }

  /** Whoever leaves early ends nothing: the response goes on (spec R-53). */
  private HttpResponse<?> kept(Call call, ResponseRequest asked, Seat seat) throws InterruptedException {
    boolean goesOn = false;
    try {
      Outcome<Response> made = made(call, asked);
      if (made instanceof Outcome.Refused<Response> refused) {
        return Answers.refused(call.request(), refused);
      }
      Response response = made.orThrow();
      if (asked.streaming()) {
        var inference = new Inference(call, new FaceRequest(asked.model(), asked.direct()), seat);
        HttpResponse<?> answer = streams.answer(call.request(), call.key().id(),
            inference.seated(() -> new KeptSource(responses, response, -1)));
        goesOn = true;
        return answer;
      }
      try (var _ = Departure.interrupts(call.request())) {
        return Answers.ok(ResponseJson.of(responses.await(response, MAX_WAIT)));
      }
    } finally {
      if (!goesOn) {
        seat.close();
      }
    }
  }

  private HttpResponse<?> direct(Call call, ResponseRequest asked, Seat seat) throws InterruptedException {
    var head = new ResponseHead(ResponseId.fresh(ids), clock.instant(), asked.model(), asked.request(), null);
    boolean begun = false;
    try {
      var request = new FaceRequest(asked.model(), asked.direct());
      begun = true;
      return direct.answer(new Inference(call, request, seat), new DirectFace(head, asked.streaming()));
    } finally {
      if (!begun) {
        seat.close();
      }
    }
  }

  /** A chat completion told as a response. */
  private final class DirectFace implements DirectCalls.Face {
    private final ResponseHead head;
    private final boolean streaming;

    DirectFace(ResponseHead head, boolean streaming) {
      this.head = head;
      this.streaming = streaming;
    }

    @Override
    public @Nullable String whole(String text, Map<?, ?> body) {
      if (streaming || !(body.get("choices") instanceof List<?>)) {
        return null;
      }
      var answer = new DirectAnswer();
      answer.take(body, "message");
      answer.done();
      var ended = (ResponseEvent.Ended) answer.end().getLast();
      return ResponseJson.of(head, answer.standing(ended, clock.instant())).text();
    }

    @Override
    public StreamSource streamed(AnswerStream stream) {
      return new DirectSource(stream, head, clock);
    }
  }

  @Get("/{response_id}")
  HttpResponse<?> show(Call call, @PathVariable("response_id") String id) {
    if (!isTrue(call, "stream")) {
      return Answers.of(call.request(), responses.view(id, reach(call)), ResponseJson::of);
    }
    long after = call.query().text("starting_after") == null ? -1 : call.query().position("starting_after");
    return switch (responses.find(id, reach(call))) {
      case Outcome.Refused<Response> refused -> Answers.refused(call.request(), refused);
      case Outcome<Response> found -> responses.isReadable(found.orThrow())
          ? streams.answer(call.request(), call.key().id(), () -> new KeptSource(responses, found.orThrow(), after))
          : Answers.refused(call.request(), Outcome.invalid("stream"));
    };
  }

  private static boolean isTrue(Call call, String name) {
    String text = call.query().text(name);
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw Query.wrong(name);
    }
    return "true".equals(text);
  }

  /** In which a list is told; the newest is first where nothing is said. */
  private enum Order {
    ASC,
    DESC
  }

  @Get("/{response_id}/input_items")
  HttpResponse<?> inputItems(Call call, @PathVariable("response_id") String id) {
    boolean oldestFirst = call.query().constant("order", Order.class) == Order.ASC;
    return Answers.of(call.request(), responses.find(id, reach(call)),
        found -> ResponseJson.inputItems(found, oldestFirst));
  }

  /** Answers the response as it is then: a turn that is asked to cancel may take its time to end. */
  @Post("/{response_id}/cancel")
  HttpResponse<?> cancel(Call call, @PathVariable("response_id") String id) throws InterruptedException {
    byte[] body = call.body();
    if (body.length > 0) {
      Bodies.read(body, members -> members);
    }
    Outcome<Response> asked = responses.cancel(call.audited(), id, asking(call));
    if (asked instanceof Outcome.Refused<Response> refused) {
      return Answers.refused(call.request(), refused);
    }
    try (var _ = Departure.interrupts(call.request())) {
      return Answers.ok(ResponseJson.of(responses.await(asked.orThrow(), Responses.CANCEL_WAIT)));
    }
  }

  @Delete("/{response_id}")
  HttpResponse<?> delete(Call call, @PathVariable("response_id") String id) {
    return Answers.of(call.request(), responses.delete(call.audited(), id, asking(call)),
        gone -> Json.object("id", gone.id().value(), "object", "response", "deleted", true));
  }
}
