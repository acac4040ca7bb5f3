package dev.holdfast.http.turns;

import dev.holdfast.application.turns.OutputFeed;
import dev.holdfast.application.turns.TurnCancels;
import dev.holdfast.application.turns.TurnCatalogue;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Bodies;
import dev.holdfast.http.Departure;
import dev.holdfast.http.Query;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.Streams;
import dev.holdfast.http.Wire;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.workers.RuntimeName;
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
import org.jspecify.annotations.Nullable;

/** Turns and cancelling them, sessions, and the output of turns. */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
@Consumes(MediaType.ALL)
@Produces(MediaType.ALL)
final class TurnController {
  private final TurnCatalogue turns;
  private final TurnCancels cancels;
  private final OutputFeed output;
  private final Streams streams;
  private final RuntimeName runtime;

  TurnController(
      TurnCatalogue turns, TurnCancels cancels, OutputFeed output, Streams streams, RuntimeName runtime) {
    this.turns = turns;
    this.cancels = cancels;
    this.output = output;
    this.streams = streams;
    this.runtime = runtime;
  }

  @Get("/workers/{id}/turns")
  HttpResponse<?> list(Call call, String id) {
    var page = new Listing(call.query().text("after"), call.query().whole("limit"));
    return Answers.of(call.request(), turns.list(call.runtime(), Call.worker(id), call.reach(), page),
        found -> Wire.page(found, TurnJson::of));
  }

  @Get("/turns/{id}")
  HttpResponse<?> show(Call call, String id) {
    return Answers.of(call.request(), turns.detail(Call.turn(id), call.reach()), TurnJson::of);
  }

  /** Answers at once, or when the request has come to the stage that the caller waits for, or as it is after that time. */
  @Post("/turns/{id}/cancel")
  HttpResponse<?> cancel(Call call, String id) throws InterruptedException {
    Cancel.Stage stage = call.query().constant("wait", Cancel.Stage.class);
    Integer given = call.query().whole("timeout_ms");
    Duration atMost = given == null ? TurnCancels.MAX_WAIT : Duration.ofMillis(given);
    if (atMost.compareTo(TurnCancels.MAX_WAIT) > 0) {
      throw Query.wrong("timeout_ms");
    }
    String note = Bodies.note(call.body());
    TurnId turn = Call.turn(id);
    var by = new CancelRules.Asking(call.subject(), call.actor(), note);
    Outcome<CancelRules.Requested> outcome = cancels.request(call.audited(), turn, by);
    if (stage == null || outcome instanceof Outcome.Refused<CancelRules.Requested>) {
      return Answers.of(call.request(), outcome, TurnJson::of);
    }
    try (var _ = Departure.interrupts(call.request())) {
      Turn after = cancels.await(turn, call.key().id(), stage, atMost);
      return Answers.of(call.request(),
          outcome.map(asked -> new CancelRules.Requested(after, asked.control())), TurnJson::of);
    }
  }

  @Get("/sessions/{id}")
  HttpResponse<?> session(Call call, String id) {
    return Answers.of(call.request(), turns.session(call.runtime(), Call.worker(id), call.reach()),
        view -> TurnJson.of(runtime.get(), view));
  }

  /** One page, or everything from the cursor to the end for those who ask for an event stream. */
  @Get("/turns/{id}/output")
  HttpResponse<?> output(Call call, String id) {
    TurnId turn = Call.turn(id);
    OutputCursor after = cursor(call, turn);
    boolean streamed = call.asksForStream();
    Integer limit = call.query().whole("limit");
    Outcome<OutputFeed.Page> page =
        output.read(turn, call.reach(), after, limit == null ? OutputFeed.MAX_LIMIT : limit);
    if (page instanceof Outcome.Done<OutputFeed.Page>(OutputFeed.Page found)) {
      if (found.records().isEmpty() && found.complete() && found.gap() == null) {
        return HttpResponse.noContent();
      }
      if (streamed) {
        Reach reach = call.reach();
        return streams.answer(call.request(), call.key().id(), () -> new OutputSource(output, turn, reach, after));
      }
    }
    return Answers.of(call.request(), page, TurnJson::of);
  }

  /** Where the reader's last event was goes before {@code after}, and both before {@code attempts=last}. */
  private OutputCursor cursor(Call call, TurnId turn) {
    String last = call.request().getHeaders().get("Last-Event-ID");
    String text = last == null ? call.query().text("after") : last;
    if (text != null) {
      return OutputCursor.parse(text).orElseThrow(() -> new RefusalException(Reason.CURSOR_MALFORMED));
    }
    @Nullable String attempts = call.query().text("attempts");
    if (attempts == null || attempts.equals("all")) {
      return OutputCursor.START;
    }
    if (!attempts.equals("last")) {
      throw Query.wrong("attempts");
    }
    return switch (output.lastAttempt(turn, call.reach())) {
      case Outcome.Done<OutputCursor>(OutputCursor at) -> at;
      case Outcome.Replayed<OutputCursor>(OutputCursor at) -> at;
      case Outcome.Refused<OutputCursor> refused -> throw new RefusalException(refused.as());
    };
  }
}
