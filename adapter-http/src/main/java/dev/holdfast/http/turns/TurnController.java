package dev.holdfast.http.turns;

import dev.holdfast.application.turns.OutputFeed;
import dev.holdfast.application.turns.TurnCatalogue;
import dev.holdfast.application.workers.Listing;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Query;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.Streams;
import dev.holdfast.http.Wire;
import dev.holdfast.http.access.Call;
import dev.holdfast.http.workers.RuntimeName;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import org.jspecify.annotations.Nullable;

/** Turns, sessions and the output of turns. */
@Controller("/api/v1")
@ExecuteOn(TaskExecutors.BLOCKING)
@Produces(MediaType.ALL)
final class TurnController {
  private final TurnCatalogue turns;
  private final OutputFeed output;
  private final Streams streams;
  private final RuntimeName runtime;

  TurnController(TurnCatalogue turns, OutputFeed output, Streams streams, RuntimeName runtime) {
    this.turns = turns;
    this.output = output;
    this.streams = streams;
    this.runtime = runtime;
  }

  @Get("/workers/{id}/turns")
  HttpResponse<?> list(Call call, String id) {
    var page = new Listing(call.query().text("after"), call.query().whole("limit"));
    return Answers.of(call.request(), turns.list(call.runtime(), Call.worker(id), call.subject(), page),
        found -> Wire.page(found, TurnJson::of));
  }

  @Get("/turns/{id}")
  HttpResponse<?> show(Call call, String id) {
    return Answers.of(call.request(), turns.show(Call.turn(id), call.subject()), TurnJson::of);
  }

  @Get("/sessions/{id}")
  HttpResponse<?> session(Call call, String id) {
    return Answers.of(call.request(), turns.session(call.runtime(), Call.worker(id), call.subject()),
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
        output.read(turn, call.subject(), after, limit == null ? OutputFeed.MAX_LIMIT : limit);
    if (page instanceof Outcome.Done<OutputFeed.Page>(OutputFeed.Page found)) {
      if (found.records().isEmpty() && found.complete()) {
        return HttpResponse.noContent();
      }
      if (streamed) {
        String subject = call.subject();
        return streams.answer(call.request(), call.key().id(), () -> new OutputSource(output, turn, subject, after));
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
    return switch (output.lastAttempt(turn, call.subject())) {
      case Outcome.Done<OutputCursor>(OutputCursor at) -> at;
      case Outcome.Replayed<OutputCursor>(OutputCursor at) -> at;
      case Outcome.Refused<OutputCursor> refused -> throw new RefusalException(refused.as());
    };
  }
}
